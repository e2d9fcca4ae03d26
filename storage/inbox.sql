-- name: finish!
UPDATE inbox SET state = 'done', payload = '', trouble = :trouble, finished_ms = :now_ms
WHERE id = :id AND state = 'new';
