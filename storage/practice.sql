-- name: training
-- Training items, never met ones first. <> 'work' leads SQLite to the small index of items.
SELECT i.id AS item_id, i.gold, NULL AS given, NULL AS confidence FROM items AS i
WHERE i.project_id = :project_id AND i.use = 'training' AND i.use <> 'work'
ORDER BY (SELECT COALESCE(MAX(a.attempt), 0) FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id), i.id
LIMIT :most;

-- name: settled
-- Items that others settled clearly and this student has not met; by id, that is at random.
SELECT i.id AS item_id, b.label AS gold, b.given, b.confidence FROM beliefs AS b JOIN items AS i ON i.id = b.item_id
WHERE b.project_id = :project_id AND b.question = :question AND (b.state = 'settled' OR b.state = 'adjudicated')
    AND b.label IS NOT NULL AND b.confidence >= :confidence AND b.given >= :given AND i.use = 'work'
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id LIMIT 1) IS NULL
ORDER BY b.item_id LIMIT :most;

-- name: add!
INSERT INTO practice_items (pause_id, place, item_id, gold, given, confidence)
VALUES (:pause_id, :place, :item_id, :gold, :given, :confidence);

-- name: next^
SELECT p.pause_id, p.place, p.item_id, s.number + 1 AS attempt, p.token
FROM pauses AS s JOIN practice_items AS p ON p.pause_id = s.id
WHERE s.person_id = :person_id AND s.project_id = :project_id AND s.state = 'open' AND p.correct IS NULL ORDER BY p.place LIMIT 1;

-- name: set_token!
UPDATE practice_items SET token = :token WHERE pause_id = :pause_id AND place = :place;

-- name: of_token^
SELECT p.pause_id, p.place, s.practice AS of, p.gold, p.given, p.confidence
FROM practice_items AS p JOIN pauses AS s ON s.id = p.pause_id WHERE p.token = :token;

-- name: answer!
UPDATE practice_items SET correct = :correct WHERE pause_id = :pause_id AND place = :place;

-- name: done^
SELECT CAST(COUNT(correct) AS BIGINT) AS answered, CAST(COALESCE(SUM(correct), 0) AS BIGINT) AS correct
FROM practice_items WHERE pause_id = :pause_id;
