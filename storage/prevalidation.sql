-- name: recent
-- A person's last live answers to work and gold on a project, the newest first, and what they were about. The plus keeps SQLite from reading
-- the whole project.
SELECT answers, (SELECT i.fields FROM items AS i WHERE i.id = item_id) AS fields FROM judgments
WHERE person_id = :person_id AND +project_id = :project_id AND undone_ms IS NULL AND (use = 'work' OR use = 'gold')
ORDER BY id DESC LIMIT :most;

-- name: sides^
SELECT first_chosen, second_chosen FROM position_counts WHERE project_id = :project_id AND person_id = :person_id;

-- name: held_of$
-- <> 'counted' leads to the small index of what was set aside.
SELECT COUNT(*) FROM judgments
WHERE project_id = :project_id AND person_id = :person_id AND status <> 'counted' AND status = 'held' AND undone_ms IS NULL;

-- name: projects
SELECT id FROM projects ORDER BY id;

-- name: held
-- Answers held by a rule of this module that may be decided: not those of people who are paused, but for want of evidence or of time.
SELECT j.id, :now_ms - v.decided_ms AS held_ms, COALESCE(r.log_e_milli, 0) AS log_e_milli, COALESCE(r.stops, 0) AS stops,
    q.standing
FROM judgments AS j
JOIN validations AS v ON v.id = (SELECT MAX(w.id) FROM validations AS w WHERE w.judgment_id = j.id)
JOIN qualifications AS q ON q.person_id = j.person_id AND q.project_id = j.project_id
LEFT JOIN readings AS r ON r.person_id = j.person_id AND r.project_id = j.project_id
LEFT JOIN fits AS f ON f.project_id = j.project_id
WHERE j.project_id = :project_id AND j.status <> 'counted' AND j.status = 'held' AND j.undone_ms IS NULL AND v.rule LIKE :rule
    AND (q.standing = 'removed' OR (q.standing <> 'paused' AND COALESCE(r.stops, 0) = 0
        AND ((COALESCE(r.log_e_milli, 0) <= 0 AND COALESCE(f.fitted_ms, 0) > v.decided_ms)
            OR v.decided_ms <= :now_ms - :most_ms)))
ORDER BY +j.id LIMIT :most;
