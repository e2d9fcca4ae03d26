-- name: grant!
-- Changes no row when the role is held already.
INSERT INTO roles (person_id, role, granted_by, granted_ms) VALUES (:person_id, :role, :granted_by, :now_ms)
ON CONFLICT (person_id, role) DO NOTHING;

-- name: take!
DELETE FROM roles WHERE person_id = :person_id AND role = :role;

-- name: let_manage!
INSERT INTO project_coordinators (project_id, person_id) VALUES (:project_id, :person_id)
ON CONFLICT (project_id, person_id) DO NOTHING;

-- name: stop_managing!
DELETE FROM project_coordinators WHERE person_id = :person_id;

-- name: manages^
SELECT 1 AS manages FROM projects
WHERE id = :project_id
    AND (owner_id = :person_id
        OR (SELECT 1 FROM project_coordinators AS c
            WHERE c.project_id = :project_id AND c.person_id = :person_id LIMIT 1) IS NOT NULL);

-- name: staff
-- Everybody who holds more than the role of a student; one row for each role, admins first.
SELECT r.role, p.id, p.pseudonym, p.contact, p.state
FROM roles AS r JOIN people AS p ON p.id = r.person_id
WHERE r.role <> 'student' AND p.state <> 'erased'
ORDER BY r.role, r.granted_ms, p.id LIMIT :most;

-- name: students$
SELECT CAST(COUNT(*) AS BIGINT) FROM roles WHERE role = 'student';

-- name: other_admins$
SELECT CAST(COUNT(*) AS BIGINT) FROM roles AS r JOIN people AS p ON p.id = r.person_id
WHERE r.role = 'admin' AND r.person_id <> :person_id AND p.state NOT IN ('suspended', 'erased');

-- name: newest_people
SELECT id, pseudonym, contact, state FROM people WHERE state <> 'erased' ORDER BY id DESC LIMIT :most;

-- name: person^
SELECT id, pseudonym, contact, state FROM people WHERE id = :id AND state <> 'erased';
