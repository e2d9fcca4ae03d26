-- name: newest_week^
SELECT week, through_id, head_hash, person_cursor, closed_ms FROM statement_weeks ORDER BY week DESC LIMIT 1;

-- name: first_entry$
SELECT recorded_ms FROM entries ORDER BY id LIMIT 1;

-- name: head^
SELECT id, hash FROM entries ORDER BY id DESC LIMIT 1;

-- name: projects
SELECT id, title, definition FROM projects ORDER BY id;

-- name: open_week!
INSERT INTO statement_weeks (week, through_id, head_hash, person_cursor, opened_ms)
VALUES (:week, :through_id, :head_hash, 0, :now_ms);

-- name: add_bound!
INSERT INTO statement_bounds (week, project_id, time_zone, end_ms) VALUES (:week, :project_id, :time_zone, :end_ms);

-- name: bounds
SELECT project_id, time_zone, end_ms FROM statement_bounds WHERE week = :week ORDER BY project_id;

-- name: note_reached!
UPDATE statement_weeks SET person_cursor = :person_id WHERE week = :week;

-- name: close_week!
UPDATE statement_weeks SET closed_ms = :now_ms WHERE week = :week;

-- name: people
-- Whose entries are not all in statements yet; each is looked up by one step into an index.
SELECT p.id FROM people AS p
WHERE p.id > :cursor AND (
    SELECT 1 FROM entries AS e
    WHERE e.person_id = p.id AND e.id <= :through_id AND e.id >= COALESCE(
        (SELECT s.resume_id FROM statements AS s WHERE s.person_id = p.id ORDER BY s.week DESC LIMIT 1), 0)
    LIMIT 1
) = 1
ORDER BY p.id LIMIT :most;

-- name: rows
SELECT e.id, e.key, e.kind, e.recorded_ms, e.reason, p.source, p.destination, p.amount, p.asset
FROM entries AS e LEFT JOIN postings AS p ON p.entry_id = e.id
WHERE e.person_id = :person_id AND e.id >= :from_id AND e.id <= :through_id AND e.recorded_ms < :before_ms
ORDER BY e.id, p.line;

-- name: first_later$
SELECT MIN(id) FROM entries
WHERE person_id = :person_id AND id >= :from_id AND id <= :through_id AND recorded_ms >= :before_ms;

-- name: projects_of
SELECT id, project_id FROM judgments WHERE person_id = :person_id AND id >= :least AND id <= :most;

-- name: add!
INSERT INTO statements (person_id, week, resume_id, content, digest, closed_ms)
VALUES (:person_id, :week, :resume_id, :content, :digest, :now_ms)
ON CONFLICT (person_id, week) DO NOTHING;

-- name: newest^
-- The newest statement of a student before a week.
SELECT s.person_id, s.week, w.through_id, w.head_hash, s.resume_id, s.content, s.digest, s.closed_ms
FROM statements AS s JOIN statement_weeks AS w ON w.week = s.week
WHERE s.person_id = :person_id AND s.week < :before ORDER BY s.week DESC LIMIT 1;

-- name: of_week^
SELECT s.person_id, s.week, w.through_id, w.head_hash, s.resume_id, s.content, s.digest, s.closed_ms
FROM statements AS s JOIN statement_weeks AS w ON w.week = s.week
WHERE s.person_id = :person_id AND s.week = :week;

-- name: listed
SELECT s.person_id, s.week, w.through_id, w.head_hash, s.resume_id, s.content, s.digest, s.closed_ms
FROM statements AS s JOIN statement_weeks AS w ON w.week = s.week
WHERE s.person_id = :person_id AND s.week < :before ORDER BY s.week DESC LIMIT :most;
