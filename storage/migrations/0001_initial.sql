-- The first schema. Portable law: numbers are BIGINT, words and JSON are TEXT, times are UTC milliseconds (…_ms),
-- every constraint has a name. {id} is the engine's generated key, {clustered} the engine's "rows live in the key".

CREATE TABLE settings (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    CONSTRAINT settings_pk PRIMARY KEY (name)
);

-- Who runs on this database now: one row, renewed, so that a second instance can say why it stops.
CREATE TABLE instances (
    name TEXT NOT NULL,
    holder TEXT NOT NULL,
    expires_ms BIGINT NOT NULL,
    CONSTRAINT instances_pk PRIMARY KEY (name)
);

-- Raw updates, sealed, committed before Telegram is told that we have them. The payload is emptied once done.
CREATE TABLE inbox (
    id {id},
    update_id BIGINT NOT NULL,
    digest TEXT NOT NULL,
    person_key TEXT NOT NULL,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    finished_ms BIGINT,
    trouble TEXT,
    CONSTRAINT inbox_once UNIQUE (update_id, digest),
    CONSTRAINT inbox_state CHECK (state IN ('new', 'done', 'set_aside'))
);
CREATE INDEX inbox_unfinished ON inbox (id) WHERE state = 'new';
CREATE INDEX inbox_finished ON inbox (finished_ms) WHERE state <> 'new';

-- person_key is a keyed hash of the Telegram id; contact and profile are sealed. After erasure all three are empty.
CREATE TABLE people (
    id {id},
    person_key TEXT,
    pseudonym TEXT NOT NULL,
    contact TEXT NOT NULL,
    profile TEXT NOT NULL,
    state TEXT NOT NULL,
    joined_ms BIGINT NOT NULL,
    unreachable_ms BIGINT,
    muted_ms BIGINT,
    project_id BIGINT,
    CONSTRAINT people_key UNIQUE (person_key),
    CONSTRAINT people_pseudonym UNIQUE (pseudonym),
    CONSTRAINT people_state CHECK (state IN ('invited', 'profiling', 'ready', 'withdrawn', 'suspended', 'erased'))
);

CREATE TABLE roles (
    person_id BIGINT NOT NULL,
    role TEXT NOT NULL,
    granted_by BIGINT,
    granted_ms BIGINT NOT NULL,
    CONSTRAINT roles_pk PRIMARY KEY (person_id, role),
    CONSTRAINT roles_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT roles_role CHECK (role IN ('student', 'coordinator', 'admin'))
);

CREATE TABLE consents (
    id {id},
    person_id BIGINT NOT NULL,
    version TEXT NOT NULL,
    digest TEXT NOT NULL,
    given_ms BIGINT NOT NULL,
    withdrawn_ms BIGINT,
    CONSTRAINT consents_person FOREIGN KEY (person_id) REFERENCES people (id)
);
CREATE UNIQUE INDEX consents_live ON consents (person_id) WHERE withdrawn_ms IS NULL;

