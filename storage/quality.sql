-- name: fit_of^
SELECT version, name, answers, through_id, fitted_ms, asked_ms FROM fits WHERE project_id = :project_id;

-- name: bodies
SELECT question, body FROM models WHERE project_id = :project_id;

-- name: believe^
-- What the answers of an item say now. What somebody ruled stays, and then no row comes back.
INSERT INTO beliefs (project_id, item_id, question, label, posterior, confidence, low, high, given, urgency, state,
    model_version, changed_ms)
VALUES (:project_id, :item_id, :question, :label, :posterior, :confidence, :low, :high, :given, :urgency, :state,
    :model_version, :now_ms)
ON CONFLICT (item_id, question) DO UPDATE SET label = excluded.label, posterior = excluded.posterior,
    confidence = excluded.confidence, low = excluded.low, high = excluded.high, given = excluded.given,
    urgency = excluded.urgency, state = excluded.state, model_version = excluded.model_version,
    changed_ms = excluded.changed_ms
WHERE beliefs.state <> 'adjudicated'
RETURNING state;

-- name: forget_beliefs!
DELETE FROM beliefs WHERE item_id = :item_id AND state <> 'adjudicated';

-- name: is_ruled$
SELECT 1 FROM beliefs WHERE item_id = :item_id AND state = 'adjudicated' LIMIT 1;

-- name: beliefs_of
SELECT question, label, posterior, confidence, low, high, given, urgency, state
FROM beliefs WHERE item_id = :item_id ORDER BY question;

-- name: set_urgency!
UPDATE returned SET urgency = :urgency WHERE item_id = :item_id AND urgency <> :urgency;

-- name: expose!
-- One answer more of a gold item, or one less.
UPDATE items SET exposure = exposure + :more WHERE id = :item_id AND use = 'gold';

-- name: retire_exposed!
-- Gold items that were answered as often as their project allows rest for good.
UPDATE items SET retired_ms = :now_ms
WHERE project_id = :project_id AND use = 'gold' AND frozen_ms IS NULL AND retired_ms IS NULL
    AND :cap > 0 AND exposure >= :cap;

-- name: due
-- Projects whose models are out of date: 20 answers and one in a hundred came since the last fit, or somebody asked for another one.
SELECT p.id FROM projects AS p LEFT JOIN fits AS f ON f.project_id = p.id
WHERE f.asked_ms IS NOT NULL
    OR (SELECT COUNT(*) FROM judgments AS j WHERE j.project_id = p.id AND j.id > COALESCE(f.through_id, 0))
        >= CASE WHEN COALESCE(f.answers, 0) > 2000 THEN f.answers / 100 ELSE 20 END
ORDER BY p.id;

-- name: to_read
-- Projects where somebody at work gave some answers since they were last read, who is new or of whom there is doubt. Joined in this order,
-- so that only answers since the last fit are walked through.
SELECT DISTINCT found.project_id AS id FROM (
    SELECT j.project_id
    FROM fits AS f CROSS JOIN judgments AS j CROSS JOIN qualifications AS q
    LEFT JOIN readings AS r ON r.project_id = q.project_id AND r.person_id = q.person_id
    WHERE f.version > 0 AND j.project_id = f.project_id AND j.id > f.through_id AND (j.use = 'work' OR j.use = 'gold')
        AND q.project_id = j.project_id AND q.person_id = j.person_id AND (q.standing = 'active' OR q.standing = 'watched')
        AND j.answered_ms > COALESCE(r.read_ms, 0) AND (COALESCE(r.answers, 0) < :new_until OR r.log_e_milli > :doubt_milli)
    GROUP BY j.project_id, j.person_id HAVING COUNT(*) >= :answers) AS found
ORDER BY id;

-- name: ask_fit!
INSERT INTO fits (project_id, version, name, answers, through_id, fitted_ms, asked_ms)
VALUES (:project_id, 0, '', 0, 0, NULL, :now_ms)
ON CONFLICT (project_id) DO UPDATE SET asked_ms = COALESCE(fits.asked_ms, excluded.asked_ms);

-- name: counted
-- The answers to work and gold that count, in the order in which they were given.
SELECT j.id, j.person_id, j.item_id, j.answers, CASE WHEN j.use = 'work' THEN 1 ELSE 0 END AS on_work
FROM judgments AS j
WHERE j.project_id = :project_id AND j.undone_ms IS NULL AND j.status = 'counted' AND (j.use = 'work' OR j.use = 'gold')
ORDER BY j.id;

-- name: golds
-- The gold items, whether their key is in doubt, and whether they were chosen rather than drawn.
SELECT id, gold, CASE WHEN frozen_ms IS NULL THEN 0 ELSE 1 END AS is_frozen,
    CASE WHEN gold_kind = 'balanced' THEN 1 ELSE 0 END AS is_chosen
FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work';

-- name: all_beliefs
SELECT item_id, question, label, posterior, confidence, low, high, given, urgency, state
FROM beliefs WHERE project_id = :project_id;

-- name: believed_since
-- Items of which something was written down since a moment, by other models than those in force.
SELECT DISTINCT item_id AS id FROM beliefs
WHERE project_id = :project_id AND changed_ms >= :loaded_ms AND model_version <> :version AND state <> 'adjudicated';

