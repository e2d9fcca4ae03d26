-- name: answers
-- The live answers to work and gold by whether they count, and how many of them went to how many items of work.
SELECT status, COUNT(*) AS answers, COUNT(CASE WHEN use = 'work' THEN item_id END) AS to_work,
    COUNT(DISTINCT CASE WHEN use = 'work' THEN item_id END) AS items
FROM judgments
WHERE project_id = :project_id AND undone_ms IS NULL AND (use = 'work' OR use = 'gold') GROUP BY status ORDER BY status;

-- name: set_aside
-- By the rule that decided last, the live answers that do not count.
SELECT v.rule, j.status, COUNT(*) AS answers, COUNT(DISTINCT j.person_id) AS people
FROM judgments AS j JOIN validations AS v ON v.judgment_id = j.id
WHERE j.project_id = :project_id AND j.status <> 'counted' AND j.undone_ms IS NULL
    AND v.id = (SELECT MAX(w.id) FROM validations AS w WHERE w.judgment_id = j.id)
GROUP BY v.rule, j.status ORDER BY answers DESC, v.rule;

-- name: labels
-- What is believed of a project's items, by state. Chances in millionths; `reach`: half an interval.
SELECT state, COUNT(*) AS items, CAST(AVG(confidence) AS BIGINT) AS confidence, CAST(AVG(high - low) / 2 AS BIGINT) AS reach
FROM beliefs WHERE project_id = :project_id AND question = :question GROUP BY state ORDER BY state;

-- name: sureness
-- Settled items by how sure their label is: in hundredths, rounded down.
SELECT confidence / 10000 AS hundredths, COUNT(*) AS items FROM beliefs
WHERE project_id = :project_id AND question = :question AND state = 'settled'
GROUP BY confidence / 10000 ORDER BY hundredths DESC;

-- name: golds_behind$
-- On how many golds the confidence of a question rests.
SELECT golds FROM models WHERE project_id = :project_id AND question = :question;
