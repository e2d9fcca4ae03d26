-- name: reserved$
SELECT reserved_micro FROM budgets WHERE project_id = :project_id;

-- name: begin!
INSERT INTO budgets (project_id, reserved_micro) VALUES (:project_id, :reserved_micro)
ON CONFLICT (project_id) DO NOTHING;

-- name: add!
UPDATE budgets SET reserved_micro = reserved_micro + :amount_micro WHERE project_id = :project_id;

-- name: forget!
-- A project's pay has changed: the figure is worked out anew when it is next asked for.
DELETE FROM budgets WHERE project_id = :project_id;

-- name: out
-- The items that students hold, by what they were shown with.
SELECT a.scheme, a.rate_micro, a.piece_micro, a.cap_ms, COUNT(*) AS number
FROM qualifications AS q JOIN assignments AS a ON a.person_id = q.person_id
WHERE q.project_id = :project_id AND a.project_id = :project_id
    AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused')
GROUP BY a.scheme, a.rate_micro, a.piece_micro, a.cap_ms;

-- name: to_top_up
-- The judgments whose week is not settled yet.
SELECT a.scheme, a.rate_micro, a.piece_micro, a.cap_ms, COUNT(*) AS number
FROM judgments AS j JOIN assignments AS a ON a.token = j.token
WHERE j.scheme = 'floor' AND j.undone_ms IS NULL
    AND ((j.project_id = :project_id AND j.answered_ms >= COALESCE((SELECT MAX(w.end_ms) FROM topup_weeks AS w WHERE w.project_id = :project_id), 0))
        OR (j.project_id = :project_id AND j.id >
            (SELECT w.through_judgment_id FROM topup_weeks AS w WHERE w.project_id = :project_id ORDER BY w.start_ms DESC LIMIT 1)))
GROUP BY a.scheme, a.rate_micro, a.piece_micro, a.cap_ms;

-- name: staff
-- Who looks after a project: its owner and its coordinators; where there is nobody, the admins.
SELECT p.id AS person_id FROM people AS p
WHERE p.state <> 'erased' AND (
    p.id IN (SELECT r.owner_id FROM projects AS r WHERE r.id = :project_id)
    OR p.id IN (SELECT c.person_id FROM project_coordinators AS c WHERE c.project_id = :project_id)
    OR ((SELECT r.owner_id FROM projects AS r WHERE r.id = :project_id) IS NULL
        AND (SELECT 1 FROM project_coordinators AS c WHERE c.project_id = :project_id LIMIT 1) IS NULL
        AND p.id IN (SELECT o.person_id FROM roles AS o WHERE o.role = 'admin')))
ORDER BY p.id LIMIT :most;

-- name: open_projects
SELECT id, slug, title, definition, state, owner_id FROM projects WHERE state = 'open' ORDER BY id;
