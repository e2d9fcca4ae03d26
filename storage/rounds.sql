-- name: next_for^
-- What a student is still to be asked in a round: an item that they never met, or one whose lease ran out. `token`: of that lease.
SELECT r.id AS round_id, i.item_id, a.token
FROM rounds AS r
JOIN round_people AS p ON p.round_id = r.id AND p.person_id = :person_id
JOIN round_items AS i ON i.round_id = r.id AND i.place > 0
LEFT JOIN assignments AS a ON a.person_id = :person_id AND a.item_id = i.item_id AND a.attempt = 1
WHERE r.project_id = :project_id AND r.state = 'open' AND r.closes_ms > :now_ms AND (a.token IS NULL OR a.state = 'expired')
ORDER BY r.id, i.place LIMIT 1;

-- name: add_lease!
INSERT INTO round_leases (token, round_id) VALUES (:token, :round_id) ON CONFLICT (token) DO NOTHING;

-- name: place_of^
-- Where in its round a leased item stands.
SELECT i.place, (SELECT COUNT(*) FROM round_items AS o WHERE o.round_id = l.round_id AND o.place > 0) AS of
FROM round_leases AS l JOIN round_items AS i ON i.round_id = l.round_id AND i.item_id = :item_id
WHERE l.token = :token;

-- name: is_leased$
SELECT 1 FROM round_leases WHERE token = :token;

-- name: by_id^
SELECT id, project_id, number, state, everyone, days, created_by, created_ms, opened_ms, closes_ms, closed_ms, told_ms, before, after
FROM rounds WHERE id = :id;

-- name: draft_of^
SELECT id, project_id, number, state, everyone, days, created_by, created_ms, opened_ms, closes_ms, closed_ms, told_ms, before, after
FROM rounds WHERE project_id = :project_id AND state = 'draft';

-- name: of_project
SELECT id, project_id, number, state, everyone, days, created_by, created_ms, opened_ms, closes_ms, closed_ms, told_ms, before, after
FROM rounds WHERE project_id = :project_id AND state <> 'discarded' ORDER BY number DESC LIMIT :most;

-- name: to_rule
-- Of the rounds that are over, how many items have no ruling yet.
SELECT r.id AS round_id, COUNT(CASE WHEN i.ruling IS NULL THEN 1 END) AS missing, COUNT(*) AS items
FROM rounds AS r JOIN round_items AS i ON i.round_id = r.id AND i.place > 0
WHERE r.project_id = :project_id AND r.state = 'closed' GROUP BY r.id;

-- name: last_number$
SELECT MAX(number) FROM rounds WHERE project_id = :project_id AND state <> 'discarded';

-- name: add$
INSERT INTO rounds (project_id, number, state, everyone, days, created_by, created_ms, before, after)
VALUES (:project_id, :number, 'draft', 1, :days, :created_by, :now_ms, '', '')
RETURNING id;

-- name: set_days!
UPDATE rounds SET days = :days WHERE id = :id AND state = 'draft';

-- name: set_everyone!
UPDATE rounds SET everyone = :everyone WHERE id = :id AND state = 'draft';

-- name: discard!
UPDATE rounds SET state = 'discarded' WHERE id = :id AND state = 'draft';

-- name: open!
UPDATE rounds SET state = 'open', opened_ms = :now_ms, closes_ms = :closes_ms WHERE id = :id AND state = 'draft';

-- name: close!
UPDATE rounds SET state = 'closed', closed_ms = :now_ms WHERE id = :id AND state = 'open';

-- name: tell!
UPDATE rounds SET state = 'told', told_ms = :now_ms WHERE id = :id AND state = 'closed';

-- name: keep_figures!
UPDATE rounds SET before = :before, after = :after, after_ms = :now_ms WHERE id = :id;

-- name: open_ones
SELECT id, project_id, number, state, everyone, days, created_by, created_ms, opened_ms, closes_ms, closed_ms, told_ms, before, after
FROM rounds WHERE state = 'open' ORDER BY project_id, id;

