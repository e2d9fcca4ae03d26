-- name: next_urgent
-- The most urgent items under way that the student has not met, among the first few.
SELECT r.id AS place, r.item_id
FROM (SELECT id, item_id, urgency FROM returned WHERE project_id = :project_id ORDER BY urgency DESC, item_id LIMIT :among) AS r
WHERE (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = r.item_id LIMIT 1) IS NULL
ORDER BY r.urgency DESC, r.item_id LIMIT :most;

-- name: next_returned
-- Slots of items under way, read on from the student's cursor.
SELECT r.id AS place, r.item_id
FROM returned AS r
WHERE r.project_id = :project_id AND r.id > :cursor
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = r.item_id LIMIT 1) IS NULL
ORDER BY r.id LIMIT :most;

-- name: last_returned$
SELECT MAX(id) FROM returned WHERE project_id = :project_id;

-- name: take_returned!
DELETE FROM returned WHERE id = :id;

-- name: next_queued
SELECT q.item_id AS place, q.item_id
FROM queue AS q
WHERE q.project_id = :project_id AND q.item_id > :cursor
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = q.item_id LIMIT 1) IS NULL
ORDER BY q.item_id LIMIT :most;

-- name: take_from_queue$
-- A fresh item is under way from its first lease on.
DELETE FROM queue WHERE project_id = :project_id AND item_id = :item_id RETURNING slots;

-- name: slots$
SELECT slots FROM queue WHERE project_id = :project_id AND item_id = :item_id;

-- name: next_gold
-- Gold that is neither in doubt nor worn out. The conditions are those of its index, word for word.
SELECT i.id AS place, i.id AS item_id
FROM items AS i
WHERE i.project_id = :project_id AND i.use = 'gold' AND i.frozen_ms IS NULL AND i.retired_ms IS NULL AND i.id > :cursor
    AND (:cap = 0 OR i.exposure < :cap)
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id LIMIT 1) IS NULL
ORDER BY i.id LIMIT :most;

-- name: next_qualifying^
-- Training and exam: items never met come first, then those met longest ago; of those, what was made
-- of a calibration round, since it confused most. Here and below, <> 'work' leads SQLite to the index that holds
-- all but the work items.
SELECT i.id AS place, i.id AS item_id
FROM items AS i
WHERE i.project_id = :project_id AND i.use = :use AND i.use <> 'work'
    AND (SELECT 1 FROM assignments AS a
         WHERE a.person_id = :person_id AND a.item_id = i.id AND a.attempt = :attempt LIMIT 1) IS NULL
ORDER BY (SELECT COALESCE(MAX(a.attempt), 0) FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id),
    CASE WHEN (SELECT 1 FROM round_items AS r WHERE r.training_item_id = i.id LIMIT 1) IS NULL THEN 1 ELSE 0 END, i.id
LIMIT 1;

-- name: gold_count$
SELECT COUNT(*) FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work';

-- name: gold_at$
SELECT id FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work' ORDER BY id LIMIT 1 OFFSET :place;

-- name: give_back!
-- As urgent as the item was when it was last answered; one that nobody answered yet comes after those.
INSERT INTO returned (project_id, item_id, urgency)
VALUES (:project_id, :item_id, COALESCE((SELECT MAX(b.urgency) FROM beliefs AS b WHERE b.item_id = :item_id), 0));

-- name: take_back!
-- One slot that nobody took yet.
DELETE FROM returned WHERE id = (SELECT MAX(r.id) FROM returned AS r WHERE r.item_id = :item_id);

-- name: returned_slots$
SELECT COUNT(*) FROM returned WHERE item_id = :item_id;

-- name: clear_returned!
DELETE FROM returned WHERE item_id = :item_id;

-- name: settled_ms$
SELECT settled_ms FROM items WHERE id = :item_id;

-- name: set_settled!
UPDATE items SET settled_ms = :settled_ms WHERE id = :item_id;

-- name: unsettle!
UPDATE items SET settled_ms = NULL WHERE id = :item_id AND settled_ms IS NOT NULL;

-- name: answers_of
-- The live work judgments of an item.
SELECT id, person_id, answers, status FROM judgments
WHERE item_id = :item_id AND use = 'work' AND undone_ms IS NULL ORDER BY id;

-- name: is_apart$
-- Whether an item is no work any more.
SELECT 1 FROM items WHERE id = :item_id AND use <> 'work';

-- name: clear_queued!
DELETE FROM queue WHERE project_id = :project_id AND item_id = :item_id;
