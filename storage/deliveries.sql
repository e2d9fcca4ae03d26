-- name: enqueue<!
-- A key that is known already gives no row: the same cause is told once.
INSERT INTO deliveries (key, person_id, lane, broadcast_id, payload, state, attempts, not_before_ms, created_ms)
VALUES (:key, :person_id, :lane, :broadcast_id, :payload, 'waiting', 0, :not_before_ms, :now_ms)
ON CONFLICT (key) DO NOTHING
RETURNING id;

-- name: admins
SELECT roles.person_id FROM roles JOIN people ON people.id = roles.person_id
WHERE roles.role = 'admin' AND people.state NOT IN ('suspended', 'erased') ORDER BY roles.person_id;

-- name: due
-- A broadcast that is paused or stopped keeps its rows waiting.
SELECT deliveries.id, deliveries.person_id, deliveries.broadcast_id FROM deliveries
LEFT JOIN broadcasts ON broadcasts.id = deliveries.broadcast_id
WHERE deliveries.state = 'waiting' AND deliveries.lane = :lane AND deliveries.not_before_ms <= :now_ms
    AND (deliveries.broadcast_id IS NULL OR broadcasts.state = 'sending')
ORDER BY deliveries.not_before_ms, deliveries.id LIMIT :most;

-- name: next_due
SELECT MIN(not_before_ms) FROM deliveries WHERE state = 'waiting' AND lane = :lane AND not_before_ms > :now_ms;

-- name: claim!
UPDATE deliveries SET state = 'sending', attempts = attempts + 1, started_ms = :now_ms
WHERE id = :id AND state = 'waiting' AND (
    broadcast_id IS NULL
    OR (SELECT state FROM broadcasts WHERE broadcasts.id = deliveries.broadcast_id) = 'sending'
);

-- name: claimed^
SELECT deliveries.id, deliveries.person_id, deliveries.lane, deliveries.broadcast_id, deliveries.payload,
    deliveries.attempts, deliveries.trouble, people.contact, people.unreachable_ms, people.muted_ms
FROM deliveries JOIN people ON people.id = deliveries.person_id WHERE deliveries.id = :id;

-- name: put_back!
UPDATE deliveries
SET state = 'waiting', attempts = attempts - :refund, not_before_ms = :not_before_ms, trouble = :trouble
WHERE id = :id AND state = 'sending';

-- name: end!
UPDATE deliveries
SET state = :state, payload = '', message_id = :message_id, trouble = :trouble, finished_ms = :now_ms
WHERE id = :id AND state = 'sending';

-- name: give_up!
UPDATE deliveries SET state = 'failed', payload = '', trouble = :trouble, finished_ms = :now_ms
WHERE id = :id AND state IN ('waiting', 'sending');

-- name: interrupted
SELECT id, lane, trouble FROM deliveries WHERE state = 'sending' ORDER BY started_ms;

-- name: close_broadcasts!
-- A broadcast is done when none of its rows waits or is under way.
UPDATE broadcasts SET state = 'done', finished_ms = :now_ms
WHERE state = 'sending' AND (
    SELECT 1 FROM deliveries
    WHERE deliveries.broadcast_id = broadcasts.id AND deliveries.state IN ('waiting', 'sending') LIMIT 1
) IS NULL;

-- name: counts
SELECT lane, state, CAST(COUNT(*) AS BIGINT) AS number FROM deliveries
WHERE state IN ('waiting', 'sending') GROUP BY lane, state ORDER BY lane, state;

-- name: sweep!
-- The rows of broadcasts stay: they are the delivery report.
DELETE FROM deliveries WHERE id IN (
    SELECT id FROM deliveries WHERE lane = 'notice' AND finished_ms < :before_ms ORDER BY finished_ms LIMIT :most
);