-- name: to_follow
-- Rounds whose figures were not taken yet, or are to be taken again: the agreement after a round while its window runs, and once behind its end.
SELECT id FROM rounds
WHERE state <> 'draft' AND state <> 'discarded' AND (after_ms IS NULL
    OR (state = 'told' AND (after_ms < told_ms OR (after_ms < told_ms + :window_ms AND after_ms < :before_ms))))
ORDER BY id LIMIT :most;

-- name: unfinished$
-- Whether somebody of a cohort who is at work has items of the round before them; who took their consent back will not answer.
SELECT 1 FROM round_people AS p
JOIN people AS h ON h.id = p.person_id AND h.state = 'ready'
JOIN rounds AS r ON r.id = p.round_id
JOIN qualifications AS q ON q.person_id = p.person_id AND q.project_id = r.project_id
JOIN round_items AS i ON i.round_id = r.id AND i.place > 0
LEFT JOIN assignments AS a ON a.person_id = p.person_id AND a.item_id = i.item_id AND a.attempt = 1
WHERE r.id = :id AND (q.standing = 'active' OR q.standing = 'watched')
    AND (a.token IS NULL OR a.state = 'open' OR a.state = 'parked' OR a.state = 'paused' OR a.state = 'expired')
LIMIT 1;

-- name: items
SELECT r.item_id, r.place, i.external_id, i.fields, r.draft, r.ruling, r.why, r.training_item_id
FROM round_items AS r JOIN items AS i ON i.id = r.item_id
WHERE r.round_id = :id AND r.place > 0 ORDER BY r.place;

-- name: put_item!
INSERT INTO round_items (round_id, item_id, place, draft, why) VALUES (:round_id, :item_id, :place, '', '')
ON CONFLICT (round_id, item_id) DO UPDATE SET place = excluded.place;

-- name: take_item!
DELETE FROM round_items WHERE round_id = :round_id AND item_id = :item_id;

-- name: set_aside!
UPDATE round_items SET place = 0 WHERE round_id = :round_id AND item_id = :item_id;

-- name: eligible^
-- A work item that no round has had, and that nobody flagged.
SELECT i.id AS item_id, i.external_id, i.fields FROM items AS i
WHERE i.id = :item_id AND i.project_id = :project_id AND i.use = 'work'
    AND (SELECT 1 FROM round_items AS o JOIN rounds AS r ON r.id = o.round_id
         WHERE o.item_id = i.id AND r.state <> 'discarded' LIMIT 1) IS NULL
    AND (SELECT 1 FROM assignments AS a
         WHERE a.project_id = :project_id AND a.item_id = i.id AND a.state = 'flagged' LIMIT 1) IS NULL;

-- name: recent_answers
-- The newest answers of a project to its work.
SELECT item_id, answers FROM judgments
WHERE project_id = :project_id AND use = 'work' AND undone_ms IS NULL AND status = 'counted' ORDER BY id DESC LIMIT :most;

-- name: some_work
SELECT id AS item_id FROM items WHERE project_id = :project_id AND use = 'work' ORDER BY id LIMIT :most;

-- name: answers_to_item
SELECT item_id, answers FROM judgments
WHERE item_id = :item_id AND use = 'work' AND undone_ms IS NULL AND status <> 'excluded' ORDER BY id LIMIT :most;

-- name: students
-- Who is at work on a project and can be asked, and whether they were chosen.
SELECT p.id AS person_id, p.pseudonym,
    CASE WHEN (SELECT 1 FROM round_people AS c WHERE c.round_id = :round_id AND c.person_id = p.id) IS NULL THEN 0 ELSE 1 END AS chosen
FROM qualifications AS q JOIN people AS p ON p.id = q.person_id
WHERE q.project_id = :project_id AND (q.standing = 'active' OR q.standing = 'watched') AND p.state = 'ready'
ORDER BY q.joined_ms, q.person_id LIMIT :most;

