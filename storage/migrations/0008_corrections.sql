-- Corrections: what admins adjust, what coordinators give on top or hold back, and what students ask a person to look at again.
-- Money above a limit takes two people; a constraint holds that they are two.

-- Booked as entry adjust:<id> when its state is booked; `amount_micro` above zero is given, below zero taken back.
CREATE TABLE adjustments (
    id {id},
    person_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_micro BIGINT NOT NULL,
    reason TEXT NOT NULL,
    judgment_id BIGINT,
    line_id BIGINT,
    state TEXT NOT NULL,
    needs_second BIGINT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_ms BIGINT NOT NULL,
    decided_by BIGINT,
    decided_ms BIGINT,
    CONSTRAINT adjustments_amount CHECK (amount_micro <> 0),
    CONSTRAINT adjustments_reason CHECK (reason <> ''),
    CONSTRAINT adjustments_one_link CHECK (judgment_id IS NULL OR line_id IS NULL),
    CONSTRAINT adjustments_state CHECK (state IN ('draft', 'discarded', 'waiting', 'booked', 'refused')),
    CONSTRAINT adjustments_decided CHECK (state IN ('draft', 'discarded', 'waiting') OR decided_by IS NOT NULL),
    CONSTRAINT adjustments_two CHECK (state <> 'booked' OR needs_second = 0 OR decided_by <> proposed_by),
    CONSTRAINT adjustments_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT adjustments_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT adjustments_line FOREIGN KEY (line_id) REFERENCES payout_lines (id),
    CONSTRAINT adjustments_proposer FOREIGN KEY (proposed_by) REFERENCES people (id),
    CONSTRAINT adjustments_decider FOREIGN KEY (decided_by) REFERENCES people (id)
);
CREATE INDEX adjustments_by_person ON adjustments (person_id, id);
CREATE INDEX adjustments_waiting ON adjustments (id) WHERE state = 'waiting';

-- A bonus to one student or to many, `amount_micro` each.
CREATE TABLE bonus_grants (
    id {id},
    project_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_micro BIGINT NOT NULL,
    reason TEXT NOT NULL,
    students BIGINT NOT NULL,
    state TEXT NOT NULL,
    needs_second BIGINT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_ms BIGINT NOT NULL,
    decided_by BIGINT,
    decided_ms BIGINT,
    CONSTRAINT bonus_grants_amount CHECK (amount_micro > 0),
    CONSTRAINT bonus_grants_reason CHECK (reason <> ''),
    CONSTRAINT bonus_grants_students CHECK (students > 0),
    CONSTRAINT bonus_grants_state CHECK (state IN ('draft', 'discarded', 'waiting', 'booked', 'refused')),
    CONSTRAINT bonus_grants_decided CHECK (state IN ('draft', 'discarded', 'waiting') OR decided_by IS NOT NULL),
    CONSTRAINT bonus_grants_two CHECK (state <> 'booked' OR needs_second = 0 OR decided_by <> proposed_by),
    CONSTRAINT bonus_grants_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT bonus_grants_proposer FOREIGN KEY (proposed_by) REFERENCES people (id),
    CONSTRAINT bonus_grants_decider FOREIGN KEY (decided_by) REFERENCES people (id)
);
CREATE INDEX bonus_grants_by_project ON bonus_grants (project_id, id);
CREATE INDEX bonus_grants_waiting ON bonus_grants (id) WHERE state = 'waiting';

