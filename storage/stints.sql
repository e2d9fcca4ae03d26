-- name: of^
SELECT active_ms, answered_ms FROM stints WHERE person_id = :person_id;

-- name: put!
INSERT INTO stints (person_id, active_ms, answered_ms) VALUES (:person_id, :active_ms, :answered_ms)
ON CONFLICT (person_id) DO UPDATE SET active_ms = excluded.active_ms, answered_ms = excluded.answered_ms;
