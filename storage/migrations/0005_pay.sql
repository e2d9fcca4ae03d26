-- Pay: by what an item is paid, kept balances, what is owed to whom, and what projects may spend.

-- What an assignment was shown with and a judgment was paid by; `floor` is paid by the item and topped up by the week to rate_micro an hour.
ALTER TABLE assignments ADD COLUMN scheme TEXT NOT NULL DEFAULT 'hour'
    CONSTRAINT assignments_scheme CHECK (scheme IN ('hour', 'item', 'floor'));
ALTER TABLE assignments ADD COLUMN piece_micro BIGINT NOT NULL DEFAULT 0
    CONSTRAINT assignments_piece CHECK (piece_micro >= 0);
ALTER TABLE judgments ADD COLUMN scheme TEXT NOT NULL DEFAULT 'hour'
    CONSTRAINT judgments_scheme CHECK (scheme IN ('hour', 'item', 'floor'));
ALTER TABLE judgments ADD COLUMN piece_micro BIGINT NOT NULL DEFAULT 0
    CONSTRAINT judgments_piece CHECK (piece_micro >= 0);
-- Under which withholding the pay of a judgment is held back, or was forfeited.
ALTER TABLE judgments ADD COLUMN withheld_id BIGINT;

-- The sum of each account's postings, moved in the transaction that posts, so that a balance costs the same whatever the history.
CREATE TABLE balances (
    account TEXT NOT NULL,
    asset TEXT NOT NULL,
    amount BIGINT NOT NULL,
    CONSTRAINT balances_pk PRIMARY KEY (account, asset),
    CONSTRAINT balances_students CHECK (amount >= 0 OR account NOT LIKE 'student:%')
) {clustered};
INSERT INTO balances (account, asset, amount)
SELECT account, asset, CAST(SUM(amount) AS BIGINT)
FROM (
    SELECT destination AS account, asset, amount FROM postings
    UNION ALL
    SELECT source AS account, asset, -amount AS amount FROM postings
) AS moves
GROUP BY account, asset;
-- They were for summing an account's postings at every look.
DROP INDEX postings_by_source;
DROP INDEX postings_by_destination;

-- What makes up each approved balance: one row for each entry that moves money into an approved account (above zero) or out of it (below),
-- payouts and their returns aside. `line_id`: the line of the payout that takes it.
CREATE TABLE payables (
    entry_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_micro BIGINT NOT NULL,
    judgment_id BIGINT,
    line_id BIGINT,
    CONSTRAINT payables_pk PRIMARY KEY (entry_id),
    CONSTRAINT payables_entry FOREIGN KEY (entry_id) REFERENCES entries (id),
    CONSTRAINT payables_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT payables_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT payables_amount CHECK (amount_micro <> 0)
) {clustered};
INSERT INTO payables (entry_id, person_id, currency, amount_micro, judgment_id)
SELECT e.id, e.person_id, p.asset, p.amount, CAST(SUBSTR(e.key, 9) AS BIGINT)
FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
WHERE e.kind = 'approval' AND p.asset <> 'TIME';
CREATE INDEX payables_open ON payables (currency, person_id) WHERE line_id IS NULL;
CREATE INDEX payables_by_line ON payables (line_id) WHERE line_id IS NOT NULL;
CREATE INDEX payables_by_judgment ON payables (judgment_id) WHERE judgment_id IS NOT NULL;

-- What the items that are out, and top-ups still to come, may yet cost a project that has a budget.
CREATE TABLE budgets (
    project_id BIGINT NOT NULL,
    reserved_micro BIGINT NOT NULL,
    CONSTRAINT budgets_pk PRIMARY KEY (project_id),
    CONSTRAINT budgets_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT budgets_reserved CHECK (reserved_micro >= 0)
) {clustered};

-- Weeks whose top-ups are settled, whether or not there were any; half-open, and each begins where the one before it ended or later.
CREATE TABLE topup_weeks (
    project_id BIGINT NOT NULL,
    start_ms BIGINT NOT NULL,
    end_ms BIGINT NOT NULL,
    judgments BIGINT NOT NULL,
    median_ms BIGINT NOT NULL,
    topped_up_micro BIGINT NOT NULL,
    settled_ms BIGINT NOT NULL,
    CONSTRAINT topup_weeks_pk PRIMARY KEY (project_id, start_ms),
    CONSTRAINT topup_weeks_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT topup_weeks_order CHECK (end_ms > start_ms)
) {clustered};
CREATE INDEX judgments_to_top_up ON judgments (project_id, answered_ms) WHERE scheme = 'floor';
