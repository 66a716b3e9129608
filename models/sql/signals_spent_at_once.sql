-- Receipts paid with $4 points or more that purchases had earned within $5 minutes before. Points of a family's pool are as
-- old as the lot they were given out of; what a return gave back, and what nobody bought, is not looked at.
WITH parts AS (
    SELECT p.id, p.member_id, p.card_id, p.till_id, p.partner, p.outlet, h.ended_at, u.points,
        h.ended_at - earned.issued_at AS wait
    FROM purchase AS p JOIN points_hold AS h ON h.purchase_id = p.id AND h.status = 'COMMITTED'
    JOIN points_hold_lot AS u ON u.hold_id = h.id JOIN points_lot AS l ON l.id = u.lot_id
    JOIN points_lot AS earned ON earned.id = coalesce(l.contributed_from, l.id)
    WHERE p.posted_at > $2 AND p.posted_at <= $3 AND earned.purchase_id IS NOT NULL AND earned.restored_from IS NULL
        AND h.ended_at - earned.issued_at <= make_interval(mins => $5::int)
)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT gen_random_uuid(), 'SPENT_AT_ONCE', concat_ws(' ', 'SPENT_AT_ONCE', id), member_id, card_id, till_id, partner,
    outlet, ended_at, $1, jsonb_build_object('points', sum(points), 'minutes',
        greatest(ceil(extract(epoch FROM max(wait)) / 60), 0)), 'OPEN'
FROM parts GROUP BY id, member_id, card_id, till_id, partner, outlet, ended_at HAVING sum(points) >= $4
ON CONFLICT (key) DO NOTHING
