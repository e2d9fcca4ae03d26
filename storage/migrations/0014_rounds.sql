-- Calibration rounds: the same few items for a whole cohort, the ruling on each and why, and how far the cohort agreed before and after.

-- `before` and `after` are JSON: how far the cohort agreed on its other work, with what that rests on. `number` counts within a project.
CREATE TABLE rounds (
    id {id},
    project_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    state TEXT NOT NULL,
    everyone BIGINT NOT NULL,
    days BIGINT NOT NULL,
    created_by BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    opened_ms BIGINT,
    closes_ms BIGINT,
    closed_ms BIGINT,
    told_ms BIGINT,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    after_ms BIGINT,
    CONSTRAINT rounds_state CHECK (state IN ('draft', 'open', 'closed', 'told', 'discarded')),
    CONSTRAINT rounds_days CHECK (days > 0),
    CONSTRAINT rounds_opened CHECK (state IN ('draft', 'discarded') OR (opened_ms IS NOT NULL AND closes_ms IS NOT NULL)),
    CONSTRAINT rounds_closed CHECK (state NOT IN ('closed', 'told') OR closed_ms IS NOT NULL),
    CONSTRAINT rounds_told CHECK (state <> 'told' OR told_ms IS NOT NULL),
    CONSTRAINT rounds_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT rounds_author FOREIGN KEY (created_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX rounds_by_number ON rounds (project_id, number) WHERE state <> 'discarded';
CREATE UNIQUE INDEX rounds_one_draft ON rounds (project_id) WHERE state = 'draft';
-- Each card asks whether a round is open on its project; nearly always there is none.
CREATE INDEX rounds_open ON rounds (project_id, id) WHERE state = 'open';

-- The items of a round in their order. Place 0: proposed and put aside. `draft` is a ruling under way, `ruling` and `why` are what was decided.
-- `training_item_id`: the training item that was made of it.
CREATE TABLE round_items (
    round_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    draft TEXT NOT NULL,
    ruling TEXT,
    why TEXT NOT NULL,
    ruled_by BIGINT,
    ruled_ms BIGINT,
    training_item_id BIGINT,
    CONSTRAINT round_items_pk PRIMARY KEY (round_id, item_id),
    CONSTRAINT round_items_place CHECK (place BETWEEN 0 AND 10),
    CONSTRAINT round_items_ruled CHECK (ruling IS NULL OR (why <> '' AND ruled_by IS NOT NULL AND ruled_ms IS NOT NULL)),
    CONSTRAINT round_items_round FOREIGN KEY (round_id) REFERENCES rounds (id),
    CONSTRAINT round_items_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT round_items_training FOREIGN KEY (training_item_id) REFERENCES items (id),
    CONSTRAINT round_items_ruler FOREIGN KEY (ruled_by) REFERENCES people (id)
) {clustered};
CREATE INDEX round_items_by_item ON round_items (item_id);
CREATE INDEX round_items_by_training ON round_items (training_item_id) WHERE training_item_id IS NOT NULL;

-- The cohort: chosen in the draft, or everybody at work when the round opens.
CREATE TABLE round_people (
    round_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    CONSTRAINT round_people_pk PRIMARY KEY (round_id, person_id),
    CONSTRAINT round_people_round FOREIGN KEY (round_id) REFERENCES rounds (id),
    CONSTRAINT round_people_person FOREIGN KEY (person_id) REFERENCES people (id)
) {clustered};
CREATE INDEX round_people_by_person ON round_people (person_id);

-- Assignments that were leased for a round. They are ordinary work, but took no slot of their item.
CREATE TABLE round_leases (
    token TEXT NOT NULL,
    round_id BIGINT NOT NULL,
    CONSTRAINT round_leases_pk PRIMARY KEY (token),
    CONSTRAINT round_leases_assignment FOREIGN KEY (token) REFERENCES assignments (token),
    CONSTRAINT round_leases_round FOREIGN KEY (round_id) REFERENCES rounds (id)
) {clustered};
