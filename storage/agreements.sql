-- name: answers
-- The answers to work that count.
SELECT item_id, answers FROM judgments
WHERE project_id = :project_id AND use = 'work' AND undone_ms IS NULL AND status = 'counted';
