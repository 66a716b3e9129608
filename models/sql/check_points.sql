-- Every row that breaks a promise about points, with the name of the promise.
SELECT 'points equal entries' AS "check", 'member ' || p.member_id AS subject,
    concat_ws(' / ', p.available, p.pending, p.held, -p.debt) || ' against '
        || concat_ws(' / ', e.available, e.pending, e.held, e.debt) AS detail
FROM member_points AS p LEFT JOIN LATERAL (
    SELECT coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'available'), 0) AS available,
        coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'pending'), 0) AS pending,
        coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'held'), 0) AS held,
        coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'debt'), 0) AS debt
    FROM account AS a JOIN entry AS e ON e.account_id = a.id
    WHERE a.owner_kind = 'MEMBER' AND a.owner = p.member_id::text AND a.unit = 'PTS'
) AS e ON true
WHERE (p.available, p.pending, p.held, -p.debt) IS DISTINCT FROM (e.available, e.pending, e.held, e.debt)
UNION ALL
SELECT 'a member account of points has balances', 'account ' || a.id, a.owner
FROM account AS a WHERE a.owner_kind = 'MEMBER' AND a.unit = 'PTS'
    AND NOT EXISTS (SELECT 1 FROM member_points AS p WHERE p.member_id::text = a.owner)
UNION ALL
SELECT 'lots are the balance', 'member ' || p.member_id,
    concat_ws(' / ', p.available, p.pending) || ' against ' || concat_ws(' / ', l.active, l.pending)
FROM member_points AS p LEFT JOIN LATERAL (
    SELECT coalesce(sum(remaining) FILTER (WHERE status = 'ACTIVE'), 0) AS active,
        coalesce(sum(remaining) FILTER (WHERE status = 'PENDING'), 0) AS pending
    FROM points_lot WHERE member_id = p.member_id
) AS l ON true
WHERE (p.available, p.pending) IS DISTINCT FROM (l.active, l.pending)
UNION ALL
SELECT 'a lot adds up', 'lot ' || l.id, l.remaining || ' against ' || l.issued + coalesce(m.moved, 0)
FROM points_lot AS l LEFT JOIN (SELECT lot_id, sum(amount) AS moved FROM points_lot_move GROUP BY lot_id) AS m ON m.lot_id = l.id
WHERE l.remaining <> l.issued + coalesce(m.moved, 0)
UNION ALL
SELECT 'reservations are what is held', 'member ' || p.member_id, p.held || ' against ' || coalesce(h.points, 0)
FROM member_points AS p LEFT JOIN (
    SELECT member_id, sum(points - coalesce(from_family, 0)) AS points FROM points_hold WHERE status = 'ACTIVE'
    GROUP BY member_id
) AS h ON h.member_id = p.member_id
WHERE p.held <> coalesce(h.points, 0)
UNION ALL
SELECT 'a reservation is its lots', 'hold ' || h.id, h.points || ' against ' || coalesce(u.points, 0)
FROM points_hold AS h LEFT JOIN (SELECT hold_id, sum(points) AS points FROM points_hold_lot GROUP BY hold_id) AS u
    ON u.hold_id = h.id
WHERE h.points <> coalesce(u.points, 0)
UNION ALL
SELECT 'a reservation has an end', 'hold ' || id, (expires_at - created_at)::text
FROM points_hold WHERE expires_at - created_at NOT BETWEEN interval '0' AND interval '2 hours'
UNION ALL
SELECT 'points pay what the receipt says', 'purchase ' || p.id,
    concat_ws(' / ', p.paid, p.spent) || ' against ' || concat_ws(' / ', p.tendered, h.worth, h.points)
FROM (
    SELECT l.purchase_id AS id, coalesce(sum(points_paid), 0) AS paid, coalesce(sum(points_spent), 0) AS spent,
        (SELECT coalesce(sum(amount), 0) FROM tender AS t WHERE t.purchase_id = l.purchase_id AND t.kind = 'POINTS') AS tendered
    FROM purchase_line AS l WHERE l.points_paid IS NOT NULL
        OR EXISTS (SELECT 1 FROM tender AS t WHERE t.purchase_id = l.purchase_id AND t.kind = 'POINTS')
    GROUP BY l.purchase_id
) AS p LEFT JOIN points_hold AS h ON h.purchase_id = p.id AND h.status = 'COMMITTED'
WHERE (p.paid, p.spent, p.tendered) IS DISTINCT FROM (coalesce(h.worth, 0), coalesce(h.points, 0), coalesce(h.worth, 0))
UNION ALL
SELECT 'points of receipts are in the ledger', 'purchase ' || coalesce(p.id, t.cause_id),
    concat_ws(' / ', p.earned, p.spent) || ' against ' || concat_ws(' / ', t.earned, t.spent)
