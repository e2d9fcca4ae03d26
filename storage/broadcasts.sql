-- name: add$
INSERT INTO broadcasts (project_id, author_id, text, state, created_ms)
VALUES (:project_id, :author_id, '', 'draft', :now_ms)
RETURNING id;

-- name: by_id^
SELECT id, project_id, author_id, text, state, created_ms, started_ms, finished_ms, progress_message_id
FROM broadcasts WHERE id = :id;

-- name: draft_of^
SELECT id, project_id, author_id, text, state, created_ms, started_ms, finished_ms, progress_message_id
FROM broadcasts WHERE project_id = :project_id AND author_id = :author_id AND state = 'draft' ORDER BY id LIMIT 1;

-- name: set_text!
UPDATE broadcasts SET text = :text WHERE id = :id AND state = 'draft';

-- name: start!
-- Changes no row the second time.
UPDATE broadcasts SET state = 'sending', started_ms = :now_ms, progress_message_id = :message_id
WHERE id = :id AND state = 'draft';

-- name: move!
UPDATE broadcasts SET state = :state WHERE id = :id AND state = :before;

-- name: stop!
UPDATE broadcasts SET state = 'stopped', finished_ms = :now_ms
WHERE id = :id AND state IN ('draft', 'sending', 'paused');

-- name: place_progress!
UPDATE broadcasts SET progress_message_id = :message_id WHERE id = :id;

-- name: cancel_waiting!
UPDATE deliveries SET state = 'cancelled', payload = '', finished_ms = :now_ms
WHERE id IN (SELECT d.id FROM deliveries AS d
             WHERE d.broadcast_id = :id AND d.state = 'waiting' ORDER BY d.id LIMIT :most);

-- name: counts
SELECT state, CAST(COUNT(*) AS BIGINT) AS number FROM deliveries WHERE broadcast_id = :id GROUP BY state;

-- name: first_due$
SELECT MIN(not_before_ms) FROM deliveries WHERE broadcast_id = :id AND state = 'waiting';

-- name: candidates
-- Every student, a page at a time, with what decides whether they are called for a project.
SELECT p.id, p.state, p.profile,
    CASE WHEN p.muted_ms IS NULL THEN 0 ELSE 1 END AS muted,
    CASE WHEN p.unreachable_ms IS NULL THEN 0 ELSE 1 END AS unreachable,
    CASE WHEN (SELECT 1 FROM consents AS c
               WHERE c.person_id = p.id AND c.withdrawn_ms IS NULL LIMIT 1) IS NULL THEN 0 ELSE 1 END AS agreed,
    (SELECT q.standing FROM qualifications AS q
     WHERE q.person_id = p.id AND q.project_id = :project_id) AS standing,
    CASE WHEN (SELECT 1 FROM broadcasts AS b JOIN deliveries AS d
                   ON d.key = 'broadcast:' || CAST(b.id AS TEXT) || ':' || CAST(p.id AS TEXT)
               WHERE b.project_id = :project_id AND d.trouble = 'declined' LIMIT 1) IS NULL
        THEN 0 ELSE 1 END AS declined
FROM people AS p JOIN roles AS r ON r.person_id = p.id AND r.role = 'student'
WHERE p.id > :after_id AND p.id <= :until_id AND p.state <> 'erased'
ORDER BY p.id LIMIT :most;

-- name: decline!
UPDATE deliveries SET trouble = 'declined' WHERE key = :key AND state = 'sent';
