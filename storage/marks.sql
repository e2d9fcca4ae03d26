-- name: get
SELECT value FROM settings WHERE name = :name;

-- name: put!
INSERT INTO settings (name, value) VALUES (:name, :value)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;

-- name: drop!
DELETE FROM settings WHERE name = :name;

-- name: like
SELECT name, value FROM settings WHERE name LIKE :pattern ORDER BY name;

-- name: privileged
-- Everybody who holds more than the student's role, with the roles.
SELECT people.id, people.contact, roles.role FROM roles JOIN people ON people.id = roles.person_id
WHERE roles.role <> 'student' AND people.state NOT IN ('suspended', 'erased') ORDER BY people.id, roles.role;
