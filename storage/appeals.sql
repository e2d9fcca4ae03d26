-- name: add$
INSERT INTO appeals (person_id, project_id, withholding_id, judgment_id, change_id, text, state, asked_ms, answer_by_ms, answer)
VALUES (:person_id, :project_id, :withholding_id, :judgment_id, :change_id, :text, 'open', :now_ms, :answer_by_ms, '')
RETURNING id;

-- name: by_id^
SELECT id, person_id, project_id, withholding_id, judgment_id, change_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer,
    answered_by, answered_ms
FROM appeals WHERE id = :id;

-- name: asked$
-- About a withholding or a change of standing a student asks once; about a judgment again once the question before was answered.
SELECT id FROM appeals
WHERE withholding_id = :withholding OR change_id = :standing OR (judgment_id = :judgment AND state = 'open') LIMIT 1;

-- name: open_about_standing$
SELECT id FROM appeals
WHERE person_id = :person_id AND project_id = :project_id AND change_id IS NOT NULL AND state = 'open' LIMIT 1;

-- name: count_open_of$
SELECT CAST(COUNT(*) AS BIGINT) FROM appeals WHERE person_id = :person_id AND state = 'open';

-- name: count_open$
SELECT CAST(COUNT(*) AS BIGINT) FROM appeals WHERE project_id = :project_id AND state = 'open';

-- name: of_person
SELECT id, person_id, project_id, withholding_id, judgment_id, change_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer,
    answered_by, answered_ms
FROM appeals WHERE person_id = :person_id ORDER BY id;

-- name: open
-- What waits for an answer on what a person looks after, the oldest first.
SELECT id, person_id, project_id, withholding_id, judgment_id, change_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer,
    answered_by, answered_ms
FROM appeals
WHERE state = 'open' AND (:everything = 1
    OR project_id IN (SELECT p.id FROM projects AS p WHERE p.owner_id = :manager_id)
    OR project_id IN (SELECT c.project_id FROM project_coordinators AS c WHERE c.person_id = :manager_id))
ORDER BY answer_by_ms, id LIMIT :most;

-- name: overdue
SELECT id, person_id, project_id, withholding_id, judgment_id, change_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer,
    answered_by, answered_ms
FROM appeals WHERE state = 'open' AND escalated_ms IS NULL AND answer_by_ms <= :now_ms ORDER BY answer_by_ms LIMIT :most;

-- name: escalate!
UPDATE appeals SET escalated_ms = :now_ms WHERE id = :id AND escalated_ms IS NULL;

-- name: close!
-- Changes no row when somebody else was first.
UPDATE appeals SET state = :state, answer = :answer, answered_by = :answered_by, answered_ms = :now_ms
WHERE id = :id AND state = 'open';

-- name: add_answer!
UPDATE appeals SET answer = :answer WHERE id = :id;

-- name: judgment^
-- A judgment as the one who answers for it needs it. Gold is called work: its student reads the same line.
SELECT j.id, j.person_id, j.project_id, CASE WHEN j.use = 'training' OR j.use = 'exam' THEN j.use ELSE 'work' END AS stage, j.answered_ms,
    a.spent_ms, j.credited_ms, a.cap_ms, j.amount_micro, a.rate_micro, j.scheme, j.currency, j.status, j.approved_ms, j.undone_ms,
    j.withheld_id
FROM judgments AS j JOIN assignments AS a ON a.token = j.token WHERE j.id = :id;

-- name: forget!
-- Erased: what a person wrote, and what was written to them, goes; that it was asked and decided stays.
UPDATE appeals SET text = '', answer = '' WHERE person_id = :person_id;
