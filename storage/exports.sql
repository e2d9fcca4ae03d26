-- name: judgments
-- Live judgments of students whose consent is live, a page at a time.
SELECT j.id, r.slug, i.external_id, p.pseudonym, j.answers, j.use, j.correct, j.shown_ms, j.answered_ms,
    j.credited_ms, j.amount_micro, j.currency, j.status
FROM judgments AS j
JOIN items AS i ON i.id = j.item_id
JOIN people AS p ON p.id = j.person_id
JOIN projects AS r ON r.id = j.project_id
WHERE j.project_id = :project_id AND j.id > :after_id AND j.undone_ms IS NULL
    AND (SELECT 1 FROM consents AS c
         WHERE c.person_id = j.person_id AND c.withdrawn_ms IS NULL LIMIT 1) IS NOT NULL
ORDER BY j.id LIMIT :most;

-- name: extent^
-- All live judgments of a project, and those of students who took their consent back.
SELECT CAST(COUNT(*) AS BIGINT) AS judgments,
    CAST(COALESCE(SUM(CASE WHEN agreed = 0 THEN 1 ELSE 0 END), 0) AS BIGINT) AS left_out,
    CAST(COUNT(DISTINCT CASE WHEN agreed = 0 THEN person_id END) AS BIGINT) AS left_out_students
FROM (
    SELECT j.person_id,
        CASE WHEN (SELECT 1 FROM consents AS c
                   WHERE c.person_id = j.person_id AND c.withdrawn_ms IS NULL LIMIT 1) IS NULL
            THEN 0 ELSE 1 END AS agreed
    FROM judgments AS j
    WHERE j.project_id = :project_id AND j.undone_ms IS NULL
) AS live;