-- Who a grant goes to, written with its draft. Booked as entry bonus:<id> when the grant is booked.
CREATE TABLE bonuses (
    id {id},
    grant_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    CONSTRAINT bonuses_once UNIQUE (grant_id, person_id),
    CONSTRAINT bonuses_grant FOREIGN KEY (grant_id) REFERENCES bonus_grants (id),
    CONSTRAINT bonuses_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- Pay that is held back for cheating: proposed by one person, confirmed by another, and decided until a day; otherwise it is released.
-- It covers answers given from `from_ms` until `until_ms`.
CREATE TABLE withholdings (
    id {id},
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    from_ms BIGINT NOT NULL,
    until_ms BIGINT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    proposed_by BIGINT NOT NULL,
    proposed_ms BIGINT NOT NULL,
    confirmed_by BIGINT,
    confirmed_ms BIGINT,
    decide_by_ms BIGINT,
    decided_by BIGINT,
    decided_ms BIGINT,
    CONSTRAINT withholdings_reason CHECK (reason <> ''),
    CONSTRAINT withholdings_state
        CHECK (state IN ('draft', 'discarded', 'proposed', 'refused', 'lapsed', 'held', 'released', 'forfeited')),
    CONSTRAINT withholdings_confirmed
        CHECK (state NOT IN ('held', 'released', 'forfeited') OR (confirmed_by IS NOT NULL AND decide_by_ms IS NOT NULL)),
    CONSTRAINT withholdings_two CHECK (confirmed_by <> proposed_by),
    CONSTRAINT withholdings_decided CHECK (state <> 'forfeited' OR (decided_by IS NOT NULL AND decided_by <> proposed_by)),
    CONSTRAINT withholdings_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT withholdings_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT withholdings_proposer FOREIGN KEY (proposed_by) REFERENCES people (id),
    CONSTRAINT withholdings_confirmer FOREIGN KEY (confirmed_by) REFERENCES people (id),
    CONSTRAINT withholdings_decider FOREIGN KEY (decided_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX withholdings_one_open ON withholdings (project_id, person_id) WHERE (state = 'proposed' OR state = 'held');
CREATE INDEX withholdings_open ON withholdings (id) WHERE (state = 'proposed' OR state = 'held');

-- The judgments whose pay was held back, each once ever: entry withhold:<withholding>:<judgment>, and release: or forfeit: as it was decided.
CREATE TABLE withheld (
    judgment_id BIGINT NOT NULL,
    withholding_id BIGINT NOT NULL,
    currency TEXT NOT NULL,
    amount_micro BIGINT NOT NULL,
    held_in TEXT NOT NULL,
    CONSTRAINT withheld_pk PRIMARY KEY (judgment_id),
    CONSTRAINT withheld_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT withheld_withholding FOREIGN KEY (withholding_id) REFERENCES withholdings (id),
    CONSTRAINT withheld_amount CHECK (amount_micro > 0),
    CONSTRAINT withheld_held_in CHECK (held_in IN ('pending', 'approved'))
) {clustered};
CREATE INDEX withheld_by_withholding ON withheld (withholding_id, judgment_id);

-- A student asks a person to look at a withholding, or at one judgment, again. Both texts are sealed, and empty once erased.
CREATE TABLE appeals (
    id {id},
    person_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    withholding_id BIGINT,
    judgment_id BIGINT,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    answer_by_ms BIGINT NOT NULL,
    escalated_ms BIGINT,
    answer TEXT NOT NULL,
    answered_by BIGINT,
    answered_ms BIGINT,
    CONSTRAINT appeals_one_thing CHECK ((withholding_id IS NULL) <> (judgment_id IS NULL)),
    CONSTRAINT appeals_state CHECK (state IN ('open', 'released', 'upheld', 'answered', 'lapsed')),
    CONSTRAINT appeals_answered CHECK (state IN ('open', 'lapsed') OR (answered_by IS NOT NULL AND answered_ms IS NOT NULL)),
    CONSTRAINT appeals_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT appeals_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT appeals_withholding FOREIGN KEY (withholding_id) REFERENCES withholdings (id),
    CONSTRAINT appeals_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT appeals_answerer FOREIGN KEY (answered_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX appeals_once_withholding ON appeals (withholding_id) WHERE withholding_id IS NOT NULL;
CREATE UNIQUE INDEX appeals_once_judgment ON appeals (judgment_id) WHERE judgment_id IS NOT NULL AND state = 'open';
CREATE INDEX appeals_open ON appeals (answer_by_ms) WHERE state = 'open';
CREATE INDEX appeals_by_person ON appeals (person_id, id);
