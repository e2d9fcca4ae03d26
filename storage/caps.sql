-- name: spent
-- The time that careful students took for the newest items that were shown with a cap. A score of all golds right is 1000.
SELECT a.spent_ms
FROM (
    SELECT n.token, n.person_id FROM judgments AS n
    WHERE n.project_id = :project_id AND n.undone_ms IS NULL AND (n.use = 'work' OR n.use = 'gold')
    ORDER BY n.id DESC LIMIT :newest
) AS j
JOIN assignments AS a ON a.token = j.token
JOIN qualifications AS q ON q.person_id = j.person_id AND q.project_id = :project_id
WHERE a.cap_ms = :cap_ms AND q.standing = 'active'
    AND q.gold_right * 1000 >= (q.gold_right + q.gold_wrong) * :least_score;

-- name: told_since^
SELECT 1 AS told FROM cap_notices
WHERE project_id = :project_id AND cap_ms = :cap_ms AND told_ms > :since_ms LIMIT 1;

-- name: add$
INSERT INTO cap_notices (project_id, cap_ms, proposed_ms, judgments, met, state, told_ms)
VALUES (:project_id, :cap_ms, :proposed_ms, :judgments, :met, 'open', :now_ms)
RETURNING id;

-- name: of^
SELECT id, project_id, cap_ms, proposed_ms, judgments, met, state FROM cap_notices WHERE id = :id;

-- name: decide!
UPDATE cap_notices SET state = :state, decided_ms = :now_ms WHERE id = :id AND state = 'open';
