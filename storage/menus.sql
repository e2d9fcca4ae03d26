-- name: privileged
-- Everybody who holds more than the student's role, with the roles.
SELECT people.id, people.contact, roles.role FROM roles JOIN people ON people.id = roles.person_id
WHERE roles.role <> 'student' AND people.state NOT IN ('suspended', 'erased') ORDER BY people.id, roles.role;

-- name: told
-- Whose menu was set to something of its own.
SELECT name, value FROM settings WHERE name LIKE 'menu:%' ORDER BY name;