-- name: choose!
INSERT INTO round_people (round_id, person_id) VALUES (:round_id, :person_id) ON CONFLICT (round_id, person_id) DO NOTHING;

-- name: unchoose!
DELETE FROM round_people WHERE round_id = :round_id AND person_id = :person_id;

-- name: cohort
SELECT person_id FROM round_people WHERE round_id = :id ORDER BY person_id;

-- name: answers
-- What the cohort answered to the items of a round, whenever that was: nobody is asked the same thing twice. Without those who took their
-- consent back.
SELECT j.item_id, j.person_id, j.answers, j.flipped
FROM round_items AS i CROSS JOIN judgments AS j
WHERE i.round_id = :id AND i.place > 0 AND j.item_id = i.item_id AND j.use = 'work' AND j.undone_ms IS NULL AND j.status <> 'excluded'
    AND (SELECT 1 FROM round_people AS p WHERE p.round_id = :id AND p.person_id = j.person_id) IS NOT NULL
    AND (SELECT 1 FROM people AS h WHERE h.id = j.person_id AND (h.state = 'withdrawn' OR h.state = 'erased')) IS NULL
ORDER BY i.place, j.id;

-- name: work_between
-- What the cohort answered on ordinary work within a time; what was asked in any round is no part of it. Here and above, CROSS JOIN
-- has SQLite begin with the few rows of the round.
SELECT j.item_id, j.answers
FROM round_people AS p CROSS JOIN judgments AS j
WHERE p.round_id = :id AND j.person_id = p.person_id AND j.answered_ms >= :from_ms AND j.answered_ms < :until_ms
    AND j.project_id = :project_id
    AND j.use = 'work' AND j.undone_ms IS NULL AND j.status <> 'excluded'
    AND (SELECT 1 FROM people AS h WHERE h.id = p.person_id AND (h.state = 'withdrawn' OR h.state = 'erased')) IS NULL
    AND (SELECT 1 FROM round_leases AS l WHERE l.token = j.token) IS NULL
    AND (SELECT 1 FROM round_items AS i WHERE i.round_id = :id AND i.item_id = j.item_id AND i.place > 0) IS NULL
ORDER BY j.item_id, j.id LIMIT :most;

-- name: set_draft!
UPDATE round_items SET draft = :draft WHERE round_id = :round_id AND item_id = :item_id;

-- name: rule!
UPDATE round_items SET ruling = :ruling, why = :why, ruled_by = :ruled_by, ruled_ms = :now_ms, draft = ''
WHERE round_id = :round_id AND item_id = :item_id;

-- name: set_training!
UPDATE round_items SET training_item_id = :training_item_id WHERE round_id = :round_id AND item_id = :item_id;

-- name: met
-- The items of a round that a student was done with, and their answer to each; who skipped one has none.
SELECT i.item_id, i.place, j.answers, a.flipped
FROM round_items AS i
JOIN assignments AS a ON a.person_id = :person_id AND a.item_id = i.item_id AND a.attempt = 1
LEFT JOIN judgments AS j ON j.token = a.token AND j.undone_ms IS NULL
WHERE i.round_id = :id AND i.place > 0 AND a.use = 'work' AND (a.state = 'judged' OR a.state = 'skipped' OR a.state = 'flagged')
ORDER BY i.place;

-- name: told_to
-- The rounds of a project whose results a student was told, the newest first.
SELECT r.id, r.project_id, r.number, r.state, r.everyone, r.days, r.created_by, r.created_ms, r.opened_ms, r.closes_ms, r.closed_ms,
    r.told_ms, r.before, r.after
FROM round_people AS p JOIN rounds AS r ON r.id = p.round_id
WHERE p.person_id = :person_id AND r.project_id = :project_id AND r.state = 'told' ORDER BY r.number DESC LIMIT :most;

-- name: count_training$
SELECT COUNT(*) FROM items WHERE project_id = :project_id AND use = 'training' AND use <> 'work';
