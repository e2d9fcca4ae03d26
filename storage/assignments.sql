-- name: by_token^
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM assignments AS a JOIN items AS i ON i.id = a.item_id
WHERE a.token = :token;

-- name: open_of^
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM assignments AS a JOIN items AS i ON i.id = a.item_id
WHERE a.person_id = :person_id AND a.state = 'open';

-- name: laid_aside^
-- The item that a student left last on a project: parked by an undo, or paused. The index holds the open ones as well.
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM assignments AS a JOIN items AS i ON i.id = a.item_id
WHERE a.person_id = :person_id AND a.project_id = :project_id
    AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused') AND a.state <> 'open'
ORDER BY a.first_shown_ms DESC LIMIT 1;

-- name: run_out^
-- A training or exam item of the attempt under way whose lease ran out. <> 'work' leads SQLite to the small index of items.
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM items AS i JOIN assignments AS a ON a.item_id = i.id AND a.person_id = :person_id AND a.attempt = :attempt
WHERE i.project_id = :project_id AND i.use = :use AND i.use <> 'work' AND a.state = 'expired'
ORDER BY i.id LIMIT 1;

-- name: add!
INSERT INTO assignments (token, person_id, project_id, item_id, attempt, use, state, step, draft, page, pages_seen,
    first_shown_ms, first_steady_ms, shown_ms, spent_ms, lease_expires_ms, rate_micro, currency, cap_ms, scheme, piece_micro,
    flipped)
VALUES (:token, :person_id, :project_id, :item_id, :attempt, :use, 'open', 0, '', 0, 0,
    :now_ms, :steady_ms, :steady_ms, 0, :lease_expires_ms, :rate_micro, :currency, :cap_ms, :scheme, :piece_micro, :flipped);

-- name: set_draft!
UPDATE assignments SET draft = :draft, step = :step, page = :page, pages_seen = :pages_seen WHERE token = :token;

-- name: set_page!
UPDATE assignments SET page = :page, pages_seen = :pages_seen WHERE token = :token;

-- name: set_plain!
-- This card is not to be rich any more: its reader turned the pages of its plain form.
UPDATE assignments SET plain = 1 WHERE token = :token;

-- name: stop!
-- Leaves the open state: the time so far is kept, the stretch under way ends.
UPDATE assignments SET state = :state, spent_ms = :spent_ms, lease_expires_ms = :lease_expires_ms
WHERE token = :token;

-- name: start!
-- Enters the open state: a new stretch begins now. The step stays, so a card that is still on the screen fits.
UPDATE assignments SET state = 'open', shown_ms = :steady_ms, lease_expires_ms = :lease_expires_ms
WHERE token = :token;

-- name: restart!
-- An undone answer is taken up again where it was finished.
UPDATE assignments SET state = 'open', shown_ms = :steady_ms, lease_expires_ms = :lease_expires_ms, step = step + 1, draft = :draft
WHERE token = :token;

-- name: set_flag!
UPDATE assignments SET flag_reason = :reason WHERE token = :token;

-- name: held$
-- Leases of an item that bring it an answer: a settled one may lie before somebody as practice, which brings none.
SELECT COUNT(*) FROM assignments
WHERE item_id = :item_id AND use = 'work' AND (state = 'open' OR state = 'parked' OR state = 'paused');

-- name: expired
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM assignments AS a JOIN items AS i ON i.id = a.item_id
WHERE a.lease_expires_ms < :now_ms AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused')
ORDER BY a.lease_expires_ms LIMIT :most;

-- name: unfinished_of
SELECT a.token, a.person_id, a.project_id, a.item_id, a.attempt, a.use, a.state, a.step, a.draft, a.page, a.pages_seen,
    a.first_shown_ms, a.shown_ms, a.spent_ms, a.lease_expires_ms, a.rate_micro, a.currency, a.cap_ms,
    a.scheme, a.piece_micro, a.flipped, a.plain, i.fields,
    CASE WHEN i.frozen_ms IS NULL THEN i.gold END AS gold, i.explanation
FROM assignments AS a JOIN items AS i ON i.id = a.item_id
WHERE a.person_id = :person_id AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused');

-- name: all_open
SELECT token, person_id FROM assignments WHERE state = 'open' ORDER BY person_id;

-- name: hold_open!
UPDATE assignments SET lease_expires_ms = :until_ms WHERE state = 'open' AND lease_expires_ms < :until_ms;
