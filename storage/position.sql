-- name: add!
INSERT INTO position_counts (project_id, person_id, first_chosen, second_chosen)
VALUES (:project_id, :person_id, :first, :second)
ON CONFLICT (project_id, person_id) DO UPDATE SET
    first_chosen = position_counts.first_chosen + excluded.first_chosen,
    second_chosen = position_counts.second_chosen + excluded.second_chosen;

-- name: take_back!
UPDATE position_counts SET first_chosen = first_chosen - :first, second_chosen = second_chosen - :second
WHERE project_id = :project_id AND person_id = :person_id;

-- name: of^
SELECT first_chosen, second_chosen FROM position_counts WHERE project_id = :project_id AND person_id = :person_id;

-- name: sums^
-- All choices on a project, and how many students made enough of them to be looked at.
SELECT CAST(COALESCE(SUM(first_chosen), 0) AS BIGINT) AS first_chosen,
    CAST(COALESCE(SUM(second_chosen), 0) AS BIGINT) AS second_chosen,
    CAST(COALESCE(SUM(CASE WHEN first_chosen + second_chosen >= :least THEN 1 ELSE 0 END), 0) AS BIGINT) AS compared
FROM position_counts WHERE project_id = :project_id;

-- name: students
-- Those who made enough choices, the furthest from one half first: by the square of the difference over the count, as chi-squared does.
SELECT p.pseudonym, c.first_chosen, c.second_chosen
FROM position_counts AS c JOIN people AS p ON p.id = c.person_id
WHERE c.project_id = :project_id AND c.first_chosen + c.second_chosen >= :least
ORDER BY (c.first_chosen - c.second_chosen) * (c.first_chosen - c.second_chosen) * 1000000
    / (c.first_chosen + c.second_chosen) DESC, c.first_chosen + c.second_chosen DESC, c.person_id
LIMIT :most;
