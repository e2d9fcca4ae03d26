-- name: chosen
-- What a person chose; empty while it is as Telegram says.
SELECT language FROM people WHERE person_key = :key;

-- name: of_person^
SELECT contact, language FROM people WHERE id = :id;

-- name: choose!
UPDATE people SET language = :language WHERE id = :id;

-- name: choosers
-- Whoever chose a language of their own.
SELECT id, language FROM people WHERE language <> '' AND state NOT IN ('suspended', 'erased') ORDER BY id;
