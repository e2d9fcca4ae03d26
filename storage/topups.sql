-- name: waiting
-- The first judgment of each project that no settled week holds.
SELECT project_id, CAST(first_ms AS BIGINT) AS first_ms, CAST(settled_until_ms AS BIGINT) AS settled_until_ms
FROM (
    SELECT s.project_id, s.settled_until_ms,
        (SELECT j.answered_ms FROM judgments AS j
         WHERE j.project_id = s.project_id AND j.scheme = 'floor' AND j.undone_ms IS NULL
             AND j.answered_ms >= s.settled_until_ms
         ORDER BY j.answered_ms LIMIT 1) AS first_ms
    FROM (
        SELECT p.id AS project_id,
            COALESCE((SELECT MAX(w.end_ms) FROM topup_weeks AS w WHERE w.project_id = p.id), 0) AS settled_until_ms
        FROM projects AS p
    ) AS s
) AS found
WHERE first_ms IS NOT NULL
ORDER BY first_ms, project_id;

-- name: times
-- What counts for the median: work, and the gold that looks like it.
SELECT credited_ms FROM judgments
WHERE project_id = :project_id AND scheme = 'floor' AND undone_ms IS NULL
    AND (withheld_id IS NULL OR (SELECT w.state FROM withholdings AS w WHERE w.id = withheld_id) = 'released')
    AND (use = 'work' OR use = 'gold') AND answered_ms >= :start_ms AND answered_ms < :end_ms;

-- name: done
-- Each student's judgments of a week, by what they were shown with.
SELECT j.person_id, a.scheme, a.rate_micro, a.piece_micro, a.cap_ms, COUNT(*) AS judgments,
    CAST(SUM(CASE WHEN j.withheld_id IS NULL
        OR (SELECT w.state FROM withholdings AS w WHERE w.id = j.withheld_id) = 'released' THEN 0 ELSE 1 END) AS BIGINT) AS withheld
FROM judgments AS j JOIN assignments AS a ON a.token = j.token
WHERE j.project_id = :project_id AND j.scheme = 'floor' AND j.undone_ms IS NULL
    AND j.answered_ms >= :start_ms AND j.answered_ms < :end_ms
GROUP BY j.person_id, a.scheme, a.rate_micro, a.piece_micro, a.cap_ms
ORDER BY j.person_id;

-- name: add_week!
INSERT INTO topup_weeks (project_id, start_ms, end_ms, judgments, median_ms, topped_up_micro, settled_ms)
VALUES (:project_id, :start_ms, :end_ms, :judgments, :median_ms, :topped_up_micro, :now_ms);