FROM (
    SELECT purchase_id AS id, sum(points_earned) AS earned, sum(points_spent) AS spent
    FROM purchase_line WHERE points_paid IS NOT NULL GROUP BY purchase_id
) AS p FULL JOIN (
    SELECT t.cause_id, coalesce(-sum(e.amount) FILTER (WHERE a.purpose = 'issued'), 0) AS earned,
        coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'redeemed'), 0) AS spent
    FROM ledger_transaction AS t JOIN entry AS e ON e.transaction_id = t.id JOIN account AS a ON a.id = e.account_id
    WHERE t.kind IN ('POINTS_EARNED', 'POINTS_SPENT', 'FAMILY_SPENT') GROUP BY t.cause_id
) AS t ON t.cause_id = p.id
LEFT JOIN instalment AS i ON i.purchase_id = p.id
WHERE (coalesce(p.earned, 0) - coalesce(i.points_back, 0), coalesce(p.spent, 0))
    IS DISTINCT FROM (coalesce(t.earned, 0), coalesce(t.spent, 0))
UNION ALL
SELECT 'points of returns are in the ledger', 'refund ' || coalesce(r.id, t.cause_id),
    concat_ws(' / ', r.taken, r.given) || ' against ' || concat_ws(' / ', t.taken, t.given)
FROM (
    SELECT refund_id AS id, sum(points_earned) AS taken, sum(points_spent) AS given
    FROM refund_line WHERE points_paid IS NOT NULL GROUP BY refund_id
) AS r FULL JOIN (
    SELECT t.cause_id, coalesce(sum(e.amount) FILTER (WHERE a.purpose = 'issued'), 0) AS taken,
        coalesce(-sum(e.amount) FILTER (WHERE a.purpose = 'redeemed'), 0) AS given
    FROM ledger_transaction AS t JOIN entry AS e ON e.transaction_id = t.id JOIN account AS a ON a.id = e.account_id
    WHERE t.kind IN ('POINTS_TAKEN_BACK', 'POINTS_GIVEN_BACK', 'FAMILY_GIVEN_BACK') GROUP BY t.cause_id
) AS t ON t.cause_id = r.id
WHERE (coalesce(r.taken, 0), coalesce(r.given, 0)) IS DISTINCT FROM (coalesce(t.taken, 0), coalesce(t.given, 0))
UNION ALL
SELECT 'a line''s points come back once', 'line ' || l.id,
    concat_ws(' / ', l.refunded_points_paid, l.refunded_points_spent, l.refunded_points_earned) || ' against '
        || concat_ws(' / ', r.paid, r.spent, r.earned)
FROM purchase_line AS l LEFT JOIN (
    SELECT line_id, sum(points_paid) AS paid, sum(points_spent) AS spent, sum(points_earned) AS earned
    FROM refund_line GROUP BY line_id
) AS r ON r.line_id = l.id
LEFT JOIN instalment_line AS i ON i.line_id = l.id
WHERE l.points_paid IS NOT NULL AND (l.refunded_points_paid, l.refunded_points_spent, l.refunded_points_earned)
    IS DISTINCT FROM (coalesce(r.paid, 0), coalesce(r.spent, 0), coalesce(r.earned, 0) + coalesce(i.points_back, 0))
UNION ALL
SELECT 'what was spent and given back stays within', 'purchase ' || h.purchase_id, u.restored || ' against ' || l.given
FROM points_hold AS h JOIN (SELECT hold_id, sum(restored) AS restored FROM points_hold_lot GROUP BY hold_id) AS u
    ON u.hold_id = h.id
JOIN (SELECT purchase_id, coalesce(sum(refunded_points_spent), 0) AS given FROM purchase_line GROUP BY purchase_id) AS l
    ON l.purchase_id = h.purchase_id
WHERE h.status = 'COMMITTED' AND u.restored <> l.given
