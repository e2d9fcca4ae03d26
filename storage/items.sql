-- name: add$
-- No row comes back when the project has an item of that id already.
INSERT INTO items (project_id, external_id, use, fields, gold, explanation, added_ms)
VALUES (:project_id, :external_id, :use, :fields, :gold, :explanation, :now_ms)
ON CONFLICT (project_id, external_id) DO NOTHING
RETURNING id;

-- name: present^
SELECT id, use, fields, gold, explanation FROM items WHERE project_id = :project_id AND external_id = :external_id;

-- name: replace!
UPDATE items SET use = :use, fields = :fields, gold = :gold, explanation = :explanation WHERE id = :id;

-- name: put_in_queue!
INSERT INTO queue (project_id, item_id, slots) VALUES (:project_id, :item_id, :slots)
ON CONFLICT (project_id, item_id) DO NOTHING;

-- name: take_from_queue!
DELETE FROM queue WHERE project_id = :project_id AND item_id = :item_id;

-- name: wake_students!
-- Whoever had seen everything has something to see again.
UPDATE qualifications SET exhausted_ms = NULL WHERE project_id = :project_id AND exhausted_ms IS NOT NULL;

-- name: first_of_work
SELECT external_id, fields FROM items
WHERE project_id = :project_id AND use = 'work' ORDER BY id LIMIT :most;
