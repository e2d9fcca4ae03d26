-- name: of^
SELECT method, sealed, payee_hash, set_ms, usable_ms FROM payout_details WHERE person_id = :person_id;

-- name: put!
INSERT INTO payout_details (person_id, method, sealed, payee_hash, set_ms, usable_ms)
VALUES (:person_id, :method, :sealed, :payee_hash, :now_ms, :usable_ms)
ON CONFLICT (person_id) DO UPDATE SET method = excluded.method, sealed = excluded.sealed, payee_hash = excluded.payee_hash,
    set_ms = excluded.set_ms, usable_ms = excluded.usable_ms;

-- name: forget!
DELETE FROM payout_details WHERE person_id = :person_id;

-- name: forget_settled_payees!
-- A line under way keeps its payee until it is settled, or money on its way could not be followed.
UPDATE payout_lines SET payee = '' WHERE person_id = :person_id AND state NOT IN ('open', 'short');

-- name: own_lines
SELECT l.reference, b.currency, l.amount_micro, l.method, l.state, b.frozen_ms, l.settled_ms
FROM payout_lines AS l JOIN payout_batches AS b ON b.id = l.batch_id
WHERE l.person_id = :person_id ORDER BY l.id;

-- name: to_ask
-- Who is owed enough and has not said where to send it; who was asked is asked again only once that notice is swept away.
SELECT owed.person_id AS id
FROM (SELECT person_id, SUM(amount_micro) AS amount_micro FROM payables
      WHERE line_id IS NULL AND currency = :currency GROUP BY person_id) AS owed
JOIN people AS p ON p.id = owed.person_id
LEFT JOIN payout_details AS d ON d.person_id = owed.person_id
LEFT JOIN deliveries AS s ON s.key = 'payout:ask:' || CAST(owed.person_id AS TEXT)
WHERE owed.amount_micro >= :minimum_micro AND d.person_id IS NULL AND s.key IS NULL AND p.state <> 'erased'
ORDER BY owed.person_id LIMIT :most;
