-- name: live^
SELECT version, given_ms FROM consents WHERE person_id = :person_id AND withdrawn_ms IS NULL;

-- name: give!
INSERT INTO consents (person_id, version, digest, given_ms) VALUES (:person_id, :version, :digest, :now_ms);

-- name: withdraw!
UPDATE consents SET withdrawn_ms = :now_ms WHERE person_id = :person_id AND withdrawn_ms IS NULL;

-- name: forget_card!
DELETE FROM cards WHERE person_id = :person_id;

-- name: forget_roles!
DELETE FROM roles WHERE person_id = :person_id;

-- name: forget_updates!
-- What the inbox kept of a person: the sealed text of what was set aside, and the key of what was done.
UPDATE inbox SET payload = '', person_key = '' WHERE person_key = :person_key AND state <> 'new';

-- name: erase!
UPDATE people SET person_key = NULL, contact = '', profile = '', state = 'erased', muted_ms = NULL, language = ''
WHERE id = :id;

-- name: own_projects
SELECT p.slug AS project, q.standing, q.attempt, q.joined_ms
FROM qualifications AS q JOIN projects AS p ON p.id = q.project_id
WHERE q.person_id = :person_id ORDER BY q.joined_ms, p.slug;

-- name: own_judgments
-- Of an approval only the day: gold is approved in the very moment of the work item after it.
SELECT j.id AS judgment, p.slug AS project, j.answers, j.shown_ms, j.answered_ms, j.credited_ms, j.amount_micro, j.currency,
    j.approved_ms - j.approved_ms % 86400000 AS approved_ms, j.undone_ms
FROM judgments AS j JOIN projects AS p ON p.id = j.project_id
WHERE j.person_id = :person_id ORDER BY j.id;

-- name: ask_again!
UPDATE people SET state = 'invited'
WHERE state IN ('profiling', 'ready')
    AND (SELECT 1 FROM consents AS c
         WHERE c.person_id = people.id AND c.withdrawn_ms IS NULL AND c.version = :version LIMIT 1) IS NULL;
