-- name: grant!
-- Changes no row when the role is held already.
INSERT INTO roles (person_id, role, granted_by, granted_ms) VALUES (:person_id, :role, :granted_by, :now_ms)
ON CONFLICT (person_id, role) DO NOTHING;

-- name: take!
DELETE FROM roles WHERE person_id = :person_id AND role = :role;

-- name: let_manage!
INSERT INTO project_coordinators (project_id, person_id) VALUES (:project_id, :person_id)
ON CONFLICT (project_id, person_id) DO NOTHING;

-- name: manages^
SELECT 1 AS manages FROM projects
WHERE id = :project_id
    AND (owner_id = :person_id
        OR id = (SELECT c.project_id FROM project_coordinators c
                 WHERE c.project_id = :project_id AND c.person_id = :person_id));

-- name: managed
SELECT id, slug, title FROM projects
WHERE state <> 'closed'
    AND (:everything = 1 OR owner_id = :person_id
        OR id IN (SELECT c.project_id FROM project_coordinators c WHERE c.person_id = :person_id))
ORDER BY title, id;
