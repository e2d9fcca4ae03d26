-- Payouts: where students want their money, batches that two admins see through, and a line for each student in one.

-- `sealed` holds the payee; `payee_hash` finds others with the same one. After a change nothing is sent there before `usable_ms`.
CREATE TABLE payout_details (
    person_id BIGINT NOT NULL,
    method TEXT NOT NULL,
    sealed TEXT NOT NULL,
    payee_hash TEXT NOT NULL,
    set_ms BIGINT NOT NULL,
    usable_ms BIGINT NOT NULL,
    CONSTRAINT payout_details_pk PRIMARY KEY (person_id),
    CONSTRAINT payout_details_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT payout_details_method CHECK (method IN ('paypal', 'wise', 'bank', 'other')),
    CONSTRAINT payout_details_hold CHECK (usable_ms >= set_ms)
);
CREATE INDEX payout_details_by_payee ON payout_details (payee_hash);

-- A draft has no lines yet: who is in is worked out anew at each look. Freezing writes them down, under a digest.
CREATE TABLE payout_batches (
    id {id},
    currency TEXT NOT NULL,
    period_end_ms BIGINT NOT NULL,
    minimum_micro BIGINT NOT NULL,
    state TEXT NOT NULL,
    drafted_by BIGINT NOT NULL,
    drafted_ms BIGINT NOT NULL,
    frozen_by BIGINT,
    frozen_ms BIGINT,
    lines BIGINT,
    total_micro BIGINT,
    digest TEXT,
    approved_by BIGINT,
    approved_ms BIGINT,
    exported_by BIGINT,
    exported_ms BIGINT,
    ended_ms BIGINT,
    CONSTRAINT payout_batches_state
        CHECK (state IN ('draft', 'discarded', 'frozen', 'approved', 'exported', 'settled', 'cancelled')),
    CONSTRAINT payout_batches_minimum CHECK (minimum_micro > 0),
    CONSTRAINT payout_batches_frozen CHECK (state IN ('draft', 'discarded')
        OR (frozen_by IS NOT NULL AND frozen_ms IS NOT NULL AND lines > 0 AND total_micro > 0 AND digest IS NOT NULL)),
    CONSTRAINT payout_batches_approved CHECK (state NOT IN ('approved', 'exported', 'settled') OR approved_by IS NOT NULL),
    CONSTRAINT payout_batches_two CHECK (approved_by <> drafted_by AND approved_by <> frozen_by),
    CONSTRAINT payout_batches_exported CHECK (state NOT IN ('exported', 'settled') OR exported_ms IS NOT NULL),
    CONSTRAINT payout_batches_drafter FOREIGN KEY (drafted_by) REFERENCES people (id),
    CONSTRAINT payout_batches_approver FOREIGN KEY (approved_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX payout_batches_one_draft ON payout_batches (currency) WHERE state = 'draft';

-- `taken_micro`: the sum of the payables that a line took. What of it is no whole coin stays approved and goes into a later line.
-- `payee` is sealed as the details stood at freezing; `payee_digest` stands for it in the batch's digest.
CREATE TABLE payout_lines (
    id {id},
    batch_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    reference TEXT NOT NULL,
    method TEXT NOT NULL,
    payee TEXT NOT NULL,
    payee_digest TEXT NOT NULL,
    taken_micro BIGINT NOT NULL,
    amount_micro BIGINT NOT NULL,
    state TEXT NOT NULL,
    reported_micro BIGINT,
    settled_ms BIGINT,
    CONSTRAINT payout_lines_number UNIQUE (number),
    CONSTRAINT payout_lines_reference UNIQUE (reference),
    CONSTRAINT payout_lines_once UNIQUE (batch_id, person_id),
    CONSTRAINT payout_lines_batch FOREIGN KEY (batch_id) REFERENCES payout_batches (id),
    CONSTRAINT payout_lines_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT payout_lines_amount CHECK (amount_micro > 0),
    CONSTRAINT payout_lines_method CHECK (method IN ('paypal', 'wise', 'bank', 'other')),
    CONSTRAINT payout_lines_state CHECK (state IN ('open', 'short', 'paid', 'returned', 'cancelled'))
);
CREATE INDEX payout_lines_by_person ON payout_lines (person_id, id);
