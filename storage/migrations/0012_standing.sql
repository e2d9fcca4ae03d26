-- Standing: who was paused, why and until when, what brings them back.

-- Each change of a student's standing that a rule or a person made: which, with what figures (JSON), and in whose words. Nobody is removed by a rule.
CREATE TABLE standing_changes (
    id {id},
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    was TEXT NOT NULL,
    became TEXT NOT NULL,
    rule TEXT NOT NULL,
    figures TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_person BIGINT,
    at_ms BIGINT NOT NULL,
    CONSTRAINT standing_changes_words CHECK (
        was IN ('training', 'exam', 'active', 'watched', 'paused', 'removed')
        AND became IN ('training', 'exam', 'active', 'watched', 'paused', 'removed')),
    CONSTRAINT standing_changes_moves CHECK (was <> became),
    CONSTRAINT standing_changes_human CHECK (became <> 'removed' OR (by_person IS NOT NULL AND reason <> '')),
    CONSTRAINT standing_changes_back CHECK (was <> 'removed' OR by_person IS NOT NULL),
    CONSTRAINT standing_changes_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT standing_changes_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT standing_changes_author FOREIGN KEY (by_person) REFERENCES people (id)
);
CREATE INDEX standing_changes_by_person ON standing_changes (person_id, project_id, id);

-- A pause that the running check began; it always has an end. `number` counts those of a student on a project; `strikes` leaves out those that a
-- person lifted. `practice`: how many items bring the student back, 0 where none could be found; `needed`: so many right bring the answers
-- back as well, and with `must_pass` the student.
CREATE TABLE pauses (
    id {id},
    change_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    number BIGINT NOT NULL,
    strikes BIGINT NOT NULL,
    practice BIGINT NOT NULL,
    needed BIGINT NOT NULL,
    must_pass BIGINT NOT NULL,
    state TEXT NOT NULL,
    ends_ms BIGINT NOT NULL,
    ended_ms BIGINT,
    answers TEXT NOT NULL,
    left_out_by BIGINT,
    CONSTRAINT pauses_state CHECK (state IN ('open', 'practised', 'lapsed', 'lifted', 'removed')),
    CONSTRAINT pauses_answers CHECK (answers IN ('held', 'counted', 'excluded')),
    CONSTRAINT pauses_ended CHECK ((state = 'open') = (ended_ms IS NULL)),
    CONSTRAINT pauses_change FOREIGN KEY (change_id) REFERENCES standing_changes (id),
    CONSTRAINT pauses_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT pauses_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT pauses_human FOREIGN KEY (left_out_by) REFERENCES people (id)
);
CREATE UNIQUE INDEX pauses_one_open ON pauses (person_id, project_id) WHERE state = 'open';
CREATE UNIQUE INDEX pauses_once ON pauses (person_id, project_id, number);
CREATE UNIQUE INDEX pauses_by_change ON pauses (change_id);
CREATE INDEX pauses_due ON pauses (ends_ms) WHERE state = 'open';

-- The answers that a pause put on hold; these and no others are counted again, or left out.
CREATE TABLE paused_answers (
    pause_id BIGINT NOT NULL,
    judgment_id BIGINT NOT NULL,
    CONSTRAINT paused_answers_pk PRIMARY KEY (pause_id, judgment_id),
    CONSTRAINT paused_answers_pause FOREIGN KEY (pause_id) REFERENCES pauses (id),
    CONSTRAINT paused_answers_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id)
) {clustered};

-- The items of a pause's practice, with the answer that is explained (JSON) as it was then. `given` and `confidence` (millionths) are the
-- figures behind the answer of an item that students settled; a training item explains itself and has none.
CREATE TABLE practice_items (
    pause_id BIGINT NOT NULL,
    place BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    gold TEXT NOT NULL,
    given BIGINT,
    confidence BIGINT,
    token TEXT,
    correct BIGINT,
    CONSTRAINT practice_items_pk PRIMARY KEY (pause_id, place),
    CONSTRAINT practice_items_once UNIQUE (pause_id, item_id),
    CONSTRAINT practice_items_pause FOREIGN KEY (pause_id) REFERENCES pauses (id),
    CONSTRAINT practice_items_item FOREIGN KEY (item_id) REFERENCES items (id)
) {clustered};
CREATE UNIQUE INDEX practice_items_token ON practice_items (token) WHERE token IS NOT NULL;

