-- Disputes: items whose answers do not decide, the people who look at them again, and how it was ruled; and the golds that need a person.

-- What would make a good gold item; see `rules.quality.bad_golds`.
CREATE INDEX beliefs_surest ON beliefs (project_id, question, label, item_id)
    WHERE state = 'settled' AND confidence >= 990000 AND given >= 5;

-- Senior students are found by their figures; this is where a coordinator decided otherwise. `named`: 1 is one, 0 is none.
CREATE TABLE seniors (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    named BIGINT NOT NULL,
    decided_by BIGINT NOT NULL,
    decided_ms BIGINT NOT NULL,
    CONSTRAINT seniors_pk PRIMARY KEY (project_id, person_id),
    CONSTRAINT seniors_named CHECK (named IN (0, 1)),
    CONSTRAINT seniors_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT seniors_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT seniors_decider FOREIGN KEY (decided_by) REFERENCES people (id)
) {clustered};

-- A disputed item in the hands of a senior student: ordinary work, but it took no slot of its item. Once judged, the student may look at the
-- other answers and keep theirs, change it, find that it can be read both ways, or pass.
CREATE TABLE reviews (
    token TEXT NOT NULL,
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    state TEXT NOT NULL,
    decided_ms BIGINT,
    CONSTRAINT reviews_pk PRIMARY KEY (token),
    CONSTRAINT reviews_once UNIQUE (item_id, person_id),
    CONSTRAINT reviews_state CHECK (state IN ('given', 'kept', 'changed', 'doubted', 'passed')),
    CONSTRAINT reviews_decided CHECK (state = 'given' OR decided_ms IS NOT NULL),
    CONSTRAINT reviews_assignment FOREIGN KEY (token) REFERENCES assignments (token),
    CONSTRAINT reviews_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT reviews_person FOREIGN KEY (person_id) REFERENCES people (id)
) {clustered};
CREATE INDEX reviews_to_look_at ON reviews (person_id, project_id) WHERE state = 'given';

-- Rulings, one live for an item. `answers`: JSON, question to answer, of the questions that were in dispute. `reason`: a word from the list
-- of reasons, or the coordinator's own. A ruling that is taken back stays, marked.
CREATE TABLE rulings (
    id {id},
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    answers TEXT NOT NULL,
    reason TEXT NOT NULL,
    role TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    ruled_ms BIGINT NOT NULL,
    taken_back_ms BIGINT,
    CONSTRAINT rulings_role CHECK (role IN ('senior', 'coordinator')),
    CONSTRAINT rulings_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT rulings_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT rulings_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX rulings_live ON rulings (item_id) WHERE taken_back_ms IS NULL;
CREATE INDEX rulings_by_project ON rulings (project_id, id);

-- Gold items that were found doubtful (frozen at once) or leaked (retired at once), and items that were proposed as gold. `figures`: JSON, why.
CREATE TABLE gold_cases (
    id {id},
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    figures TEXT NOT NULL,
    state TEXT NOT NULL,
    found_ms BIGINT NOT NULL,
    decided_by BIGINT,
    decided_ms BIGINT,
    CONSTRAINT gold_cases_kind CHECK (kind IN ('doubtful', 'leaked', 'proposed')),
    CONSTRAINT gold_cases_state CHECK (state IN ('open', 'kept', 'changed', 'dropped', 'accepted', 'declined')),
    CONSTRAINT gold_cases_decided CHECK (state = 'open' OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
    CONSTRAINT gold_cases_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT gold_cases_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT gold_cases_decider FOREIGN KEY (decided_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX gold_cases_one_open ON gold_cases (item_id) WHERE state = 'open';
CREATE INDEX gold_cases_by_project ON gold_cases (project_id, kind, state, id);
CREATE INDEX gold_cases_by_item ON gold_cases (item_id, id);
