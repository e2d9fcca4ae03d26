-- name: holder^
SELECT holder, expires_ms FROM instances WHERE name = :name;

-- name: take!
INSERT INTO instances (name, holder, expires_ms) VALUES (:name, :holder, :expires_ms)
ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, expires_ms = excluded.expires_ms;

-- name: renew!
UPDATE instances SET expires_ms = :expires_ms WHERE name = :name AND holder = :holder;

-- name: release!
DELETE FROM instances WHERE name = :name AND holder = :holder;
