-- Returns, within $5 minutes of the sale, that took back $4 points or more while the guest had spent points in between.
WITH taken AS (
    SELECT r.id, r.till_id, r.outlet, r.recorded_at, p.partner, p.member_id, p.card_id, p.posted_at,
        sum(l.points_earned) AS points
    FROM refund AS r JOIN purchase AS p ON p.id = r.purchase_id JOIN refund_line AS l ON l.refund_id = r.id
    WHERE r.recorded_at > $2 AND r.recorded_at <= $3 AND r.recorded_at - p.posted_at <= make_interval(mins => $5::int)
    GROUP BY r.id, p.id HAVING sum(l.points_earned) >= $4
), spent AS (
    SELECT t.*, (SELECT coalesce(sum(h.points), 0) FROM points_hold AS h WHERE h.member_id = t.member_id
        AND h.status = 'COMMITTED' AND h.ended_at > t.posted_at AND h.ended_at <= t.recorded_at) AS spent
    FROM taken AS t
)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT gen_random_uuid(), 'REFUND_AFTER_SPEND', concat_ws(' ', 'REFUND_AFTER_SPEND', id), member_id, card_id, till_id,
    partner, outlet, recorded_at, $1, jsonb_build_object('points', points, 'spent', spent), 'OPEN'
FROM spent WHERE spent > 0 ON CONFLICT (key) DO NOTHING
