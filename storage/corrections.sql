-- name: add_adjustment$
INSERT INTO adjustments
    (person_id, currency, amount_micro, reason, judgment_id, line_id, state, needs_second, proposed_by, proposed_ms)
VALUES (:person_id, :currency, :amount_micro, :reason, :judgment_id, :line_id, 'draft', :needs_second, :proposed_by, :now_ms)
RETURNING id;

-- name: adjustment^
SELECT id, person_id, currency, amount_micro, reason, judgment_id, line_id, state, needs_second, proposed_by, proposed_ms,
    decided_by, decided_ms
FROM adjustments WHERE id = :id;

-- name: adjustments_of
-- What was booked for a student, newest first.
SELECT id, person_id, currency, amount_micro, reason, judgment_id, line_id, state, needs_second, proposed_by, proposed_ms,
    decided_by, decided_ms
FROM adjustments WHERE person_id = :person_id AND state = 'booked' ORDER BY id DESC LIMIT :most;

-- name: adjustments_waiting
SELECT id, person_id, currency, amount_micro, reason, judgment_id, line_id, state, needs_second, proposed_by, proposed_ms,
    decided_by, decided_ms
FROM adjustments WHERE state = 'waiting' ORDER BY id LIMIT :most;

-- name: move_adjustment!
-- Changes no row when somebody else was first.
UPDATE adjustments SET state = :state, needs_second = :needs_second, decided_by = :decided_by, decided_ms = :decided_ms
WHERE id = :id AND state = :before;

-- name: adjusted_alone$
-- How much one admin moved alone for a student, either way.
SELECT CAST(COALESCE(SUM(ABS(amount_micro)), 0) AS BIGINT) FROM adjustments
WHERE person_id = :person_id AND currency = :currency AND proposed_by = :proposed_by AND state = 'booked' AND needs_second = 0
    AND decided_ms > :since_ms;

-- name: judgment^
SELECT person_id, currency FROM judgments WHERE id = :id;

-- name: payout_line^
SELECT l.person_id, b.currency FROM payout_lines AS l JOIN payout_batches AS b ON b.id = l.batch_id WHERE l.id = :id;

-- name: line_of_reference$
SELECT id FROM payout_lines WHERE reference = :reference;

-- name: currencies
-- In which currencies a student has ever had money.
SELECT DISTINCT asset AS currency FROM balances
WHERE asset <> 'TIME' AND (account = :pending OR account = :approved) ORDER BY asset;

-- name: admins
-- Who can be a second person: admins who are there, but for these two.
SELECT r.person_id FROM roles AS r JOIN people AS p ON p.id = r.person_id
WHERE r.role = 'admin' AND p.state NOT IN ('suspended', 'erased') AND r.person_id <> :but AND r.person_id <> :nor
ORDER BY r.person_id;
