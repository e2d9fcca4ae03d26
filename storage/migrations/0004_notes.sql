-- Notes beside the judgments: texts that are nearly the same, how long somebody has worked without a break, and whether the answer that is
-- read first is chosen more often. Nothing is decided by them.

-- Under which marks a student's texts are found again. A mark stands for a project, a question and a part of a folded text; of each student
-- it keeps the first judgment, so that a phrase which one student writes a thousand times is one row.
CREATE TABLE text_marks (
    mark BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    judgment_id BIGINT NOT NULL,
    CONSTRAINT text_marks_pk PRIMARY KEY (mark, person_id),
    CONSTRAINT text_marks_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id)
) {clustered};
CREATE INDEX text_marks_by_judgment ON text_marks (judgment_id);

-- Two texts of two students that are nearly the same; the other judgment was there first. Similarity is in thousandths.
CREATE TABLE text_twins (
    judgment_id BIGINT NOT NULL,
    other_judgment_id BIGINT NOT NULL,
    question TEXT NOT NULL,
    project_id BIGINT NOT NULL,
    similarity BIGINT NOT NULL,
    CONSTRAINT text_twins_pk PRIMARY KEY (judgment_id, other_judgment_id, question),
    CONSTRAINT text_twins_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id),
    CONSTRAINT text_twins_other FOREIGN KEY (other_judgment_id) REFERENCES judgments (id),
    CONSTRAINT text_twins_two CHECK (other_judgment_id <> judgment_id),
    CONSTRAINT text_twins_similarity CHECK (similarity BETWEEN 0 AND 1000)
) {clustered};
CREATE INDEX text_twins_by_other ON text_twins (other_judgment_id);
CREATE INDEX text_twins_by_project ON text_twins (project_id, judgment_id);

-- How long a student has worked since the last break or break card, and when they last answered.
CREATE TABLE stints (
    person_id BIGINT NOT NULL,
    active_ms BIGINT NOT NULL,
    answered_ms BIGINT NOT NULL,
    CONSTRAINT stints_pk PRIMARY KEY (person_id),
    CONSTRAINT stints_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT stints_active CHECK (active_ms >= 0)
) {clustered};

-- How often each student chose the answer that they read first, and the other one; undone choices taken out again.
CREATE TABLE position_counts (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    first_chosen BIGINT NOT NULL,
    second_chosen BIGINT NOT NULL,
    CONSTRAINT position_counts_pk PRIMARY KEY (project_id, person_id),
    CONSTRAINT position_counts_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT position_counts_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT position_counts_positive CHECK (first_chosen >= 0 AND second_chosen >= 0)
) {clustered};
