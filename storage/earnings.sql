-- name: sums
-- What somebody earned in a stretch of time, by the state that each item's pay has reached.
SELECT currency, COUNT(*) AS judgments, CAST(SUM(credited_ms) AS BIGINT) AS credited_ms,
    CAST(SUM(CASE WHEN state = 'pending' THEN amount_micro ELSE 0 END) AS BIGINT) AS pending_micro,
    CAST(SUM(CASE WHEN state = 'approved' THEN amount_micro ELSE 0 END) AS BIGINT) AS approved_micro,
    CAST(SUM(CASE WHEN state = 'in_payout' THEN amount_micro ELSE 0 END) AS BIGINT) AS in_payout_micro,
    CAST(SUM(CASE WHEN state = 'paid' THEN amount_micro ELSE 0 END) AS BIGINT) AS paid_micro,
    CAST(SUM(CASE WHEN state = 'withheld' THEN amount_micro ELSE 0 END) AS BIGINT) AS withheld_micro
FROM (
    SELECT j.currency, j.credited_ms, j.amount_micro, CASE
            WHEN w.state = 'forfeited' THEN 'forfeited'
            WHEN w.state = 'held' THEN 'withheld'
            WHEN j.approved_ms IS NULL AND j.withheld_id IS NULL THEN 'pending'
            ELSE COALESCE((
                SELECT CASE l.state WHEN 'paid' THEN 'paid' WHEN 'open' THEN 'in_payout' WHEN 'short' THEN 'in_payout' END
                FROM payables AS y JOIN payout_lines AS l ON l.id = y.line_id
                WHERE y.judgment_id = j.id AND y.amount_micro > 0 ORDER BY y.entry_id DESC LIMIT 1
            ), 'approved')
        END AS state
    FROM judgments AS j LEFT JOIN withholdings AS w ON w.id = j.withheld_id
    WHERE j.person_id = :person_id AND j.answered_ms >= :since_ms AND j.answered_ms < :until_ms AND j.undone_ms IS NULL
) AS judged
GROUP BY currency ORDER BY currency;

-- name: others
-- Money beside the items in a stretch of time: bonuses, top-ups and corrections, by the state that each has reached.
SELECT e.kind, y.currency, COALESCE(
        CASE l.state WHEN 'paid' THEN 'paid' WHEN 'open' THEN 'in_payout' WHEN 'short' THEN 'in_payout' END, 'approved'
    ) AS state, y.amount_micro
FROM entries AS e JOIN payables AS y ON y.entry_id = e.id LEFT JOIN payout_lines AS l ON l.id = y.line_id
WHERE e.person_id = :person_id AND e.recorded_ms >= :since_ms AND e.recorded_ms < :until_ms
    AND e.kind <> 'earning' AND e.kind <> 'reversal' AND e.kind <> 'approval' AND y.judgment_id IS NULL
ORDER BY e.id;

-- name: newest_pending$
SELECT answered_ms FROM judgments
WHERE person_id = :person_id AND answered_ms > :since_ms AND approved_ms IS NULL AND undone_ms IS NULL
ORDER BY answered_ms DESC LIMIT 1;

-- name: newest_currency$
SELECT currency FROM judgments WHERE person_id = :person_id ORDER BY id DESC LIMIT 1;

-- name: last_paid^
SELECT reference, settled_ms FROM payout_lines
WHERE person_id = :person_id AND state = 'paid' AND settled_ms IS NOT NULL ORDER BY id DESC LIMIT 1;

-- name: lines
-- Gold is called work here: a student's own lines must not tell which item it was.
SELECT j.id, p.id AS project_id, p.title AS project, CASE WHEN j.use IN ('training', 'exam') THEN j.use ELSE 'work' END AS stage,
    j.answered_ms, a.spent_ms, j.credited_ms, a.cap_ms, j.amount_micro, a.rate_micro, j.currency, j.scheme, j.piece_micro,
    j.approved_ms, j.undone_ms, j.withheld_id, w.state AS withholding, l.state AS line_state, l.reference, j.status
FROM judgments AS j JOIN projects AS p ON p.id = j.project_id JOIN assignments AS a ON a.token = j.token
LEFT JOIN withholdings AS w ON w.id = j.withheld_id
LEFT JOIN payout_lines AS l ON l.id = (
    SELECT y.line_id FROM payables AS y WHERE y.judgment_id = j.id AND y.amount_micro > 0 ORDER BY y.entry_id DESC LIMIT 1
)
WHERE j.person_id = :person_id AND j.id < :before
ORDER BY j.id DESC LIMIT :most;

-- name: line^
SELECT j.id, p.id AS project_id, p.title AS project, CASE WHEN j.use IN ('training', 'exam') THEN j.use ELSE 'work' END AS stage,
    j.answered_ms, a.spent_ms, j.credited_ms, a.cap_ms, j.amount_micro, a.rate_micro, j.currency, j.scheme, j.piece_micro,
    j.approved_ms, j.undone_ms, j.withheld_id, w.state AS withholding, l.state AS line_state, l.reference, j.status
FROM judgments AS j JOIN projects AS p ON p.id = j.project_id JOIN assignments AS a ON a.token = j.token
LEFT JOIN withholdings AS w ON w.id = j.withheld_id
LEFT JOIN payout_lines AS l ON l.id = (
    SELECT y.line_id FROM payables AS y WHERE y.judgment_id = j.id AND y.amount_micro > 0 ORDER BY y.entry_id DESC LIMIT 1
)
WHERE j.person_id = :person_id AND j.id = :id;

-- name: booked^
-- An entry by its key: who made it, why, and when.
SELECT actor, reason, recorded_ms FROM entries WHERE key = :key;

-- name: topup_week$
-- The week of an item whose top-ups are settled.
SELECT start_ms FROM topup_weeks
WHERE project_id = :project_id AND end_ms > :answered_ms AND COALESCE(through_judgment_id, :judgment_id) >= :judgment_id
ORDER BY start_ms LIMIT 1;
