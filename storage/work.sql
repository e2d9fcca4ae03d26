-- name: next_returned^
-- Slots that came back, read on from the student's cursor.
SELECT r.id AS place, r.item_id
FROM returned AS r
WHERE r.project_id = :project_id AND r.id > :cursor
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = r.item_id LIMIT 1) IS NULL
ORDER BY r.id LIMIT 1;

-- name: last_returned$
SELECT MAX(id) FROM returned WHERE project_id = :project_id;

-- name: take_returned!
DELETE FROM returned WHERE id = :id;

-- name: next_queued^
SELECT q.item_id AS place, q.item_id
FROM queue AS q
WHERE q.project_id = :project_id AND q.item_id > :cursor
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = q.item_id LIMIT 1) IS NULL
ORDER BY q.item_id LIMIT 1;

-- name: take_slot!
UPDATE queue SET slots = slots - 1 WHERE project_id = :project_id AND item_id = :item_id AND slots > 1;

-- name: take_last_slot!
DELETE FROM queue WHERE project_id = :project_id AND item_id = :item_id;

-- name: slots$
SELECT slots FROM queue WHERE project_id = :project_id AND item_id = :item_id;

-- name: next_gold^
-- Here and below, <> 'work' leads SQLite to the index that holds all but the work items.
SELECT i.id AS place, i.id AS item_id
FROM items AS i
WHERE i.project_id = :project_id AND i.use = 'gold' AND i.use <> 'work' AND i.id > :cursor
    AND (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id LIMIT 1) IS NULL
ORDER BY i.id LIMIT 1;

-- name: next_qualifying^
-- Training and exam: items never met come first, then those met longest ago.
SELECT i.id AS place, i.id AS item_id
FROM items AS i
WHERE i.project_id = :project_id AND i.use = :use AND i.use <> 'work'
    AND (SELECT 1 FROM assignments AS a
         WHERE a.person_id = :person_id AND a.item_id = i.id AND a.attempt = :attempt LIMIT 1) IS NULL
ORDER BY (SELECT COALESCE(MAX(a.attempt), 0) FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = i.id), i.id
LIMIT 1;

-- name: gold_count$
SELECT COUNT(*) FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work';

-- name: gold_at$
SELECT id FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work' ORDER BY id LIMIT 1 OFFSET :place;

-- name: give_back!
INSERT INTO returned (project_id, item_id) VALUES (:project_id, :item_id);

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
SELECT id, answers FROM judgments WHERE item_id = :item_id AND undone_ms IS NULL ORDER BY id;

-- name: clear_queued!
DELETE FROM queue WHERE project_id = :project_id AND item_id = :item_id;
