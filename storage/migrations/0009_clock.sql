-- Steady time, which goes on whatever the clock on the wall is set to: an item's stretches are measured on it, and so is what passed between
-- two answers. Rows from before have none; `shown_ms` of an assignment, where the stretch under way began, is a moment of it from here on.
ALTER TABLE assignments ADD COLUMN first_steady_ms BIGINT;
ALTER TABLE judgments ADD COLUMN answered_steady_ms BIGINT;

-- When a project's cap was last told to be too tight, and which cap that was: not again for the same one within two weeks.
-- The proposal waits for an answer: taken, left, or still open.
CREATE TABLE cap_notices (
    id {id},
    project_id BIGINT NOT NULL,
    cap_ms BIGINT NOT NULL,
    proposed_ms BIGINT NOT NULL,
    judgments BIGINT NOT NULL,
    met BIGINT NOT NULL,
    state TEXT NOT NULL,
    told_ms BIGINT NOT NULL,
    decided_ms BIGINT,
    CONSTRAINT cap_notices_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT cap_notices_state CHECK (state IN ('open', 'taken', 'left')),
    CONSTRAINT cap_notices_proposal CHECK (proposed_ms > cap_ms)
);
CREATE INDEX cap_notices_by_project ON cap_notices (project_id, told_ms);
