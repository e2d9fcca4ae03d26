-- An appeal may be about a standing as well. A check of a table cannot be changed in place here, so the table is made anew.
CREATE TABLE appeals_anew (
    id {id},
    person_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    withholding_id BIGINT,
    judgment_id BIGINT,
    change_id BIGINT,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    asked_ms BIGINT NOT NULL,
    answer_by_ms BIGINT NOT NULL,
    escalated_ms BIGINT,
    answer TEXT NOT NULL,
    answered_by BIGINT,
    answered_ms BIGINT,
    CONSTRAINT appeals_one_thing CHECK (
        (CASE WHEN withholding_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN judgment_id IS NULL THEN 0 ELSE 1 END)
        + (CASE WHEN change_id IS NULL THEN 0 ELSE 1 END) = 1),
    CONSTRAINT appeals_state CHECK (state IN ('open', 'released', 'upheld', 'answered', 'lapsed')),
    CONSTRAINT appeals_answered CHECK (state IN ('open', 'lapsed') OR (answered_by IS NOT NULL AND answered_ms IS NOT NULL)),
    CONSTRAINT appeals_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT appeals_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT appeals_withholding FOREIGN KEY (withholding_id) REFERENCES withholdings (id),
    CONSTRAINT appeals_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT appeals_change FOREIGN KEY (change_id) REFERENCES standing_changes (id),
    CONSTRAINT appeals_answerer FOREIGN KEY (answered_by) REFERENCES people (id)
);
INSERT INTO appeals_anew (id, person_id, project_id, withholding_id, judgment_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer, answered_by,
    answered_ms)
SELECT id, person_id, project_id, withholding_id, judgment_id, text, state, asked_ms, answer_by_ms, escalated_ms, answer, answered_by,
    answered_ms FROM appeals ORDER BY id;
DROP TABLE appeals;
ALTER TABLE appeals_anew RENAME TO appeals;
CREATE UNIQUE INDEX appeals_once_withholding ON appeals (withholding_id) WHERE withholding_id IS NOT NULL;
CREATE UNIQUE INDEX appeals_once_judgment ON appeals (judgment_id) WHERE judgment_id IS NOT NULL AND state = 'open';
CREATE INDEX appeals_open ON appeals (answer_by_ms) WHERE state = 'open';
CREATE INDEX appeals_by_person ON appeals (person_id, id);
CREATE UNIQUE INDEX appeals_once_change ON appeals (change_id) WHERE change_id IS NOT NULL;
