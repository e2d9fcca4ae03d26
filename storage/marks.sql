-- name: get
SELECT value FROM settings WHERE name = :name;

-- name: put!
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: drop!
DELETE FROM settings WHERE name = :name;
