-- name: set_aside$
SELECT CAST(COUNT(*) AS BIGINT) FROM inbox WHERE state = 'set_aside';

-- name: ended_badly
-- What became of messages since a moment, where it is not known or was refused.
SELECT state, CAST(COUNT(*) AS BIGINT) AS number FROM deliveries
WHERE state IN ('uncertain', 'failed') AND finished_ms >= :since_ms GROUP BY state;

-- name: people
SELECT state, CAST(COUNT(*) AS BIGINT) AS number FROM people GROUP BY state;

-- name: judgments_since$
SELECT CAST(COUNT(*) AS BIGINT) FROM judgments WHERE answered_ms >= :since_ms AND undone_ms IS NULL;

-- name: unbalanced
-- What live judgments are worth must be what has left the projects' accounts.
SELECT asset, CAST(SUM(amount) AS BIGINT) AS difference
FROM (
    SELECT currency AS asset, amount_micro AS amount FROM judgments WHERE undone_ms IS NULL
    UNION ALL
    SELECT 'TIME' AS asset, credited_ms AS amount FROM judgments WHERE undone_ms IS NULL
    UNION ALL
    SELECT asset, -amount AS amount FROM postings WHERE SUBSTR(source, 1, 8) = 'project:'
    UNION ALL
    SELECT asset, amount FROM postings WHERE SUBSTR(destination, 1, 8) = 'project:'
) AS moves
GROUP BY asset
HAVING SUM(amount) <> 0
ORDER BY asset;
