-- Every row that breaks a promise about families, with the name of the promise (INV-18).
SELECT 'a pool equals its entries' AS "check", 'family ' || f.id AS subject,
    concat_ws(' / ', f.available, f.held) || ' against ' || concat_ws(' / ', e.available, e.held) AS detail
FROM family AS f LEFT JOIN LATERAL (
    SELECT coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'available'), 0) AS available,
        coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'held'), 0) AS held
    FROM account AS a JOIN entry AS e ON e.account_id = a.id WHERE a.owner_kind = 'FAMILY' AND a.owner = f.id::text
) AS e ON true
WHERE (f.available, f.held) IS DISTINCT FROM (e.available, e.held)
UNION ALL
SELECT 'a pool is its lots', 'family ' || f.id, f.available || ' against ' || coalesce(l.points, 0)
FROM family AS f LEFT JOIN (
    SELECT family_id, sum(remaining) AS points FROM points_lot WHERE family_id IS NOT NULL GROUP BY family_id
) AS l ON l.family_id = f.id
WHERE f.available <> coalesce(l.points, 0)
UNION ALL
SELECT 'reservations are what a pool holds', 'family ' || f.id, f.held || ' against ' || coalesce(h.points, 0)
FROM family AS f LEFT JOIN (
    SELECT family_id, sum(from_family) AS points FROM points_hold WHERE status = 'ACTIVE' GROUP BY family_id
) AS h ON h.family_id = f.id
WHERE f.held <> coalesce(h.points, 0)
UNION ALL
SELECT 'a reservation''s share is its lots of the pool', 'hold ' || h.id, h.from_family || ' against ' || coalesce(u.points, 0)
FROM points_hold AS h LEFT JOIN (
    SELECT u.hold_id, sum(u.points) AS points FROM points_hold_lot AS u JOIN points_lot AS l ON l.id = u.lot_id
    WHERE l.family_id IS NOT NULL GROUP BY u.hold_id
) AS u ON u.hold_id = h.id
WHERE coalesce(h.from_family, 0) <> coalesce(u.points, 0)
UNION ALL
-- What somebody has in a pool: what he gave, less what was spent of it and not given back, what he got back and what ended.
SELECT 'a pool is contributions less shares', 'family ' || g.family_id || ' member ' || g.contributor_id,
    g.remaining || ' against ' || g.given - g.spent - g.taken
FROM (
    SELECT l.family_id, l.contributor_id, sum(l.remaining) AS remaining,
        (SELECT coalesce(-sum(e.amount), 0) FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
            WHERE e.account_id = points_account('MEMBER', l.contributor_id::text, 'available')
            AND t.kind IN ('FAMILY_CONTRIBUTED', 'FAMILY_RETURNED') AND EXISTS (SELECT 1 FROM entry AS p
                WHERE p.transaction_id = t.id AND p.account_id = points_account('FAMILY', l.family_id::text, 'available'))
        ) AS given,
        (SELECT coalesce(sum(u.points - u.restored), 0) FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
            JOIN points_lot AS s ON s.id = u.lot_id WHERE h.status IN ('ACTIVE', 'COMMITTED')
            AND s.family_id = l.family_id AND s.contributor_id = l.contributor_id) AS spent,
        (SELECT coalesce(-sum(v.amount), 0) FROM points_lot_move AS v JOIN ledger_transaction AS t ON t.id = v.transaction_id
            JOIN points_lot AS s ON s.id = v.lot_id WHERE t.kind = 'FAMILY_EXPIRED'
            AND s.family_id = l.family_id AND s.contributor_id = l.contributor_id) AS taken
    FROM points_lot AS l WHERE l.family_id IS NOT NULL GROUP BY l.family_id, l.contributor_id
) AS g
WHERE g.remaining <> g.given - g.spent - g.taken
UNION ALL
SELECT 'who has left has nothing in the pool', 'family ' || l.family_id || ' member ' || l.contributor_id, sum(l.remaining)::text
FROM points_lot AS l WHERE l.family_id IS NOT NULL AND l.remaining > 0 AND NOT EXISTS (SELECT 1 FROM family_seat AS s
    WHERE s.family_id = l.family_id AND s.member_id = l.contributor_id AND s.left_at IS NULL)
GROUP BY l.family_id, l.contributor_id
UNION ALL
SELECT 'who owes has nothing in the pool', 'family ' || l.family_id || ' member ' || l.contributor_id, sum(l.remaining)::text
FROM points_lot AS l JOIN member_points AS p ON p.member_id = l.contributor_id AND p.debt > 0
WHERE l.family_id IS NOT NULL AND l.remaining > 0 GROUP BY l.family_id, l.contributor_id
UNION ALL
SELECT 'who has left reserves nothing of the pool', 'hold ' || h.id, h.from_family::text
FROM points_hold AS h WHERE h.status = 'ACTIVE' AND h.family_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM family_seat AS s
    WHERE s.family_id = h.family_id AND s.member_id = h.member_id AND s.left_at IS NULL)
UNION ALL
SELECT 'a family has one head, an ended one nobody', 'family ' || f.id, concat_ws(' / ', s.heads, s.seats)
FROM family AS f LEFT JOIN LATERAL (
    SELECT count(*) FILTER (WHERE role = 'HEAD') AS heads, count(*) AS seats FROM family_seat
    WHERE family_id = f.id AND left_at IS NULL
) AS s ON true
WHERE CASE WHEN f.ended_at IS NULL THEN s.heads <> 1 ELSE s.seats <> 0 END