-- What the bot waits for from a person: at most one thing, and a new one replaces it.
CREATE TABLE awaited (
    person_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    CONSTRAINT awaited_pk PRIMARY KEY (person_id),
    CONSTRAINT awaited_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- The one living message of a person, so that it can be edited when no tap tells us where it is.
CREATE TABLE cards (
    person_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    placed_ms BIGINT NOT NULL,
    CONSTRAINT cards_pk PRIMARY KEY (person_id),
    CONSTRAINT cards_person FOREIGN KEY (person_id) REFERENCES people (id)
);

CREATE TABLE projects (
    id {id},
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    state TEXT NOT NULL,
    owner_id BIGINT,
    created_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    CONSTRAINT projects_slug UNIQUE (slug),
    CONSTRAINT projects_state CHECK (state IN ('draft', 'open', 'paused', 'closed'))
);

CREATE TABLE project_coordinators (
    project_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    CONSTRAINT project_coordinators_pk PRIMARY KEY (project_id, person_id),
    CONSTRAINT project_coordinators_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT project_coordinators_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- An invitation link. Its token is stored hashed; it may name a project and never acts twice for one person.
CREATE TABLE invitations (
    id {id},
    token_hash TEXT NOT NULL,
    role TEXT NOT NULL,
    project_id BIGINT,
    uses_left BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    created_by BIGINT,
    created_ms BIGINT NOT NULL,
    CONSTRAINT invitations_token UNIQUE (token_hash),
    CONSTRAINT invitations_uses CHECK (uses_left >= 0),
    CONSTRAINT invitations_role CHECK (role IN ('student', 'coordinator', 'admin')),
    CONSTRAINT invitations_project FOREIGN KEY (project_id) REFERENCES projects (id)
);
CREATE TABLE invitation_uses (
    invitation_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    used_ms BIGINT NOT NULL,
    CONSTRAINT invitation_uses_pk PRIMARY KEY (invitation_id, person_id),
    CONSTRAINT invitation_uses_invitation FOREIGN KEY (invitation_id) REFERENCES invitations (id),
    CONSTRAINT invitation_uses_person FOREIGN KEY (person_id) REFERENCES people (id)
);

-- Ids are given in shuffled order at import, so that walking by id is walking at random.
CREATE TABLE items (
    id {id},
    project_id BIGINT NOT NULL,
    external_id TEXT NOT NULL,
    use TEXT NOT NULL,
    fields TEXT NOT NULL,
    gold TEXT,
    explanation TEXT,
    added_ms BIGINT NOT NULL,
    settled_ms BIGINT,
    CONSTRAINT items_once UNIQUE (project_id, external_id),
    CONSTRAINT items_use CHECK (use IN ('training', 'exam', 'gold', 'work')),
    CONSTRAINT items_gold CHECK (use = 'work' OR gold IS NOT NULL),
    CONSTRAINT items_project FOREIGN KEY (project_id) REFERENCES projects (id)
);
-- Training, exam and gold items are found through this; work items through the queue.
CREATE INDEX items_by_use ON items (project_id, use, id) WHERE use <> 'work';

-- Work items that still want judgments, with the leases that may still be handed out.
CREATE TABLE queue (
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    slots BIGINT NOT NULL,
    CONSTRAINT queue_pk PRIMARY KEY (project_id, item_id),
    CONSTRAINT queue_slots CHECK (slots > 0)
) {clustered};

-- Slots that came back (skipped, expired, undone, disagreed). Ids ascend, so each student reads on from a cursor.
CREATE TABLE returned (
    id {id},
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    CONSTRAINT returned_item FOREIGN KEY (item_id) REFERENCES items (id)
);
CREATE INDEX returned_by_project ON returned (project_id, id, item_id);
CREATE INDEX returned_by_item ON returned (item_id);

-- A student's standing on a project, the cursors through its items and the set under way.
-- `resumes`: where somebody who left goes on should they come back.
CREATE TABLE qualifications (
    person_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    standing TEXT NOT NULL,
    attempt BIGINT NOT NULL,
    answered BIGINT NOT NULL,
    exam_right BIGINT NOT NULL,
    retry_ms BIGINT,
    queue_cursor BIGINT NOT NULL,
    returned_cursor BIGINT NOT NULL,
    gold_cursor BIGINT NOT NULL,
    exhausted_ms BIGINT,
    gold_right BIGINT NOT NULL,
    gold_wrong BIGINT NOT NULL,
    set_done BIGINT NOT NULL,
    set_credited_ms BIGINT NOT NULL,
    set_amount_micro BIGINT NOT NULL,
    joined_ms BIGINT NOT NULL,
    changed_ms BIGINT NOT NULL,
    resumes TEXT,
    CONSTRAINT qualifications_pk PRIMARY KEY (person_id, project_id),
    CONSTRAINT qualifications_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT qualifications_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT qualifications_standing
        CHECK (standing IN ('training', 'exam', 'active', 'watched', 'paused', 'removed', 'left')),
    CONSTRAINT qualifications_resumes CHECK (resumes IS NULL OR standing = 'left')
) {clustered};
CREATE INDEX qualifications_by_project ON qualifications (project_id, standing);

-- An item leased to a student. The primary key is the promise that nobody meets a work item twice:
-- only training and exam may come again, under a new attempt.
CREATE TABLE assignments (
    token TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    use TEXT NOT NULL,
    state TEXT NOT NULL,
    step BIGINT NOT NULL,
    draft TEXT NOT NULL,
    page BIGINT NOT NULL,
    pages_seen BIGINT NOT NULL,
    first_shown_ms BIGINT NOT NULL,
    shown_ms BIGINT NOT NULL,
    spent_ms BIGINT NOT NULL,
    lease_expires_ms BIGINT NOT NULL,
    rate_micro BIGINT NOT NULL,
    currency TEXT NOT NULL,
    cap_ms BIGINT NOT NULL,
    flag_reason TEXT,
    CONSTRAINT assignments_pk PRIMARY KEY (person_id, item_id, attempt),
    CONSTRAINT assignments_token UNIQUE (token),
    CONSTRAINT assignments_attempt CHECK (attempt = 1 OR use IN ('training', 'exam')),
    CONSTRAINT assignments_state
        CHECK (state IN ('open', 'parked', 'paused', 'judged', 'skipped', 'flagged', 'expired')),
    CONSTRAINT assignments_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT assignments_item FOREIGN KEY (item_id) REFERENCES items (id)
);
CREATE UNIQUE INDEX assignments_one_open ON assignments (person_id) WHERE state = 'open';
-- Unfinished is written out: SQLite builds a table for an IN at each write, which costs more than the rest of a tap.
CREATE INDEX assignments_unfinished ON assignments (person_id, project_id)
    WHERE (state = 'open' OR state = 'parked' OR state = 'paused');
CREATE INDEX assignments_held ON assignments (item_id) WHERE (state = 'open' OR state = 'parked' OR state = 'paused');
CREATE INDEX assignments_leases ON assignments (lease_expires_ms) WHERE (state = 'open' OR state = 'parked' OR state = 'paused');
CREATE INDEX assignments_flagged ON assignments (project_id, item_id) WHERE state = 'flagged';

-- One student's recorded answer. An undone judgment stays, marked; one per assignment is live.
CREATE TABLE judgments (
    id {id},
    token TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    use TEXT NOT NULL,
    answers TEXT NOT NULL,
    correct BIGINT,
    shown_ms BIGINT NOT NULL,
    answered_ms BIGINT NOT NULL,
    credited_ms BIGINT NOT NULL,
    amount_micro BIGINT NOT NULL,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    approved_ms BIGINT,
    undone_ms BIGINT,
    CONSTRAINT judgments_status CHECK (status IN ('counted', 'held', 'excluded')),
    CONSTRAINT judgments_credited CHECK (credited_ms >= 0 AND amount_micro >= 0),
    CONSTRAINT judgments_assignment FOREIGN KEY (token) REFERENCES assignments (token)
);
CREATE UNIQUE INDEX judgments_once ON judgments (token) WHERE undone_ms IS NULL;
CREATE INDEX judgments_by_person ON judgments (person_id, answered_ms);
-- The order in which they were given, whatever the clock said.
CREATE INDEX judgments_in_order ON judgments (person_id, id);
CREATE INDEX judgments_by_item ON judgments (item_id);
CREATE INDEX judgments_by_project ON judgments (project_id, id);
CREATE INDEX judgments_pending ON judgments (answered_ms) WHERE approved_ms IS NULL AND undone_ms IS NULL;

CREATE INDEX judgments_pending_gold ON judgments (person_id, answered_ms)
    WHERE use = 'gold' AND approved_ms IS NULL AND undone_ms IS NULL;

-- What each student earned in each quarter of an hour, undone answers taken out again. Days begin at a quarter everywhere, so the sum of
-- today on each card is that of a few rows, however much was judged.
CREATE TABLE earned (
    person_id BIGINT NOT NULL,
    quarter_ms BIGINT NOT NULL,
    currency TEXT NOT NULL,
    credited_ms BIGINT NOT NULL,
    amount_micro BIGINT NOT NULL,
    CONSTRAINT earned_pk PRIMARY KEY (person_id, quarter_ms, currency),
    CONSTRAINT earned_person FOREIGN KEY (person_id) REFERENCES people (id)
) {clustered};

-- Judgments whose pay is to be approved, and when: written as items settle, emptied by the timetable.
CREATE TABLE approvals_due (
    judgment_id BIGINT NOT NULL,
    item_id BIGINT NOT NULL,
    due_ms BIGINT NOT NULL,
    CONSTRAINT approvals_due_pk PRIMARY KEY (judgment_id),
    CONSTRAINT approvals_due_judgment FOREIGN KEY (judgment_id) REFERENCES judgments (id)
);
CREATE INDEX approvals_due_by_time ON approvals_due (due_ms);
CREATE INDEX approvals_due_by_item ON approvals_due (item_id);

-- The ledger. An entry is one event under a unique key, chained by hash; a posting moves an amount of an asset.
CREATE TABLE entries (
    id {id},
    key TEXT NOT NULL,
    kind TEXT NOT NULL,
    person_id BIGINT,
    actor TEXT NOT NULL,
    reason TEXT NOT NULL,
    recorded_ms BIGINT NOT NULL,
    previous_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    CONSTRAINT entries_key UNIQUE (key),
    CONSTRAINT entries_chain UNIQUE (previous_hash)
);
CREATE INDEX entries_by_person ON entries (person_id, id);
CREATE TABLE postings (
    entry_id BIGINT NOT NULL,
    line BIGINT NOT NULL,
    source TEXT NOT NULL,
    destination TEXT NOT NULL,
    amount BIGINT NOT NULL,
    asset TEXT NOT NULL,
    CONSTRAINT postings_pk PRIMARY KEY (entry_id, line),
    CONSTRAINT postings_entry FOREIGN KEY (entry_id) REFERENCES entries (id),
    CONSTRAINT postings_amount CHECK (amount > 0),
    CONSTRAINT postings_move CHECK (source <> destination)
);
CREATE INDEX postings_by_source ON postings (source, asset, amount);
CREATE INDEX postings_by_destination ON postings (destination, asset, amount);

CREATE TABLE broadcasts (
    id {id},
    project_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    started_ms BIGINT,
    finished_ms BIGINT,
    progress_message_id BIGINT,
    CONSTRAINT broadcasts_state CHECK (state IN ('draft', 'sending', 'paused', 'stopped', 'done')),
    CONSTRAINT broadcasts_project FOREIGN KEY (project_id) REFERENCES projects (id),
    CONSTRAINT broadcasts_author FOREIGN KEY (author_id) REFERENCES people (id)
);

-- Whatever is not a reply: a row written with its cause, sent by the pump. `started_ms` is committed before the call.
CREATE TABLE deliveries (
    id {id},
    key TEXT NOT NULL,
    person_id BIGINT NOT NULL,
    lane TEXT NOT NULL,
    broadcast_id BIGINT,
    payload TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    not_before_ms BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    started_ms BIGINT,
    finished_ms BIGINT,
    message_id BIGINT,
    trouble TEXT,
    CONSTRAINT deliveries_key UNIQUE (key),
    CONSTRAINT deliveries_lane CHECK (lane IN ('notice', 'broadcast')),
    CONSTRAINT deliveries_state
        CHECK (state IN ('waiting', 'sending', 'sent', 'unreachable', 'failed', 'uncertain', 'cancelled')),
    CONSTRAINT deliveries_person FOREIGN KEY (person_id) REFERENCES people (id),
    CONSTRAINT deliveries_broadcast FOREIGN KEY (broadcast_id) REFERENCES broadcasts (id)
);
CREATE INDEX deliveries_due ON deliveries (lane, not_before_ms, id) WHERE state = 'waiting';
CREATE INDEX deliveries_started ON deliveries (started_ms) WHERE state = 'sending';
CREATE INDEX deliveries_by_broadcast ON deliveries (broadcast_id, state);
CREATE INDEX deliveries_finished ON deliveries (finished_ms) WHERE lane = 'notice' AND finished_ms IS NOT NULL;

-- What coordinators and admins did, and every refusal of a right. Never item text, never personal data.
CREATE TABLE audit (
    id {id},
    actor TEXT NOT NULL,
    deed TEXT NOT NULL,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    done_ms BIGINT NOT NULL
);
