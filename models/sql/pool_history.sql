-- A page of what changed a family's pool, newest first; what only changes its balance is left out. $1 family, $2 rows, $3 and
-- $4 the place to go on from (or null), $5 since when.
WITH moved AS (
    SELECT t.id, t.kind, t.cause_id, t.occurred_at, t.recorded_at, sum(e.amount)::bigint AS points
    FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
    WHERE e.account_id = ANY (ARRAY[points_account('FAMILY', $1::uuid::text, 'available'),
            points_account('FAMILY', $1::uuid::text, 'held')])
        AND t.kind NOT IN ('FAMILY_HELD', 'FAMILY_RELEASED') AND t.recorded_at >= $5
        AND ($3::timestamptz IS NULL OR (t.recorded_at, t.id) < ($3, $4::uuid))
    GROUP BY t.id ORDER BY t.recorded_at DESC, t.id DESC LIMIT $2
), whose AS (
    SELECT m.*, p.partner, p.outlet, p.programme_version, coalesce(p.member_id, (
        SELECT a.owner::uuid FROM entry AS e JOIN account AS a ON a.id = e.account_id
        WHERE e.transaction_id = m.id AND a.owner_kind = 'MEMBER'
    ), (SELECT l.contributor_id FROM points_lot_move AS v JOIN points_lot AS l ON l.id = v.lot_id
        WHERE v.transaction_id = m.id LIMIT 1)) AS member
    FROM moved AS m LEFT JOIN refund AS r ON r.id = m.cause_id AND m.kind = 'FAMILY_GIVEN_BACK'
    LEFT JOIN purchase AS p ON p.id = coalesce(r.purchase_id, CASE WHEN m.kind = 'FAMILY_SPENT' THEN m.cause_id END)
)
SELECT w.id, w.kind, w.occurred_at, w.recorded_at, w.points, w.partner, w.outlet, w.programme_version, w.member,
    b.first_name, left(b.last_name, 1) AS initial, coalesce(s.shows_purchases, false) AS shows
FROM whose AS w LEFT JOIN member AS b ON b.id = w.member
LEFT JOIN family_seat AS s ON s.member_id = w.member AND s.family_id = $1 AND s.left_at IS NULL
ORDER BY w.recorded_at DESC, w.id DESC
