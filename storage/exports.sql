-- name: judged_items
-- Items that have live judgments, a page at a time. Training and exam items only when everything is asked for. The plus keeps SQLite from
-- the index by project, through which it would sort all items for each page.
SELECT i.id, i.external_id, i.use, i.fields, i.gold
FROM items AS i
WHERE i.id > :after_id AND +i.project_id = :project_id
    AND (i.use = 'work' OR i.use = 'gold' OR :everything = 1)
    AND (SELECT 1 FROM judgments AS j WHERE j.item_id = i.id AND j.undone_ms IS NULL LIMIT 1) IS NOT NULL
ORDER BY i.id LIMIT :most;

-- name: judgments_of
-- The live judgments of an item in the order in which they were given, and whether their student's consent is live and they were
-- asked as a senior. What somebody
-- answered to a work item as practice, knowing that others had settled it, is no answer to it.
SELECT j.id, j.person_id, p.pseudonym, j.answers, j.correct, j.flipped, j.shown_ms, j.answered_ms, j.credited_ms, j.amount_micro, j.currency,
    j.status,
    CASE WHEN (SELECT 1 FROM consents AS c
               WHERE c.person_id = j.person_id AND c.withdrawn_ms IS NULL LIMIT 1) IS NULL THEN 0 ELSE 1 END AS agreed,
    CASE WHEN (SELECT 1 FROM reviews AS r WHERE r.token = j.token) IS NULL THEN 0 ELSE 1 END AS reviewed
FROM judgments AS j
JOIN people AS p ON p.id = j.person_id
WHERE j.item_id = :item_id AND j.undone_ms IS NULL AND (j.use = 'work' OR j.use = :use)
ORDER BY j.id;

-- name: ruled_without_consent$
-- Whether an item's ruling is what a senior student answered who took their consent back. Coordinators rule as part of their office.
SELECT 1 FROM rulings AS r
WHERE r.item_id = :item_id AND r.taken_back_ms IS NULL AND r.role = 'senior'
    AND (SELECT 1 FROM consents AS c WHERE c.person_id = r.person_id AND c.withdrawn_ms IS NULL LIMIT 1) IS NULL;

-- name: extent^
-- The live judgments of a project that an export reads, and those of students who took their consent back.
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
        AND (j.use = 'work' OR j.use = 'gold' OR :everything = 1)
) AS live;
