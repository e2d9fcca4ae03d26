-- name: of^
SELECT person_id, project_id, standing, attempt, answered, exam_right, retry_ms, queue_cursor, returned_cursor, gold_cursor,
    exhausted_ms, gold_right, gold_wrong, set_done, set_credited_ms, set_amount_micro
FROM qualifications WHERE person_id = :person_id AND project_id = :project_id;

-- name: add!
INSERT INTO qualifications (person_id, project_id, standing, attempt, answered, exam_right, queue_cursor, returned_cursor,
    gold_cursor, gold_right, gold_wrong, set_done, set_credited_ms, set_amount_micro, joined_ms, changed_ms)
VALUES (:person_id, :project_id, :standing, 1, 0, 0, 0, 0, :gold_cursor, 0, 0, 0, 0, 0, :now_ms, :now_ms)
ON CONFLICT (person_id, project_id) DO NOTHING;

-- name: set_progress!
UPDATE qualifications SET standing = :standing, attempt = :attempt, answered = :answered, exam_right = :exam_right,
    retry_ms = :retry_ms, changed_ms = :now_ms
WHERE person_id = :person_id AND project_id = :project_id;

-- name: set_cursors!
UPDATE qualifications SET queue_cursor = :queue_cursor, returned_cursor = :returned_cursor, gold_cursor = :gold_cursor,
    exhausted_ms = :exhausted_ms
WHERE person_id = :person_id AND project_id = :project_id;

-- name: tally!
-- Adds one answer (or takes one back, with negative figures) to the set under way and to the golds.
UPDATE qualifications SET set_done = set_done + :done, set_credited_ms = set_credited_ms + :credited_ms,
    set_amount_micro = set_amount_micro + :amount_micro, gold_right = gold_right + :gold_right,
    gold_wrong = gold_wrong + :gold_wrong
WHERE person_id = :person_id AND project_id = :project_id;

-- name: begin_set!
UPDATE qualifications SET set_done = 0, set_credited_ms = 0, set_amount_micro = 0
WHERE person_id = :person_id AND project_id = :project_id;

-- name: seats_taken$
-- Whoever took their consent back, or was erased, keeps no place from others.
SELECT COUNT(*) FROM qualifications AS q JOIN people AS p ON p.id = q.person_id
WHERE q.project_id = :project_id AND q.standing NOT IN ('left', 'removed') AND p.state NOT IN ('withdrawn', 'erased');

-- name: open_projects
SELECT p.id, p.slug, p.title, p.definition, p.state, p.owner_id
FROM projects AS p WHERE p.state = 'open' ORDER BY p.id;

-- name: joined_projects
SELECT p.id, p.slug, p.title, p.definition, p.state, p.owner_id
FROM qualifications AS q JOIN projects AS p ON p.id = q.project_id
WHERE q.person_id = :person_id AND q.standing NOT IN ('left', 'removed') ORDER BY q.joined_ms DESC;

-- name: leave!
UPDATE qualifications SET standing = 'left', resumes = standing, changed_ms = :now_ms
WHERE person_id = :person_id AND project_id = :project_id AND standing NOT IN ('left', 'removed');

-- name: come_back!
UPDATE qualifications SET standing = resumes, resumes = NULL, changed_ms = :now_ms
WHERE person_id = :person_id AND project_id = :project_id AND standing = 'left' AND resumes IS NOT NULL;
