-- name: lose!
UPDATE people SET unreachable_ms = :now_ms WHERE id = :id AND unreachable_ms IS NULL;

-- name: regain!
UPDATE people SET unreachable_ms = NULL WHERE person_key = :key;
