-- name: count$
-- Items that nobody else is asked about although their answers disagree.
SELECT COUNT(DISTINCT item_id) FROM beliefs WHERE project_id = :project_id AND state = 'unsure';

-- name: count_reviewed$
-- Those of them that a senior student has judged.
SELECT COUNT(DISTINCT b.item_id) FROM beliefs AS b
JOIN reviews AS r ON r.item_id = b.item_id
JOIN assignments AS a ON a.token = r.token
WHERE b.project_id = :project_id AND b.state = 'unsure' AND a.state = 'judged';

-- name: at$
-- The disputes in their order: first those that a senior student has judged, which wait for nobody else.
SELECT b.item_id FROM beliefs AS b
WHERE b.project_id = :project_id AND b.state = 'unsure'
GROUP BY b.item_id
ORDER BY CASE WHEN (SELECT 1 FROM reviews AS r JOIN assignments AS a ON a.token = r.token
                    WHERE r.item_id = b.item_id AND a.state = 'judged' LIMIT 1) IS NULL THEN 1 ELSE 0 END, b.item_id
LIMIT 1 OFFSET :place;

-- name: item^
SELECT id, project_id, external_id, use, fields, gold, frozen_ms, retired_ms, exposure FROM items WHERE id = :item_id;

-- name: opinions
-- The answers to an item that count, in the order in which they were given.
SELECT person_id, answers FROM judgments
WHERE item_id = :item_id AND undone_ms IS NULL AND status = 'counted' AND use IN ('work', 'gold') ORDER BY id;

-- name: questions
-- What was believed of an item where its answers did not decide.
SELECT question, label, confidence, state FROM beliefs
WHERE item_id = :item_id AND (state = 'unsure' OR state = 'adjudicated') ORDER BY question;

-- name: looks
-- What became of an item in the hands of senior students.
SELECT r.state, a.state AS card FROM reviews AS r JOIN assignments AS a ON a.token = r.token
WHERE r.item_id = :item_id ORDER BY r.token;

-- name: adjudicate!
-- An item of which nothing is believed, since none of its answers counts, can be ruled on as well.
INSERT INTO beliefs (project_id, item_id, question, label, posterior, confidence, low, high, given, urgency, state, model_version, changed_ms)
VALUES (:project_id, :item_id, :question, :label, :posterior, :confidence, :low, :high, 0, 0, 'adjudicated', 0, :now_ms)
ON CONFLICT (item_id, question) DO UPDATE SET label = excluded.label, confidence = excluded.confidence, low = excluded.low,
    high = excluded.high, urgency = 0, state = 'adjudicated', changed_ms = excluded.changed_ms;

-- name: reopen!
-- What was ruled is believed as its answers say again, once they are looked at anew.
UPDATE beliefs SET state = 'unsure', changed_ms = :now_ms WHERE item_id = :item_id AND state = 'adjudicated';

-- name: add_ruling$
INSERT INTO rulings (project_id, item_id, answers, reason, role, person_id, ruled_ms)
VALUES (:project_id, :item_id, :answers, :reason, :role, :person_id, :now_ms)
RETURNING id;

-- name: ruling^
SELECT id, project_id, item_id, answers, reason, role, person_id, ruled_ms, taken_back_ms FROM rulings WHERE id = :id;

-- name: ruling_of^
SELECT id, project_id, item_id, answers, reason, role, person_id, ruled_ms, taken_back_ms FROM rulings
WHERE item_id = :item_id AND taken_back_ms IS NULL;

-- name: rulings_on
-- The newest live rulings of a project.
SELECT id, project_id, item_id, answers, reason, role, person_id, ruled_ms, taken_back_ms FROM rulings
WHERE project_id = :project_id AND taken_back_ms IS NULL ORDER BY id DESC LIMIT :most;

-- name: set_reason!
UPDATE rulings SET reason = :reason WHERE id = :id AND taken_back_ms IS NULL;

-- name: take_back!
UPDATE rulings SET taken_back_ms = :now_ms WHERE id = :id AND taken_back_ms IS NULL;

-- name: count_rulings
SELECT role, COUNT(*) AS rulings FROM rulings
WHERE project_id = :project_id AND taken_back_ms IS NULL GROUP BY role ORDER BY role;

-- name: own
-- What a student ruled as a senior, for them to take away.
SELECT p.title AS project, r.answers, r.reason, r.ruled_ms FROM rulings AS r JOIN projects AS p ON p.id = r.project_id
WHERE r.person_id = :person_id AND r.role = 'senior' ORDER BY r.id;
