-- Suspicions: what the nightly look found for a human to look at. Nothing follows from a row by itself.

-- `people`: one id, or two joined by "+", the smaller first. `surprise_milli`: how unlikely it is among honest people, 3000 for 1 in 1,000 and
-- 6000 for 1 in a million; null where that is not reckoned. `figures`: JSON, the evidence. 'faded': the newest look no longer found it, and
-- nobody had decided.
CREATE TABLE suspicions (
    id {id},
    project_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    people TEXT NOT NULL,
    one_id BIGINT NOT NULL,
    other_id BIGINT,
    surprise_milli BIGINT,
    figures TEXT NOT NULL,
    state TEXT NOT NULL,
    found_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL,
    decided_by BIGINT,
    decided_ms BIGINT,
    CONSTRAINT suspicions_once UNIQUE (project_id, kind, people),
    CONSTRAINT suspicions_kind CHECK (kind IN ('pair', 'leak', 'script', 'moves')),
    CONSTRAINT suspicions_state CHECK (state IN ('open', 'dismissed', 'confirmed', 'faded')),
    CONSTRAINT suspicions_human CHECK (state IN ('open', 'faded') OR (decided_by IS NOT NULL AND decided_ms IS NOT NULL)),
    CONSTRAINT suspicions_two CHECK (other_id IS NULL OR one_id < other_id),
    CONSTRAINT suspicions_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT suspicions_one FOREIGN KEY (one_id) REFERENCES people (id),
    CONSTRAINT suspicions_other FOREIGN KEY (other_id) REFERENCES people (id),
    CONSTRAINT suspicions_decider FOREIGN KEY (decided_by) REFERENCES people (id)
);
CREATE INDEX suspicions_by_state ON suspicions (project_id, state, id);

-- When a project was looked at, how far, and how many were tested (JSON, by kind).
CREATE TABLE suspicion_looks (
    project_id BIGINT NOT NULL,
    looked_ms BIGINT NOT NULL,
    through_id BIGINT NOT NULL,
    tested TEXT NOT NULL,
    CONSTRAINT suspicion_looks_pk PRIMARY KEY (project_id),
    CONSTRAINT suspicion_looks_project FOREIGN KEY (project_id) REFERENCES projects (id)
);
