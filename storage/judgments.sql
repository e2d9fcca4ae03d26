-- name: add<!
INSERT INTO judgments (token, person_id, project_id, item_id, use, answers, correct, shown_ms, answered_ms,
    answered_steady_ms, credited_ms, amount_micro, currency, status, scheme, piece_micro, flipped)
VALUES (:token, :person_id, :project_id, :item_id, :use, :answers, :correct, :shown_ms, :now_ms,
    :steady_ms, :credited_ms, :amount_micro, :currency, 'counted', :scheme, :piece_micro, :flipped)
ON CONFLICT (token) WHERE undone_ms IS NULL DO NOTHING
RETURNING id;

-- name: latest_steady$
-- The newest judgment's moment; where several were given in one, any of them tells it.
SELECT answered_steady_ms FROM judgments ORDER BY id DESC LIMIT 1;

-- name: live_of^
SELECT id, token, project_id, item_id, use, answers, correct, answered_ms, credited_ms, amount_micro, currency, flipped,
    approved_ms, undone_ms, withheld_id
FROM judgments WHERE token = :token AND undone_ms IS NULL;

-- name: last_of^
SELECT id, token, project_id, item_id, use, answers, correct, answered_ms, credited_ms, amount_micro, currency, flipped,
    approved_ms, undone_ms, withheld_id
FROM judgments WHERE person_id = :person_id ORDER BY id DESC LIMIT 1;

-- name: undo!
UPDATE judgments SET undone_ms = :now_ms WHERE id = :id AND undone_ms IS NULL AND approved_ms IS NULL;

-- name: add_earned!
-- To the quarter of an hour of the answer; an undone answer is added with its sign turned.
INSERT INTO earned (person_id, quarter_ms, currency, credited_ms, amount_micro)
VALUES (:person_id, :quarter_ms, :currency, :credited_ms, :amount_micro)
ON CONFLICT (person_id, quarter_ms, currency) DO UPDATE SET
    credited_ms = earned.credited_ms + excluded.credited_ms,
    amount_micro = earned.amount_micro + excluded.amount_micro;

-- name: earned_since$
SELECT CAST(SUM(amount_micro) AS BIGINT) FROM earned
WHERE person_id = :person_id AND quarter_ms >= :since_ms AND currency = :currency;

-- name: credited_since$
SELECT CAST(SUM(credited_ms) AS BIGINT) FROM earned WHERE person_id = :person_id AND quarter_ms >= :since_ms;
