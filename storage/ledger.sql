-- name: head$
SELECT hash FROM entries ORDER BY id DESC LIMIT 1;

-- name: add_entry<!
INSERT INTO entries (key, kind, person_id, actor, reason, recorded_ms, previous_hash, hash)
VALUES (:key, :kind, :person_id, :actor, :reason, :now_ms, :previous_hash, :hash)
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: add_posting!
INSERT INTO postings (entry_id, line, source, destination, amount, asset)
VALUES (:entry_id, :line, :source, :destination, :amount, :asset);

-- name: entry_of^
SELECT kind, person_id, reason FROM entries WHERE key = :key;

-- name: postings_of
SELECT p.source, p.destination, p.amount, p.asset
FROM postings AS p JOIN entries AS e ON e.id = p.entry_id
WHERE e.key = :key ORDER BY p.line;

-- name: plan_approval!
-- What was approved already, after seven days, has nothing to wait for.
INSERT INTO approvals_due (judgment_id, item_id, due_ms)
SELECT id, item_id, :due_ms FROM judgments WHERE id = :judgment_id AND approved_ms IS NULL AND undone_ms IS NULL
ON CONFLICT (judgment_id) DO NOTHING;

-- name: forget_approval!
DELETE FROM approvals_due WHERE judgment_id = :judgment_id;

-- name: forget_approvals_of_item!
DELETE FROM approvals_due WHERE item_id = :item_id;

-- name: due
-- Money that was withheld while it was pending is pending no longer; only the time of its judgment is approved.
SELECT j.id, j.person_id, j.project_id, j.answered_ms, j.credited_ms,
    CASE WHEN j.withheld_id IS NULL THEN j.amount_micro ELSE 0 END AS amount_micro, j.currency, j.use
FROM approvals_due AS d JOIN judgments AS j ON j.id = d.judgment_id
WHERE d.due_ms <= :now_ms AND j.approved_ms IS NULL AND j.undone_ms IS NULL
ORDER BY d.due_ms LIMIT :most;

-- name: overdue
SELECT id, person_id, project_id, answered_ms, credited_ms,
    CASE WHEN withheld_id IS NULL THEN amount_micro ELSE 0 END AS amount_micro, currency, use
FROM judgments
WHERE answered_ms < :before_ms AND approved_ms IS NULL AND undone_ms IS NULL
ORDER BY answered_ms LIMIT :most;

-- name: golds_before
-- The golds that a student answered on a project right before a work item: after any work item before that one.
SELECT g.id, g.person_id, g.project_id, g.answered_ms, g.credited_ms,
    CASE WHEN g.withheld_id IS NULL THEN g.amount_micro ELSE 0 END AS amount_micro, g.currency, g.use
FROM judgments AS g
WHERE g.person_id = :person_id AND g.use = 'gold' AND g.approved_ms IS NULL AND g.undone_ms IS NULL
    AND g.project_id = :project_id AND g.answered_ms <= :before_ms AND g.id < :before_id
    AND (SELECT 1 FROM judgments AS w
         WHERE w.person_id = :person_id AND w.project_id = :project_id AND w.use = 'work' AND w.undone_ms IS NULL
             AND w.answered_ms >= g.answered_ms AND w.answered_ms <= :before_ms AND w.id > g.id AND w.id < :before_id
         LIMIT 1) IS NULL
ORDER BY g.answered_ms LIMIT 100;

-- name: mark_approved!
UPDATE judgments SET approved_ms = :now_ms WHERE id = :id AND approved_ms IS NULL;

-- name: move!
-- Both accounts of a posting at once. A student's account never falls below zero: a constraint holds it.
UPDATE balances SET amount = amount + :amount * CASE WHEN account = :source THEN -1 ELSE 1 END
WHERE asset = :asset AND (account = :source OR account = :destination);

-- name: open_account!
-- An account's first move; one that is there already was moved.
INSERT INTO balances (account, asset, amount)
SELECT :account, :asset, :amount
WHERE (SELECT 1 FROM balances WHERE account = :account AND asset = :asset) IS NULL;

-- name: add_payable!
INSERT INTO payables (entry_id, person_id, currency, amount_micro, judgment_id)
VALUES (:entry_id, :person_id, :currency, :amount_micro, :judgment_id);

-- name: balance$
SELECT amount FROM balances WHERE account = :account AND asset = :asset;

-- name: balances
SELECT asset, amount FROM balances WHERE account = :account ORDER BY asset;
