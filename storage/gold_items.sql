-- name: health^
-- The gold items of a project: in use, frozen until somebody decides, and shown no more.
SELECT CAST(COALESCE(SUM(live), 0) AS BIGINT) AS live, COALESCE(MAX(frozen), 0) AS frozen,
    CAST(COALESCE(SUM(1 - live), 0) - COALESCE(MAX(frozen), 0) AS BIGINT) AS retired
FROM (
    SELECT CASE WHEN frozen_ms IS NULL AND retired_ms IS NULL THEN 1 ELSE 0 END AS live,
        (SELECT COUNT(*) FROM gold_cases WHERE project_id = :project_id AND kind = 'doubtful' AND state = 'open') AS frozen
    FROM items WHERE project_id = :project_id AND use = 'gold' AND use <> 'work'
) AS golds;

-- name: keys
-- The keys of the golds in use, each with how many have it.
SELECT gold, COUNT(*) AS golds FROM items
WHERE project_id = :project_id AND use = 'gold' AND frozen_ms IS NULL AND retired_ms IS NULL GROUP BY gold;

-- name: freeze!
-- One that is shown no more still speaks about those who answered it.
UPDATE items SET frozen_ms = :now_ms WHERE id = :item_id AND use = 'gold' AND frozen_ms IS NULL;

-- name: retire!
UPDATE items SET retired_ms = :now_ms WHERE id = :item_id AND use = 'gold' AND retired_ms IS NULL;

-- name: use_again!
UPDATE items SET frozen_ms = NULL, retired_ms = NULL WHERE id = :item_id AND use = 'gold';

-- name: set_key!
UPDATE items SET gold = :gold, frozen_ms = NULL WHERE id = :item_id AND use = 'gold';

-- name: promote!
-- A settled item becomes gold for judging how people work: chosen for being clear, it says nothing of how right the labels are.
UPDATE items SET use = 'gold', gold = :gold, gold_kind = 'balanced',
    exposure = (SELECT COUNT(*) FROM judgments AS j WHERE j.item_id = items.id AND j.undone_ms IS NULL)
WHERE id = :item_id AND use = 'work' AND settled_ms IS NOT NULL;

-- name: judgments_of
-- What people answered to a gold item while it was one.
SELECT id, person_id, answers, correct FROM judgments WHERE item_id = :item_id AND use = 'gold' AND undone_ms IS NULL ORDER BY id;

-- name: set_correct!
UPDATE judgments SET correct = :correct WHERE id = :id;

-- name: add_golds!
UPDATE qualifications SET gold_right = gold_right + :right, gold_wrong = gold_wrong + :wrong
WHERE person_id = :person_id AND project_id = :project_id;

-- name: add_case$
INSERT INTO gold_cases (project_id, item_id, kind, figures, state, found_ms)
VALUES (:project_id, :item_id, :kind, :figures, 'open', :now_ms)
RETURNING id;

-- name: add_decided!
INSERT INTO gold_cases (project_id, item_id, kind, figures, state, found_ms, decided_by, decided_ms)
VALUES (:project_id, :item_id, :kind, :figures, :state, :now_ms, :by, :now_ms);

-- name: case^
SELECT id, project_id, item_id, kind, figures, state, found_ms FROM gold_cases WHERE id = :id;

-- name: case_at^
SELECT id, project_id, item_id, kind, figures, state, found_ms FROM gold_cases
WHERE project_id = :project_id AND kind = :kind AND state = 'open' ORDER BY id LIMIT 1 OFFSET :place;

-- name: count_cases$
SELECT COUNT(*) FROM gold_cases WHERE project_id = :project_id AND kind = :kind AND state = 'open';

-- name: vouched
-- Golds whose key their owner has looked at and stands by; answers put them in doubt no more.
SELECT item_id FROM gold_cases WHERE project_id = :project_id AND kind = :kind AND state = 'kept';

-- name: decide!
UPDATE gold_cases SET state = :state, decided_by = :by, decided_ms = :now_ms WHERE id = :id AND state = 'open';

-- name: proposable
-- By label, the settled items that would make good golds and that nobody has declined. What is or was in a round is talked about.
SELECT b.label, COUNT(*) AS items FROM beliefs AS b
WHERE b.project_id = :project_id AND b.question = :question AND b.state = 'settled' AND b.confidence >= 990000 AND b.given >= 5
    AND (SELECT 1 FROM gold_cases AS c WHERE c.item_id = b.item_id LIMIT 1) IS NULL
    AND (SELECT 1 FROM round_items AS r WHERE r.item_id = b.item_id LIMIT 1) IS NULL
GROUP BY b.label ORDER BY b.label;

-- name: propose^
-- One of them with a label.
SELECT b.item_id, b.label, b.confidence, b.given FROM beliefs AS b
WHERE b.project_id = :project_id AND b.question = :question AND b.label = :label AND b.state = 'settled'
    AND b.confidence >= 990000 AND b.given >= 5
    AND (SELECT 1 FROM gold_cases AS c WHERE c.item_id = b.item_id LIMIT 1) IS NULL
    AND (SELECT 1 FROM round_items AS r WHERE r.item_id = b.item_id LIMIT 1) IS NULL
ORDER BY b.item_id LIMIT 1;

-- name: proposed^
-- One by its item, if it may still be proposed.
SELECT b.item_id, b.label, b.confidence, b.given FROM beliefs AS b
WHERE b.item_id = :item_id AND b.question = :question AND b.state = 'settled' AND b.confidence >= 990000 AND b.given >= 5
    AND (SELECT 1 FROM gold_cases AS c WHERE c.item_id = b.item_id LIMIT 1) IS NULL
    AND (SELECT 1 FROM round_items AS r WHERE r.item_id = b.item_id LIMIT 1) IS NULL;
