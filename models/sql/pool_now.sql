-- A family's pool as it is at a moment, whatever the jobs have come to. $1 family, $2 the moment. `lots` has what is left
-- of each giver's points and who issued them, in the order they are spent.
WITH late AS (
    SELECT u.lot_id, sum(u.points) AS points FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
    WHERE h.family_id = $1 AND h.status = 'ACTIVE' AND h.expires_at <= $2 GROUP BY u.lot_id
), lots AS (
    SELECT l.id, l.contributor_id, l.issuer, l.issued_at, l.expires_at, l.remaining + coalesce(late.points, 0) AS points
    FROM points_lot AS l LEFT JOIN late ON late.lot_id = l.id
    WHERE l.family_id = $1 AND (l.expires_at IS NULL OR l.expires_at > $2) AND l.remaining + coalesce(late.points, 0) > 0
)
SELECT coalesce((SELECT sum(points) FROM lots), 0)::bigint AS available,
    coalesce((SELECT sum(from_family) FROM points_hold
        WHERE family_id = $1 AND status = 'ACTIVE' AND expires_at > $2), 0)::bigint AS held,
    (SELECT json_agg(json_build_object('member', contributor_id, 'issuer', issuer, 'points', points,
        'expires_at', expires_at) ORDER BY expires_at NULLS LAST, issued_at, id) FROM lots) AS lots
