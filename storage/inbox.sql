-- name: accept<!
-- A repeat meets inbox_once and gives no row.
INSERT INTO inbox (update_id, digest, person_key, payload, state, attempts, received_ms)
VALUES (:update_id, :digest, :person_key, :payload, 'new', 0, :now_ms)
ON CONFLICT (update_id, digest) DO NOTHING
RETURNING id;

-- name: finish!
UPDATE inbox SET state = 'done', payload = '', trouble = :trouble, finished_ms = :now_ms
WHERE id = :id AND state = 'new';

-- name: set_aside!
-- The payload stays, so that the update can be looked at and taken up again once the reason is mended.
UPDATE inbox SET state = 'set_aside', trouble = :trouble, finished_ms = :now_ms WHERE id = :id AND state = 'new';

-- name: note_trouble!
UPDATE inbox SET trouble = :trouble WHERE id = :id;

-- name: begin_again!
UPDATE inbox SET attempts = attempts + 1 WHERE id = :id AND state = 'new';

-- name: unfinished
SELECT id, update_id, person_key, payload, attempts, received_ms FROM inbox
WHERE state = 'new' AND id > :after AND id <= :last ORDER BY id LIMIT :most;

-- name: last
SELECT MAX(id) FROM inbox WHERE state = 'new';

-- name: backlog^
SELECT CAST(COUNT(*) AS BIGINT) AS waiting, MIN(received_ms) AS oldest_ms FROM inbox WHERE state = 'new';

-- name: sweep!
-- What was done goes after a week, what was set aside after a longer time.
DELETE FROM inbox WHERE id IN (
    SELECT id FROM inbox
    WHERE state <> 'new' AND finished_ms < :done_before_ms AND (state = 'done' OR finished_ms < :aside_before_ms)
    ORDER BY finished_ms LIMIT :most
);
