-- name: waiting
-- The first judgment of each project that no settled week holds. One that was answered in a settled week after it was settled, by a clock
-- that was set back, counts as of the next week's first moment; the sum has it sought by id, among the few that came since.
SELECT project_id, CAST(first_ms AS BIGINT) AS first_ms, CAST(settled_until_ms AS BIGINT) AS settled_until_ms,
    CAST(through_id AS BIGINT) AS through_id
FROM (
    SELECT s.project_id, s.settled_until_ms, s.through_id, COALESCE(
        (SELECT s.settled_until_ms FROM judgments AS j
         WHERE j.project_id = s.project_id AND j.id > s.through_id AND j.answered_ms + 0 < s.settled_until_ms
             AND j.scheme = 'floor' AND j.undone_ms IS NULL
         LIMIT 1),
        (SELECT j.answered_ms FROM judgments AS j
         WHERE j.project_id = s.project_id AND j.scheme = 'floor' AND j.undone_ms IS NULL
             AND j.answered_ms >= s.settled_until_ms
         ORDER BY j.answered_ms LIMIT 1)) AS first_ms
    FROM (
        SELECT p.id AS project_id, COALESCE(w.end_ms, 0) AS settled_until_ms,
            COALESCE(w.through_judgment_id, 9223372036854775807) AS through_id
        FROM projects AS p LEFT JOIN topup_weeks AS w ON w.project_id = p.id
            AND w.start_ms = (SELECT MAX(n.start_ms) FROM topup_weeks AS n WHERE n.project_id = p.id)
    ) AS s
) AS found
WHERE first_ms IS NOT NULL
ORDER BY first_ms, project_id;

-- name: times
-- What counts for the median: work, and the gold that looks like it.
SELECT credited_ms FROM judgments
WHERE scheme = 'floor' AND undone_ms IS NULL
    AND (withheld_id IS NULL OR (SELECT w.state FROM withholdings AS w WHERE w.id = withheld_id) = 'released')
    AND (use = 'work' OR use = 'gold')
    AND ((project_id = :project_id AND answered_ms >= :start_ms AND answered_ms < :end_ms)
        OR (project_id = :project_id AND id > :through_id AND answered_ms + 0 < :start_ms));

-- name: done
-- Each student's judgments of a week, by what they were shown with.
SELECT j.person_id, a.scheme, a.rate_micro, a.piece_micro, a.cap_ms, COUNT(*) AS judgments,
    CAST(SUM(CASE WHEN j.withheld_id IS NULL
        OR (SELECT w.state FROM withholdings AS w WHERE w.id = j.withheld_id) = 'released' THEN 0 ELSE 1 END) AS BIGINT) AS withheld
FROM judgments AS j JOIN assignments AS a ON a.token = j.token
WHERE j.scheme = 'floor' AND j.undone_ms IS NULL
    AND ((j.project_id = :project_id AND j.answered_ms >= :start_ms AND j.answered_ms < :end_ms)
        OR (j.project_id = :project_id AND j.id > :through_id AND j.answered_ms + 0 < :start_ms))
GROUP BY j.person_id, a.scheme, a.rate_micro, a.piece_micro, a.cap_ms
ORDER BY j.person_id;

-- name: add_week!
INSERT INTO topup_weeks (project_id, start_ms, end_ms, judgments, median_ms, topped_up_micro, settled_ms, through_judgment_id,
    through_entry_id)
VALUES (:project_id, :start_ms, :end_ms, :judgments, :median_ms, :topped_up_micro, :now_ms,
    (SELECT COALESCE(MAX(j.id), 0) FROM judgments AS j), (SELECT COALESCE(MAX(e.id), 0) FROM entries AS e));
