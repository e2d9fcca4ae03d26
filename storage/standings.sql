-- name: to_look_at
-- Students at work of whom something was read that speaks against them, and those who are watched.
SELECT r.person_id, q.standing, r.log_e_milli, r.since_id, r.after_id, r.golds_right, r.golds, r.peers_agreed, r.peers, r.stops,
    r.alpha_micro
FROM readings AS r JOIN qualifications AS q ON q.person_id = r.person_id AND q.project_id = r.project_id
WHERE r.project_id = :project_id
    AND ((q.standing = 'active' AND r.log_e_milli > 0) OR q.standing = 'watched')
ORDER BY r.person_id;

-- name: move!
-- Changes no row when the student stands elsewhere by now.
UPDATE qualifications SET standing = :became, changed_ms = :now_ms
WHERE person_id = :person_id AND project_id = :project_id AND standing = :was;

-- name: move_away!
-- The same for somebody who left: it is where they go on should they come back.
UPDATE qualifications SET resumes = :became, changed_ms = :now_ms
WHERE person_id = :person_id AND project_id = :project_id AND standing = 'left' AND resumes = :was;

-- name: add_change$
INSERT INTO standing_changes (project_id, person_id, was, became, rule, figures, reason, by_person, at_ms)
VALUES (:project_id, :person_id, :was, :became, :rule, :figures, :reason, :by_person, :now_ms)
RETURNING id;

-- name: change^
SELECT id, project_id, person_id, was, became, rule, figures, reason, by_person, at_ms FROM standing_changes WHERE id = :id;

-- name: changes
-- The newest first.
SELECT id, project_id, person_id, was, became, rule, figures, reason, by_person, at_ms FROM standing_changes
WHERE person_id = :person_id AND project_id = :project_id ORDER BY id DESC LIMIT :most;

-- name: own_changes
SELECT p.title AS project, s.was, s.became, s.rule, s.figures, s.reason, s.at_ms
FROM standing_changes AS s JOIN projects AS p ON p.id = s.project_id
WHERE s.person_id = :person_id ORDER BY s.id;

-- name: answers_since
-- Answers at work from one on that count; training, exam and practice are no data.
SELECT id FROM judgments
WHERE person_id = :person_id AND project_id = :project_id AND id >= :since_id AND use IN ('work', 'gold')
    AND status = 'counted' AND undone_ms IS NULL
ORDER BY id;

-- name: answered_ms$
SELECT answered_ms FROM judgments WHERE id = :id;

-- name: add_pause$
INSERT INTO pauses (change_id, project_id, person_id, number, strikes, practice, needed, must_pass, state, ends_ms, answers)
VALUES (:change_id, :project_id, :person_id, :number, :strikes, :practice, :needed, :must_pass, 'open', :ends_ms, 'held')
RETURNING id;

-- name: earlier_pauses
SELECT state FROM pauses WHERE person_id = :person_id AND project_id = :project_id;

-- name: open_pause^
SELECT id, change_id, project_id, person_id, number, strikes, practice, needed, must_pass, state, ends_ms, ended_ms, answers, left_out_by
FROM pauses WHERE person_id = :person_id AND project_id = :project_id AND state = 'open';

-- name: pause^
SELECT id, change_id, project_id, person_id, number, strikes, practice, needed, must_pass, state, ends_ms, ended_ms, answers, left_out_by
FROM pauses WHERE id = :id;

-- name: pause_of_change^
SELECT id, change_id, project_id, person_id, number, strikes, practice, needed, must_pass, state, ends_ms, ended_ms, answers, left_out_by
FROM pauses WHERE change_id = :change_id;

-- name: due
SELECT id, change_id, project_id, person_id, number, strikes, practice, needed, must_pass, state, ends_ms, ended_ms, answers, left_out_by
FROM pauses WHERE state = 'open' AND ends_ms <= :now_ms ORDER BY ends_ms, id LIMIT :most;

-- name: end_pause!
-- Changes no row when it has ended already.
UPDATE pauses SET state = :state, ended_ms = :now_ms WHERE id = :id AND state = 'open';

-- name: set_answers!
UPDATE pauses SET answers = :answers, left_out_by = :left_out_by WHERE id = :id;

-- name: hold_answer!
INSERT INTO paused_answers (pause_id, judgment_id) VALUES (:pause_id, :judgment_id);

-- name: held_answers
SELECT a.judgment_id AS id FROM paused_answers AS a JOIN judgments AS j ON j.id = a.judgment_id
WHERE a.pause_id = :pause_id AND j.undone_ms IS NULL ORDER BY a.judgment_id;

-- name: appeal_on^
SELECT id, state, answer_by_ms FROM appeals WHERE change_id = :change_id;

-- name: counts_of
-- How many answers of a student at work count, are on hold, or are left out of the data.
SELECT status, CAST(COUNT(*) AS BIGINT) AS answers FROM judgments
WHERE person_id = :person_id AND project_id = :project_id AND use IN ('work', 'gold') AND undone_ms IS NULL
GROUP BY status;

-- name: listed
-- Who needs a coordinator's eye: paused first, the one whose pause ends next on top, then watched, then removed.
SELECT q.person_id, p.pseudonym, q.standing, s.ends_ms FROM qualifications AS q JOIN people AS p ON p.id = q.person_id
LEFT JOIN pauses AS s ON s.person_id = q.person_id AND s.project_id = q.project_id AND s.state = 'open'
WHERE q.project_id = :project_id AND (q.standing = 'paused' OR q.standing = 'watched' OR q.standing = 'removed')
ORDER BY CASE q.standing WHEN 'paused' THEN 1 WHEN 'watched' THEN 2 ELSE 3 END, s.ends_ms, q.changed_ms DESC, q.person_id
LIMIT :most;

-- name: count_listed
SELECT standing, CAST(COUNT(*) AS BIGINT) AS people FROM qualifications
WHERE project_id = :project_id AND (standing = 'paused' OR standing = 'watched' OR standing = 'removed') GROUP BY standing;
