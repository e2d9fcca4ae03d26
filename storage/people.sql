-- name: by_key^
SELECT id, pseudonym, contact, profile, state, muted_ms, project_id, plain_text FROM people WHERE person_key = :key;

-- name: by_id^
SELECT id, pseudonym, contact, profile, state, muted_ms, project_id, plain_text FROM people WHERE id = :id;

-- name: add<!
INSERT INTO people (person_key, pseudonym, contact, profile, state, joined_ms)
VALUES (:key, :pseudonym, :contact, '', 'invited', :now_ms)
RETURNING id;

-- name: set_contact!
-- Whoever writes to the bot can be reached again.
UPDATE people SET contact = :contact, unreachable_ms = NULL WHERE id = :id;

-- name: set_state!
UPDATE people SET state = :state WHERE id = :id;

-- name: set_profile!
UPDATE people SET profile = :profile, state = :state WHERE id = :id;

-- name: set_project!
-- The project that a bare /work goes on with.
UPDATE people SET project_id = :project_id WHERE id = :id;

-- name: set_muted!
UPDATE people SET muted_ms = :muted_ms WHERE id = :id;

-- name: set_plain_text!
-- 1: task texts without formatting.
UPDATE people SET plain_text = :plain_text WHERE id = :id;

-- name: roles
SELECT role FROM roles WHERE person_id = :person_id ORDER BY role;

-- name: await_input!
INSERT INTO awaited (person_id, kind, detail, since_ms) VALUES (:person_id, :kind, :detail, :now_ms)
ON CONFLICT (person_id) DO UPDATE SET kind = excluded.kind, detail = excluded.detail, since_ms = excluded.since_ms;

-- name: awaited^
SELECT kind, detail, since_ms FROM awaited WHERE person_id = :person_id;

-- name: stop_awaiting!
DELETE FROM awaited WHERE person_id = :person_id;

-- name: place_card!
INSERT INTO cards (person_id, message_id, placed_ms) VALUES (:person_id, :message_id, :now_ms)
ON CONFLICT (person_id) DO UPDATE SET message_id = excluded.message_id, placed_ms = excluded.placed_ms;

-- name: card
SELECT message_id FROM cards WHERE person_id = :person_id;

-- name: audit!
INSERT INTO audit (actor, deed, subject, detail, done_ms) VALUES (:actor, :deed, :subject, :detail, :now_ms);
