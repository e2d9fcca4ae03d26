-- name: answers_beside
-- A student's newest work on a project, and what others answered to the same items. Gold is never among it. The sum with 0 leads
-- SQLite to the index of the person, not of the project.
SELECT m.item_id, m.answers AS mine, o.answers AS theirs
FROM (SELECT item_id, answers FROM judgments
      WHERE person_id = :person_id AND project_id + 0 = :project_id AND use = 'work' AND undone_ms IS NULL AND status <> 'excluded'
      ORDER BY id DESC LIMIT :newest) AS m
JOIN judgments AS o ON o.item_id = m.item_id
JOIN people AS h ON h.id = o.person_id AND h.state <> 'withdrawn' AND h.state <> 'erased'
WHERE o.person_id <> :person_id AND o.use = 'work' AND o.undone_ms IS NULL AND o.status = 'counted'
ORDER BY m.item_id LIMIT :most;
