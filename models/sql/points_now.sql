-- A member's points as they are at a moment, whatever the jobs have come to: what ran out, fell due or ended counts so.
-- $1 member, $2 the moment. `lots` are in the order in which they are spent.
WITH late AS (
    SELECT u.lot_id, sum(u.points) AS points FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
    WHERE h.member_id = $1 AND h.status = 'ACTIVE' AND h.expires_at <= $2 GROUP BY u.lot_id
), lots AS (
    SELECT l.id, l.issuer, l.purchase_id, l.issued, l.remaining + coalesce(late.points, 0) AS points, l.issued_at,
        l.activates_at, l.expires_at, l.status = 'ACTIVE' OR l.activates_at <= $2 AS usable
    FROM points_lot AS l LEFT JOIN late ON late.lot_id = l.id
    WHERE l.member_id = $1 AND (l.remaining > 0 OR l.id = ANY (ARRAY(SELECT lot_id FROM late)))
        AND (l.expires_at IS NULL OR l.expires_at > $2)
)
SELECT coalesce((SELECT sum(points) FROM lots WHERE usable), 0)::bigint AS available,
    coalesce((SELECT sum(points) FROM lots WHERE NOT usable), 0)::bigint AS pending,
    coalesce((SELECT sum(points - coalesce(from_family, 0)) FROM points_hold
        WHERE member_id = $1 AND status = 'ACTIVE' AND expires_at > $2), 0)::bigint AS held,
    coalesce((SELECT debt FROM member_points WHERE member_id = $1), 0) AS debt,
    (SELECT json_agg(json_build_object('id', id, 'issuer', issuer, 'purchase', purchase_id, 'issued', issued,
        'points', points, 'issued_at', issued_at, 'activates_at', activates_at, 'expires_at', expires_at, 'usable', usable)
        ORDER BY usable DESC, expires_at NULLS LAST, issued_at, id) FROM lots) AS lots
