-- name: extent^
-- Between which items the disputes of a project lie; mostly there are none. Two looks at the ends of an index cost less than one along it.
SELECT (SELECT MIN(item_id) FROM beliefs WHERE project_id = :project_id AND state = 'unsure') AS first,
    (SELECT MAX(item_id) FROM beliefs WHERE project_id = :project_id AND state = 'unsure') AS last;

-- name: next_for^
-- A dispute that a student has not met and that no other senior has in hand, from an item on. Only so many are looked at.
SELECT u.item_id
FROM (SELECT DISTINCT b.item_id FROM beliefs AS b
      WHERE b.project_id = :project_id AND b.state = 'unsure' AND b.item_id >= :start
      ORDER BY b.item_id LIMIT :looked) AS u
WHERE (SELECT 1 FROM assignments AS a WHERE a.person_id = :person_id AND a.item_id = u.item_id LIMIT 1) IS NULL
    AND (SELECT 1 FROM reviews AS r JOIN assignments AS a ON a.token = r.token
         WHERE r.item_id = u.item_id
            AND (a.state = 'open' OR a.state = 'parked' OR a.state = 'paused' OR a.state = 'judged') LIMIT 1) IS NULL
ORDER BY u.item_id LIMIT 1;

-- name: add!
INSERT INTO reviews (token, project_id, item_id, person_id, state)
VALUES (:token, :project_id, :item_id, :person_id, 'given');

-- name: is_review$
SELECT 1 FROM reviews WHERE token = :token;

-- name: to_look_at^
-- A dispute that a student has judged, that is still open, and whose other answers they were not asked about yet.
SELECT r.token, r.project_id, r.item_id, r.person_id, r.state, j.id AS judgment_id, j.answers, j.flipped
FROM reviews AS r
JOIN assignments AS a ON a.token = r.token
JOIN judgments AS j ON j.token = r.token AND j.undone_ms IS NULL
WHERE r.person_id = :person_id AND r.project_id = :project_id AND r.state = 'given' AND a.state = 'judged'
    AND (SELECT 1 FROM beliefs AS b WHERE b.item_id = r.item_id AND b.state = 'unsure' LIMIT 1) IS NOT NULL
ORDER BY j.id LIMIT 1;

-- name: by_token^
SELECT r.token, r.project_id, r.item_id, r.person_id, r.state, j.id AS judgment_id, j.answers, j.flipped
FROM reviews AS r
JOIN judgments AS j ON j.token = r.token AND j.undone_ms IS NULL
WHERE r.token = :token;

-- name: others
-- What other people answered to an item, as far as it counts.
SELECT j.person_id, j.answers FROM judgments AS j
WHERE j.item_id = :item_id AND j.use = 'work' AND j.undone_ms IS NULL AND j.status = 'counted' AND j.token <> :token ORDER BY j.id;

-- name: decide!
UPDATE reviews SET state = :state, decided_ms = :now_ms WHERE token = :token AND state = 'given';

-- name: named$
SELECT named FROM seniors WHERE project_id = :project_id AND person_id = :person_id;

-- name: name!
INSERT INTO seniors (project_id, person_id, named, decided_by, decided_ms)
VALUES (:project_id, :person_id, :named, :by, :now_ms)
ON CONFLICT (project_id, person_id) DO UPDATE SET named = excluded.named, decided_by = excluded.decided_by,
    decided_ms = excluded.decided_ms;

-- name: figures_of^
SELECT q.person_id, p.pseudonym, q.standing, q.gold_right, q.gold_right + q.gold_wrong AS golds, r.worth_milli, r.log_e_milli, s.named
FROM qualifications AS q
JOIN people AS p ON p.id = q.person_id
LEFT JOIN readings AS r ON r.project_id = q.project_id AND r.person_id = q.person_id
LEFT JOIN seniors AS s ON s.project_id = q.project_id AND s.person_id = q.person_id
WHERE q.project_id = :project_id AND q.person_id = :person_id;

-- name: candidates
-- The active students of a project: those who were named first, then those who tell most.
SELECT q.person_id, p.pseudonym, q.standing, q.gold_right, q.gold_right + q.gold_wrong AS golds, r.worth_milli, r.log_e_milli, s.named
FROM qualifications AS q
JOIN people AS p ON p.id = q.person_id
LEFT JOIN readings AS r ON r.project_id = q.project_id AND r.person_id = q.person_id
LEFT JOIN seniors AS s ON s.project_id = q.project_id AND s.person_id = q.person_id
WHERE q.project_id = :project_id AND q.standing = 'active'
ORDER BY COALESCE(s.named, 0) DESC, COALESCE(r.worth_milli, 0) DESC, golds DESC, q.person_id LIMIT :most;

-- name: fields$
SELECT fields FROM items WHERE id = :item_id;
