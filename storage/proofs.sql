-- name: newest_entry$
SELECT COALESCE(MAX(id), 0) FROM entries;

-- name: entries_after$
SELECT CAST(COUNT(*) AS BIGINT) FROM entries WHERE id > :after_id;

-- name: totals
-- What was moved since an entry, by kind and asset.
SELECT e.kind, p.asset, CAST(COUNT(*) AS BIGINT) AS entries, CAST(SUM(p.amount) AS BIGINT) AS amount
FROM entries AS e JOIN postings AS p ON p.entry_id = e.id
WHERE e.id > :after_id
GROUP BY e.kind, p.asset
ORDER BY e.kind, p.asset;
