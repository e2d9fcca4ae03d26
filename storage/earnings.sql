-- name: sums
SELECT currency, COUNT(*) AS judgments, CAST(SUM(credited_ms) AS BIGINT) AS credited_ms,
    CAST(SUM(amount_micro) AS BIGINT) AS amount_micro,
    CAST(SUM(CASE WHEN approved_ms IS NULL THEN 0 ELSE amount_micro END) AS BIGINT) AS approved_micro
FROM judgments
WHERE person_id = :person_id AND answered_ms >= :since_ms AND answered_ms < :until_ms AND undone_ms IS NULL
GROUP BY currency ORDER BY currency;

-- name: newest_pending$
SELECT answered_ms FROM judgments
WHERE person_id = :person_id AND answered_ms > :since_ms AND approved_ms IS NULL AND undone_ms IS NULL
ORDER BY answered_ms DESC LIMIT 1;

-- name: lines
-- Gold is called work here: a student's own lines must not tell which item it was.
SELECT j.id, p.title AS project, CASE WHEN j.use IN ('training', 'exam') THEN j.use ELSE 'work' END AS stage, j.answered_ms,
    a.spent_ms, j.credited_ms, a.cap_ms, j.amount_micro, a.rate_micro, j.currency, j.status, j.approved_ms, j.undone_ms
FROM judgments AS j JOIN projects AS p ON p.id = j.project_id JOIN assignments AS a ON a.token = j.token
WHERE j.person_id = :person_id AND j.id < :before
ORDER BY j.id DESC LIMIT :most;

-- name: line^
SELECT j.id, p.title AS project, CASE WHEN j.use IN ('training', 'exam') THEN j.use ELSE 'work' END AS stage, j.answered_ms,
    a.spent_ms, j.credited_ms, a.cap_ms, j.amount_micro, a.rate_micro, j.currency, j.status, j.approved_ms, j.undone_ms
FROM judgments AS j JOIN projects AS p ON p.id = j.project_id JOIN assignments AS a ON a.token = j.token
WHERE j.person_id = :person_id AND j.id = :id;
