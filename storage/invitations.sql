-- name: add<!
INSERT INTO invitations (token_hash, role, project_id, uses_left, expires_ms, created_by, created_ms)
VALUES (:token_hash, :role, :project_id, :uses, :expires_ms, :created_by, :now_ms)
RETURNING id;

-- name: by_hash^
SELECT id, role, project_id, uses_left, expires_ms, created_by FROM invitations WHERE token_hash = :token_hash;

-- name: used_by^
SELECT 1 AS used FROM invitation_uses WHERE invitation_id = :invitation_id AND person_id = :person_id;

-- name: take_use!
-- Changes no row when the last place went to somebody else.
UPDATE invitations SET uses_left = uses_left - 1 WHERE id = :id AND uses_left > 0;

-- name: note_use!
INSERT INTO invitation_uses (invitation_id, person_id, used_ms) VALUES (:invitation_id, :person_id, :now_ms);
