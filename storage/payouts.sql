-- name: currencies
-- The currencies in which something may be owed.
SELECT DISTINCT currency FROM payables WHERE line_id IS NULL ORDER BY currency;

-- name: batches
SELECT id, currency, period_end_ms, minimum_micro, state, drafted_by, drafted_ms, frozen_by, frozen_ms, lines, total_micro, digest,
    approved_by, approved_ms, exported_ms, ended_ms
FROM payout_batches WHERE state <> 'discarded' ORDER BY id DESC LIMIT :most;

-- name: batch^
SELECT id, currency, period_end_ms, minimum_micro, state, drafted_by, drafted_ms, frozen_by, frozen_ms, lines, total_micro, digest,
    approved_by, approved_ms, exported_ms, ended_ms
FROM payout_batches WHERE id = :id;

-- name: draft_of$
SELECT id FROM payout_batches WHERE currency = :currency AND state = 'draft';

-- name: add_batch<!
INSERT INTO payout_batches (currency, period_end_ms, minimum_micro, state, drafted_by, drafted_ms)
VALUES (:currency, :period_end_ms, :minimum_micro, 'draft', :person_id, :now_ms)
RETURNING id;

-- name: change_draft!
UPDATE payout_batches SET period_end_ms = :period_end_ms, minimum_micro = :minimum_micro
WHERE id = :id AND state = 'draft';

-- name: discard!
UPDATE payout_batches SET state = 'discarded', ended_ms = :now_ms WHERE id = :id AND state = 'draft';

-- name: freeze!
UPDATE payout_batches SET state = 'frozen', frozen_by = :person_id, frozen_ms = :now_ms, lines = :lines, total_micro = :total_micro,
    digest = :digest
WHERE id = :id AND state = 'draft';

-- name: approve!
UPDATE payout_batches SET state = 'approved', approved_by = :person_id, approved_ms = :now_ms
WHERE id = :id AND state = 'frozen';

-- name: export!
UPDATE payout_batches SET state = 'exported', exported_by = :person_id, exported_ms = :now_ms
WHERE id = :id AND state = 'approved';

-- name: cancel!
UPDATE payout_batches SET state = 'cancelled', ended_ms = :now_ms WHERE id = :id AND state IN ('frozen', 'approved');

-- name: settle!
-- A batch is settled when none of its lines waits for anything.
UPDATE payout_batches SET state = 'settled', ended_ms = :now_ms
WHERE id = :id AND state = 'exported'
    AND (SELECT 1 FROM payout_lines WHERE batch_id = :id AND state IN ('open', 'short') LIMIT 1) IS NULL;

-- name: candidates
-- Everybody who may be owed something in a currency, with where they want it.
SELECT owed.person_id, p.pseudonym, p.state, COALESCE(b.amount, 0) AS approved_micro, COALESCE(d.method, '') AS method,
    COALESCE(d.sealed, '') AS sealed, COALESCE(d.payee_hash, '') AS payee_hash, COALESCE(d.usable_ms, 0) AS usable_ms
FROM (SELECT DISTINCT person_id FROM payables WHERE line_id IS NULL AND currency = :currency) AS owed
JOIN people AS p ON p.id = owed.person_id
LEFT JOIN balances AS b ON b.account = 'student:' || CAST(owed.person_id AS TEXT) || ':approved' AND b.asset = :currency
LEFT JOIN payout_details AS d ON d.person_id = owed.person_id
ORDER BY owed.person_id;

-- name: later_rows
SELECT y.person_id, y.entry_id, y.amount_micro, y.judgment_id
FROM payables AS y JOIN entries AS e ON e.id = y.entry_id
WHERE y.line_id IS NULL AND y.currency = :currency AND e.recorded_ms > :period_end_ms
ORDER BY y.entry_id;

-- name: sharing
-- Everybody whose money goes where somebody else's goes as well.
SELECT d.payee_hash, p.pseudonym
FROM payout_details AS d JOIN people AS p ON p.id = d.person_id
WHERE (SELECT 1 FROM payout_details AS o WHERE o.payee_hash = d.payee_hash AND o.person_id <> d.person_id LIMIT 1) = 1
ORDER BY d.payee_hash, d.person_id;

-- name: withheld^
SELECT COUNT(*) AS people, CAST(COALESCE(SUM(amount), 0) AS BIGINT) AS amount_micro
FROM balances WHERE account LIKE 'student:%:withheld' AND asset = :currency AND amount > 0;

-- name: last_number$
SELECT MAX(number) FROM payout_lines;

-- name: add_line<!
INSERT INTO payout_lines (batch_id, person_id, number, reference, method, payee, payee_digest, taken_micro, amount_micro, state)
VALUES (:batch_id, :person_id, :number, :reference, :method, :payee, :payee_digest, 0, :amount_micro, 'open')
RETURNING id;

-- name: take!
UPDATE payables SET line_id = :line_id WHERE person_id = :person_id AND currency = :currency AND line_id IS NULL;

-- name: leave!
UPDATE payables SET line_id = NULL WHERE entry_id = :entry_id;

-- name: note_taken!
UPDATE payout_lines
SET taken_micro = (SELECT CAST(COALESCE(SUM(amount_micro), 0) AS BIGINT) FROM payables WHERE line_id = :line_id)
WHERE id = :line_id;

-- name: free!
UPDATE payables SET line_id = NULL WHERE line_id = :line_id;

-- name: lines
SELECT l.id, l.batch_id, l.person_id, p.pseudonym, p.state AS person_state, l.reference, l.method, l.payee, l.amount_micro, l.state,
    l.reported_micro, b.currency, b.state AS batch_state
FROM payout_lines AS l JOIN people AS p ON p.id = l.person_id JOIN payout_batches AS b ON b.id = l.batch_id
WHERE l.batch_id = :batch_id ORDER BY l.number;

-- name: line^
SELECT l.id, l.batch_id, l.person_id, p.pseudonym, p.state AS person_state, l.reference, l.method, l.payee, l.amount_micro, l.state,
    l.reported_micro, b.currency, b.state AS batch_state
FROM payout_lines AS l JOIN people AS p ON p.id = l.person_id JOIN payout_batches AS b ON b.id = l.batch_id
WHERE l.id = :id;

-- name: line_of_reference$
SELECT id FROM payout_lines WHERE reference = :reference;

-- name: move_line!
-- What was reported is kept for as long as somebody has to decide about it; the audit has it afterwards.
UPDATE payout_lines SET state = :state, settled_ms = :settled_ms, reported_micro = :reported_micro
WHERE id = :id;

-- name: forget_payee!
UPDATE payout_lines SET payee = '' WHERE id = :id;

-- name: sums
SELECT state, COUNT(*) AS lines, CAST(SUM(amount_micro) AS BIGINT) AS amount_micro
FROM payout_lines WHERE batch_id = :batch_id GROUP BY state ORDER BY state;

-- name: other_admins
SELECT r.person_id AS id FROM roles AS r JOIN people AS p ON p.id = r.person_id
WHERE r.role = 'admin' AND p.state NOT IN ('suspended', 'erased') AND r.person_id NOT IN (:drafter, :freezer)
ORDER BY r.person_id;
