-- name: due
-- Projects that were not looked at lately and got answers since.
SELECT p.id FROM projects AS p LEFT JOIN suspicion_looks AS l ON l.project_id = p.id
WHERE COALESCE(l.looked_ms, 0) <= :before_ms
    AND (SELECT MAX(j.id) FROM judgments AS j WHERE j.project_id = p.id) > COALESCE(l.through_id, 0)
ORDER BY p.id;

-- name: answers
-- The newest answers to work and gold, whether they count or not; the newest first.
SELECT j.id, j.person_id, j.item_id, j.answers, j.shown_ms, j.answered_ms
FROM judgments AS j
WHERE j.project_id = :project_id AND j.undone_ms IS NULL AND (j.use = 'work' OR j.use = 'gold')
ORDER BY j.id DESC LIMIT :most;

-- name: golds
-- The gold items whose key is not in doubt.
SELECT id, gold FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work' AND frozen_ms IS NULL;

-- name: payees
-- Where people of a project are paid, as a hash.
SELECT d.person_id, d.payee_hash
FROM payout_details AS d
JOIN qualifications AS q ON q.person_id = d.person_id AND q.project_id = :project_id;

-- name: keep!
-- What was found again keeps what somebody decided about it.
INSERT INTO suspicions (project_id, kind, people, one_id, other_id, surprise_milli, figures, state, found_ms, seen_ms)
VALUES (:project_id, :kind, :people, :one_id, :other_id, :surprise_milli, :figures, 'open', :now_ms, :now_ms)
ON CONFLICT (project_id, kind, people) DO UPDATE SET surprise_milli = excluded.surprise_milli, figures = excluded.figures,
    seen_ms = excluded.seen_ms, state = CASE WHEN suspicions.state = 'faded' THEN 'open' ELSE suspicions.state END;

-- name: fade!
UPDATE suspicions SET state = 'faded' WHERE project_id = :project_id AND state = 'open' AND seen_ms < :now_ms;

-- name: keep_look!
INSERT INTO suspicion_looks (project_id, looked_ms, through_id, tested)
VALUES (:project_id, :now_ms, :through_id, :tested)
ON CONFLICT (project_id) DO UPDATE SET looked_ms = excluded.looked_ms, through_id = excluded.through_id,
    tested = excluded.tested;

-- name: look_of^
SELECT looked_ms, tested FROM suspicion_looks WHERE project_id = :project_id;

-- name: count_open$
SELECT COUNT(*) FROM suspicions WHERE project_id = :project_id AND state = 'open';

-- name: new_ones^
-- What a look found for the first time and nobody has decided; `newest_id` is 0 where there is nothing.
SELECT COUNT(*) AS found, COALESCE(MAX(id), 0) AS newest_id FROM suspicions
WHERE project_id = :project_id AND found_ms = :found_ms AND state = 'open';

-- name: count$
SELECT COUNT(*) FROM suspicions WHERE project_id = :project_id AND state = :state;

-- name: listed
-- The least likely first; what has no chance stands behind.
SELECT s.id, s.project_id, s.kind, s.one_id, s.other_id, s.surprise_milli, s.figures, s.state, s.found_ms,
    p.pseudonym AS one, q.pseudonym AS other
FROM suspicions AS s
JOIN people AS p ON p.id = s.one_id
LEFT JOIN people AS q ON q.id = s.other_id
WHERE s.project_id = :project_id AND s.state = :state
ORDER BY COALESCE(s.surprise_milli, 0) DESC, s.id LIMIT :most OFFSET :skipped;

-- name: by_id^
SELECT s.id, s.project_id, s.kind, s.one_id, s.other_id, s.surprise_milli, s.figures, s.state, s.found_ms,
    p.pseudonym AS one, q.pseudonym AS other
FROM suspicions AS s
JOIN people AS p ON p.id = s.one_id
LEFT JOIN people AS q ON q.id = s.other_id
WHERE s.id = :id;

-- name: decide!
UPDATE suspicions SET state = :state, decided_by = :decided_by, decided_ms = :now_ms WHERE id = :id AND state <> :state;

-- name: external_id$
SELECT external_id FROM items WHERE id = :item_id;

-- name: answers_of
-- All live answers to an item.
SELECT person_id, answers FROM judgments
WHERE item_id = :item_id AND undone_ms IS NULL AND (use = 'work' OR use = 'gold') ORDER BY id LIMIT :most;
