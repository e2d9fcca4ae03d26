-- name: add_grant$
INSERT INTO bonus_grants
    (project_id, currency, amount_micro, reason, students, state, needs_second, proposed_by, proposed_ms)
VALUES (:project_id, :currency, :amount_micro, :reason, :students, 'draft', :needs_second, :proposed_by, :now_ms)
RETURNING id;

-- name: add!
INSERT INTO bonuses (grant_id, person_id) VALUES (:grant_id, :person_id);

-- name: grant^
SELECT id, project_id, currency, amount_micro, reason, students, state, needs_second, proposed_by, proposed_ms, decided_by, decided_ms
FROM bonus_grants WHERE id = :id;

-- name: waiting
SELECT id, project_id, currency, amount_micro, reason, students, state, needs_second, proposed_by, proposed_ms, decided_by, decided_ms
FROM bonus_grants WHERE state = 'waiting' ORDER BY id LIMIT :most;

-- name: recent
SELECT id, project_id, currency, amount_micro, reason, students, state, needs_second, proposed_by, proposed_ms, decided_by, decided_ms
FROM bonus_grants WHERE project_id = :project_id AND (state = 'booked' OR state = 'waiting') ORDER BY id DESC LIMIT :most;

-- name: move!
-- Changes no row when somebody else was first.
UPDATE bonus_grants SET state = :state, needs_second = :needs_second, decided_by = :decided_by, decided_ms = :decided_ms
WHERE id = :id AND state = :before;

-- name: recipients
SELECT id, person_id FROM bonuses WHERE grant_id = :grant_id ORDER BY id;

-- name: granted_alone$
SELECT CAST(COALESCE(SUM(amount_micro * students), 0) AS BIGINT) FROM bonus_grants
WHERE project_id = :project_id AND proposed_by = :proposed_by AND state = 'booked' AND needs_second = 0 AND decided_ms > :since_ms;

-- name: active
-- Who works on a project and has not been erased.
SELECT q.person_id AS id, p.pseudonym FROM qualifications AS q JOIN people AS p ON p.id = q.person_id
WHERE q.project_id = :project_id AND (q.standing = 'active' OR q.standing = 'watched') AND p.state NOT IN ('suspended', 'erased')
ORDER BY q.person_id LIMIT :most;

-- name: student^
-- One student who is or was on a project, by pseudonym.
SELECT q.person_id AS id, p.pseudonym FROM people AS p JOIN qualifications AS q ON q.person_id = p.id
WHERE p.pseudonym = :pseudonym AND q.project_id = :project_id AND p.state <> 'erased';

-- name: student_by_id^
SELECT q.person_id AS id, p.pseudonym FROM people AS p JOIN qualifications AS q ON q.person_id = p.id
WHERE p.id = :id AND q.project_id = :project_id AND p.state <> 'erased';

-- name: given^
-- A bonus as its student is told of it.
SELECT b.id, g.project_id, g.currency, g.amount_micro, g.reason, g.needs_second FROM bonuses AS b JOIN bonus_grants AS g ON g.id = b.grant_id
WHERE b.id = :id AND b.person_id = :person_id AND g.state = 'booked';
