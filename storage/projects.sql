-- name: by_slug^
SELECT id, slug, title, definition, state, owner_id FROM projects WHERE slug = :slug;

-- name: by_id^
SELECT id, slug, title, definition, state, owner_id FROM projects WHERE id = :id;

-- name: add$
INSERT INTO projects (slug, title, definition, state, owner_id, created_ms, changed_ms)
VALUES (:slug, :title, :definition, 'draft', :owner_id, :now_ms, :now_ms)
RETURNING id;

-- name: redefine!
UPDATE projects SET title = :title, definition = :definition, changed_ms = :now_ms WHERE id = :id;

-- name: set_state!
UPDATE projects SET state = :state, changed_ms = :now_ms WHERE id = :id;

-- name: managed
-- What a coordinator looks after, or everything for an admin; the closed ones last.
SELECT id, slug, title, definition, state, owner_id FROM projects
WHERE :everything = 1 OR owner_id = :person_id
    OR id IN (SELECT c.project_id FROM project_coordinators AS c WHERE c.person_id = :person_id)
ORDER BY CASE state WHEN 'open' THEN 1 WHEN 'paused' THEN 2 WHEN 'draft' THEN 3 ELSE 4 END, title, id;

-- name: count_items$
SELECT COUNT(*) FROM items WHERE project_id = :id;

-- name: count_uses
SELECT use, COUNT(*) AS items FROM items WHERE project_id = :id AND use <> 'work' GROUP BY use;

-- name: was_shown^
-- Whether answers, or open cards on the way to one, hang on a project's definition.
SELECT 1 AS shown FROM projects AS p
WHERE p.id = :id AND (
    (SELECT 1 FROM judgments AS j WHERE j.project_id = :id LIMIT 1) IS NOT NULL
    OR (SELECT 1 FROM qualifications AS q JOIN assignments AS a ON a.person_id = q.person_id
        WHERE q.project_id = :id AND a.project_id = :id
            AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused')
        LIMIT 1) IS NOT NULL);

-- name: end_leases!
-- What students laid aside; a card that lies open keeps its lease. The sweep of ended leases does the rest.
UPDATE assignments SET lease_expires_ms = :now_ms
WHERE project_id = :id AND (state = 'parked' OR state = 'paused') AND lease_expires_ms > :now_ms
    AND person_id IN (SELECT q.person_id FROM qualifications AS q WHERE q.project_id = :id);

-- name: count_settled$
SELECT COUNT(*) FROM items WHERE project_id = :id AND use = 'work' AND settled_ms IS NOT NULL;

-- name: count_flagged$
SELECT COUNT(DISTINCT item_id) FROM assignments WHERE project_id = :id AND state = 'flagged';

-- name: count_people$
SELECT COUNT(*) FROM qualifications WHERE project_id = :id AND standing NOT IN ('left', 'removed');

-- name: people_on
-- The students of a project, a page at a time; judgments that were undone count for nothing.
SELECT p.pseudonym, q.standing, q.gold_right, q.gold_wrong,
    (SELECT COUNT(*) FROM judgments AS j
     WHERE j.person_id = q.person_id AND j.project_id = q.project_id AND j.undone_ms IS NULL) AS judgments,
    CAST(COALESCE((SELECT SUM(j.credited_ms) FROM judgments AS j
     WHERE j.person_id = q.person_id AND j.project_id = q.project_id AND j.undone_ms IS NULL), 0) AS BIGINT)
        AS credited_ms
FROM qualifications AS q JOIN people AS p ON p.id = q.person_id
WHERE q.project_id = :id ORDER BY q.joined_ms, q.person_id LIMIT :most OFFSET :skipped;

-- name: count_ever_on$
SELECT COUNT(*) FROM qualifications WHERE project_id = :id;
