-- Quality: what is believed of each item, the models behind it, what was seen of each person, and why an answer does not count.

-- A gold item: how many answers it got, whether it rests while its key is in doubt, whether it is shown no more, and what it is good for.
-- 'random': drawn like the work, so it tells how right the labels are; 'balanced': chosen, so it only tells how somebody works.
ALTER TABLE items ADD COLUMN exposure BIGINT NOT NULL DEFAULT 0;
ALTER TABLE items ADD COLUMN frozen_ms BIGINT;
ALTER TABLE items ADD COLUMN retired_ms BIGINT;
ALTER TABLE items ADD COLUMN gold_kind TEXT
    CONSTRAINT items_gold_kind CHECK (gold_kind IN ('balanced', 'random'));
CREATE INDEX items_live_gold ON items (project_id, id) WHERE use = 'gold' AND frozen_ms IS NULL AND retired_ms IS NULL;
UPDATE items SET exposure =
    (SELECT COUNT(*) FROM judgments AS j WHERE j.item_id = items.id AND j.undone_ms IS NULL)
WHERE use = 'gold';

-- A slot of an item under way: the larger the urgency (0 to 1,000,000), the more another answer is expected to tell. 0 before the first one.
ALTER TABLE returned ADD COLUMN urgency BIGINT NOT NULL DEFAULT 0;
CREATE INDEX returned_by_urgency ON returned (project_id, urgency DESC, item_id);

-- What the counted answers of a work item say to a question that decides. Chances are in millionths; `posterior`: JSON, class to chance.
-- 'unsure': nobody else is asked, and yet the answers disagree. 'adjudicated': somebody ruled, and no answer changes it.
CREATE TABLE beliefs (
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    question TEXT NOT NULL,
    label TEXT,
    posterior TEXT NOT NULL,
    confidence BIGINT NOT NULL,
    low BIGINT NOT NULL,
    high BIGINT NOT NULL,
    given BIGINT NOT NULL,
    urgency BIGINT NOT NULL,
    state TEXT NOT NULL,
    model_version BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CONSTRAINT beliefs_pk PRIMARY KEY (item_id, question),
    CONSTRAINT beliefs_item FOREIGN KEY (item_id) REFERENCES items (id),
    CONSTRAINT beliefs_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT beliefs_chances CHECK (0 <= low AND low <= confidence AND confidence <= high AND high <= 1000000),
    CONSTRAINT beliefs_state CHECK (state IN ('open', 'settled', 'unsure', 'adjudicated'))
) {clustered};
CREATE INDEX beliefs_by_state ON beliefs (project_id, state, item_id);

-- The newest fit of a project: its number, the fingerprint of its models, how far it read, and whether another one was asked for.
CREATE TABLE fits (
    project_id BIGINT NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    answers BIGINT NOT NULL,
    through_id BIGINT NOT NULL,
    fitted_ms BIGINT,
    asked_ms BIGINT,
    CONSTRAINT fits_pk PRIMARY KEY (project_id),
    CONSTRAINT fits_project FOREIGN KEY (project_id) REFERENCES projects (id)
);

-- The model of each question. `body`: its classes and figures, as JSON.
CREATE TABLE models (
    project_id BIGINT NOT NULL,
    question TEXT NOT NULL,
    version BIGINT NOT NULL,
    golds BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    fitted_ms BIGINT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    CONSTRAINT models_pk PRIMARY KEY (project_id, question),
    CONSTRAINT models_project FOREIGN KEY (project_id) REFERENCES projects (id)
);

-- What the last fit saw of each person's answers to the lead question. `since_id`: the judgment with which a run of bad evidence began,
-- null where there is none. `after_id`: who came back is read from after this judgment on.
CREATE TABLE readings (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    log_e_milli BIGINT NOT NULL,
    since_id BIGINT,
    golds_right BIGINT NOT NULL,
    golds BIGINT NOT NULL,
    peers_agreed BIGINT NOT NULL,
    peers BIGINT NOT NULL,
    stops BIGINT NOT NULL,
    alpha_micro BIGINT NOT NULL,
    answers BIGINT NOT NULL,
    worth_milli BIGINT NOT NULL,
    waits BIGINT NOT NULL,
    after_id BIGINT NOT NULL DEFAULT 0,
    read_ms BIGINT NOT NULL,
    CONSTRAINT readings_pk PRIMARY KEY (project_id, person_id),
    CONSTRAINT readings_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT readings_person FOREIGN KEY (person_id) REFERENCES people (id)
) {clustered};

-- Why a judgment counts or not, one decision after the other; its status is that of the newest. `version`: of the rule.
CREATE TABLE validations (
    id {id},
    judgment_id BIGINT NOT NULL,
    status TEXT NOT NULL,
    rule TEXT NOT NULL,
    version BIGINT NOT NULL,
    figures TEXT NOT NULL,
    decided_ms BIGINT NOT NULL,
    decided_by BIGINT,
    CONSTRAINT validations_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT validations_person FOREIGN KEY (decided_by) REFERENCES people (id),
    CONSTRAINT validations_status CHECK (status IN ('counted', 'held', 'excluded'))
);
CREATE INDEX validations_by_judgment ON validations (judgment_id, id);
-- What does not count is rare; the answers of a person that are held or excluded are found through this.
CREATE INDEX judgments_set_aside ON judgments (project_id, person_id, id) WHERE status <> 'counted';
