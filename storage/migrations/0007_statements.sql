-- Weekly statements: when each week was closed and where it ended in each project, and what each student's carries.

-- The newest entry and its hash as the week was closed; `person_cursor`: how far the closing has come.
CREATE TABLE statement_weeks (
    week TEXT NOT NULL,
    through_id BIGINT NOT NULL,
    head_hash TEXT NOT NULL,
    person_cursor BIGINT NOT NULL,
    opened_ms BIGINT NOT NULL,
    closed_ms BIGINT,
    CONSTRAINT statement_weeks_pk PRIMARY KEY (week)
);

-- The zone of each project as it was then; a zone that changes later moves no entry into another week. Project 0 is none in particular.
CREATE TABLE statement_bounds (
    week TEXT NOT NULL,
    project_id BIGINT NOT NULL,
    time_zone TEXT NOT NULL,
    end_ms BIGINT NOT NULL,
    CONSTRAINT statement_bounds_pk PRIMARY KEY (week, project_id),
    CONSTRAINT statement_bounds_week FOREIGN KEY (week) REFERENCES statement_weeks (week)
) {clustered};

-- `content`: canonical JSON; `resume_id`: no entry before it is missing from the statements so far.
CREATE TABLE statements (
    id {id},
    person_id BIGINT NOT NULL,
    week TEXT NOT NULL,
    resume_id BIGINT NOT NULL,
    content TEXT NOT NULL,
    digest TEXT NOT NULL,
    closed_ms BIGINT NOT NULL,
    CONSTRAINT statements_once UNIQUE (person_id, week),
    CONSTRAINT statements_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT statements_week FOREIGN KEY (week) REFERENCES statement_weeks (week)
);

-- Bonuses, top-ups, corrections and what was given back: few beside the answers, and looked at on their own.
CREATE INDEX entries_other ON entries (person_id, recorded_ms)
    WHERE kind <> 'earning' AND kind <> 'reversal' AND kind <> 'approval';
