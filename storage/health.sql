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
-- Over all accounts each asset sums to zero; that the balances are those of the postings is proved each night.
SELECT asset, CAST(SUM(amount) AS BIGINT) AS difference FROM balances GROUP BY asset HAVING SUM(amount) <> 0 ORDER BY asset;
