-- One purchase with lines and refunds. $1 purchase; $2 the member or $3 the partner it must belong to (the other null).
SELECT p.id, p.partner, p.outlet, p.channel, p.receipt_number, p.closed_at, p.business_date, p.programme_version,
    p.gross, p.discount, p.net, p.accumulated, p.refunded_net, p.refunded_discount, p.refunded_accumulated,
    (SELECT json_agg(json_build_object('id', l.id, 'service', l.service, 'name', l.name, 'quantity', l.quantity,
            'gross', l.gross, 'discount', l.discount, 'net', l.net, 'accumulates', l.accumulates, 'reasons', l.reasons,
            'refund_measure', l.refund_measure, 'refunded_part', l.refunded_part, 'refunded_net', l.refunded_net,
            'refunded_discount', l.refunded_discount,
            'points', CASE WHEN l.points_paid IS NOT NULL THEN json_build_array(l.points_paid, l.points_spent,
                l.points_earned, l.refunded_points_paid, l.refunded_points_spent, l.refunded_points_earned) END) ORDER BY l.position)
        FROM purchase_line AS l WHERE l.purchase_id = p.id) AS lines,
    (SELECT json_agg(json_build_object('id', r.id, 'number', r.number, 'at', r.at, 'net', r.net, 'discount', r.discount,
            'points', (SELECT json_build_array(sum(points_paid), sum(points_spent), sum(points_earned))
                FROM refund_line WHERE refund_id = r.id HAVING count(points_paid) > 0))
            ORDER BY r.recorded_at, r.id)
        FROM refund AS r WHERE r.purchase_id = p.id) AS refunds,
    (SELECT outcomes FROM purchase_promotion AS o WHERE o.purchase_id = p.id) AS outcomes
FROM purchase AS p
WHERE p.id = $1 AND ($2::uuid IS NULL OR p.member_id = $2) AND ($3::text IS NULL OR p.partner = $3)
