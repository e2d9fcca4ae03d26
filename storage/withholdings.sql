-- name: add$
INSERT INTO withholdings (project_id, person_id, from_ms, until_ms, reason, state, proposed_by, proposed_ms)
VALUES (:project_id, :person_id, :from_ms, :until_ms, :reason, 'draft', :proposed_by, :until_ms)
RETURNING id;

-- name: by_id^
SELECT id, project_id, person_id, from_ms, until_ms, reason, state, proposed_by, proposed_ms, confirmed_by, confirmed_ms,
    decide_by_ms, decided_by, decided_ms
FROM withholdings WHERE id = :id;

-- name: open
-- What waits for an admin, or for its decision, on what a person looks after.
SELECT id, project_id, person_id, from_ms, until_ms, reason, state, proposed_by, proposed_ms, confirmed_by, confirmed_ms,
    decide_by_ms, decided_by, decided_ms
FROM withholdings
WHERE (state = 'proposed' OR state = 'held') AND (:everything = 1
    OR project_id IN (SELECT p.id FROM projects AS p WHERE p.owner_id = :manager_id)
    OR project_id IN (SELECT c.project_id FROM project_coordinators AS c WHERE c.person_id = :manager_id))
ORDER BY id LIMIT :most;

-- name: open_of$
SELECT id FROM withholdings
WHERE project_id = :project_id AND person_id = :person_id AND (state = 'proposed' OR state = 'held');

-- name: due
-- Nobody decided in time: what is held is released, and what was only proposed lapses.
SELECT id, project_id, person_id, from_ms, until_ms, reason, state, proposed_by, proposed_ms, confirmed_by, confirmed_ms,
    decide_by_ms, decided_by, decided_ms
FROM withholdings
WHERE (state = 'held' AND decide_by_ms <= :now_ms) OR (state = 'proposed' AND proposed_ms <= :before_ms)
ORDER BY id LIMIT :most;

-- name: propose!
UPDATE withholdings SET state = 'proposed', proposed_ms = :now_ms WHERE id = :id AND state = 'draft';

-- name: hold!
UPDATE withholdings SET state = 'held', confirmed_by = :confirmed_by, confirmed_ms = :now_ms, decide_by_ms = :decide_by_ms
WHERE id = :id AND state = 'proposed';

-- name: decide!
-- Changes no row when somebody else was first.
UPDATE withholdings SET state = :state, decided_by = :decided_by, decided_ms = :now_ms WHERE id = :id AND state = :before;

-- name: unpaid
-- A student's judgments on a project whose pay is pending, or approved and in no payout; newest first. One is held back once ever.
SELECT j.id, j.currency, j.amount_micro, CASE WHEN j.approved_ms IS NULL THEN 'pending' ELSE 'approved' END AS held_in
FROM judgments AS j
WHERE j.person_id = :person_id AND j.project_id = :project_id AND j.answered_ms >= :from_ms AND j.answered_ms <= :until_ms
    AND j.undone_ms IS NULL AND j.withheld_id IS NULL AND j.amount_micro > 0
    AND (j.approved_ms IS NULL OR (SELECT 1 FROM payables AS p
        WHERE p.judgment_id = j.id AND p.line_id IS NULL AND p.amount_micro = j.amount_micro LIMIT 1) IS NOT NULL)
ORDER BY j.id DESC LIMIT :most;

-- name: withhold!
INSERT INTO withheld (judgment_id, withholding_id, currency, amount_micro, held_in)
VALUES (:judgment_id, :withholding_id, :currency, :amount_micro, :held_in);

-- name: mark!
UPDATE judgments SET withheld_id = :withholding_id WHERE id = :judgment_id AND withheld_id IS NULL;

-- name: withheld
SELECT judgment_id AS id, currency, amount_micro, held_in FROM withheld WHERE withholding_id = :withholding_id ORDER BY judgment_id;

-- name: close_appeal!
-- A withholding that is decided leaves no question open.
UPDATE appeals SET state = :state, answered_by = :answered_by, answered_ms = :now_ms
WHERE withholding_id = :withholding_id AND state = 'open';

-- name: open_appeal$
SELECT id FROM appeals WHERE withholding_id = :withholding_id AND state = 'open';