-- name: without_answers
-- Items of which something is believed though none of their answers counts any more, so that a refit does not meet them.
SELECT DISTINCT b.item_id AS id FROM beliefs AS b
WHERE b.project_id = :project_id AND b.state <> 'adjudicated'
    AND (SELECT 1 FROM judgments AS j
         WHERE j.item_id = b.item_id AND j.use = 'work' AND j.undone_ms IS NULL AND j.status = 'counted' LIMIT 1) IS NULL;

-- name: newest$
SELECT MAX(id) FROM judgments WHERE project_id = :project_id;

-- name: restarts
SELECT person_id, after_id FROM readings WHERE project_id = :project_id AND after_id > 0;

-- name: keep_fit!
-- It stays asked for until its items were looked at as well.
INSERT INTO fits (project_id, version, name, answers, through_id, fitted_ms, asked_ms)
VALUES (:project_id, :version, :name, :answers, :through_id, :now_ms, :loaded_ms)
ON CONFLICT (project_id) DO UPDATE SET version = excluded.version, name = excluded.name, answers = excluded.answers,
    through_id = excluded.through_id, fitted_ms = excluded.fitted_ms,
    asked_ms = CASE WHEN fits.asked_ms > excluded.asked_ms THEN fits.asked_ms ELSE excluded.asked_ms END;

-- name: finish_fit!
-- Unless yet another one was asked for meanwhile.
UPDATE fits SET asked_ms = NULL WHERE project_id = :project_id AND asked_ms <= :loaded_ms;

-- name: forget_models!
DELETE FROM models WHERE project_id = :project_id;

-- name: keep_model!
INSERT INTO models (project_id, question, version, golds, answers, fitted_ms, name, body)
VALUES (:project_id, :question, :version, :golds, :answers, :now_ms, :name, :body);

-- name: keep_reading!
INSERT INTO readings (project_id, person_id, log_e_milli, since_id, golds_right, golds, peers_agreed, peers, stops, alpha_micro,
    answers, worth_milli, waits, read_ms)
VALUES (:project_id, :person_id, :log_e_milli, :since_id, :golds_right, :golds, :peers_agreed, :peers, :stops, :alpha_micro,
    :answers, :worth_milli, :waits, :now_ms)
ON CONFLICT (project_id, person_id) DO UPDATE SET log_e_milli = excluded.log_e_milli, since_id = excluded.since_id,
    golds_right = excluded.golds_right, golds = excluded.golds, peers_agreed = excluded.peers_agreed, peers = excluded.peers,
    stops = excluded.stops, alpha_micro = excluded.alpha_micro, answers = excluded.answers,
    worth_milli = excluded.worth_milli, waits = excluded.waits, read_ms = excluded.read_ms;

-- name: restart!
INSERT INTO readings (project_id, person_id, log_e_milli, since_id, golds_right, golds, peers_agreed, peers, stops, alpha_micro,
    answers, worth_milli, waits, after_id, read_ms)
SELECT :project_id, :person_id, 0, NULL, 0, 0, 0, 0, 0, 0, 0, 1000, 0,
    COALESCE((SELECT MAX(j.id) FROM judgments AS j WHERE j.person_id = :person_id AND j.project_id = :project_id), 0), :now_ms
ON CONFLICT (project_id, person_id) DO UPDATE SET log_e_milli = 0, since_id = NULL, golds_right = 0, golds = 0,
    peers_agreed = 0, peers = 0, stops = 0, after_id = excluded.after_id, read_ms = excluded.read_ms;

-- name: reading^
SELECT project_id, person_id, log_e_milli, since_id, golds_right, golds, peers_agreed, peers, stops, alpha_micro, answers,
    worth_milli, waits, after_id, read_ms
FROM readings WHERE project_id = :project_id AND person_id = :person_id;

-- name: readings
SELECT project_id, person_id, log_e_milli, since_id, golds_right, golds, peers_agreed, peers, stops, alpha_micro, answers,
    worth_milli, waits, after_id, read_ms
FROM readings WHERE project_id = :project_id ORDER BY person_id;

-- name: judgment^
SELECT id, person_id, project_id, item_id, use, status, undone_ms FROM judgments WHERE id = :id;

-- name: set_status!
UPDATE judgments SET status = :status WHERE id = :id;

-- name: add_validation!
INSERT INTO validations (judgment_id, status, rule, version, figures, decided_ms, decided_by)
VALUES (:judgment_id, :status, :rule, :version, :figures, :now_ms, :decided_by);

-- name: validations_of
SELECT status, rule, version, figures, decided_ms, decided_by FROM validations WHERE judgment_id = :judgment_id ORDER BY id;

-- name: others_at_work$
-- People who answered lately on a project, apart from one and from those who wait themselves.
SELECT COUNT(*)
FROM qualifications AS q
JOIN people AS p ON p.id = q.person_id AND p.project_id = q.project_id
JOIN stints AS s ON s.person_id = q.person_id
LEFT JOIN readings AS r ON r.project_id = q.project_id AND r.person_id = q.person_id
WHERE q.project_id = :project_id AND (q.standing = 'active' OR q.standing = 'watched') AND q.person_id <> :person_id
    AND s.answered_ms >= :since_ms AND COALESCE(r.waits, 0) = 0;

-- name: open_slots$
-- How many answers a project wants, counted as far as it matters.
SELECT COUNT(*) FROM (
    SELECT 1 FROM returned WHERE project_id = :project_id
    UNION ALL
    SELECT 1 FROM queue WHERE project_id = :project_id
    LIMIT :most) AS wanted;
