-- What happened to points since a moment, lot by lot: one row for what a transaction did to a lot, for or against whom.
-- An issuer of '' is the programme itself. `priced_at` is when the points were spent that a return gives back.
CREATE FUNCTION points_facts(since timestamptz) RETURNS TABLE (transaction_id uuid, kind text, lot_id uuid, member_id uuid,
    issuer text, partner text, points bigint, purchase_id uuid, priced_at timestamptz, occurred_at timestamptz,
    recorded_at timestamptz) LANGUAGE sql STABLE AS $$
WITH moved AS MATERIALIZED (
    -- What happens to lots of a family's pool happens to their issuers as it does to a member's.
    SELECT t.id, replace(t.kind, 'FAMILY_', 'POINTS_') AS kind, t.kind LIKE 'FAMILY%' AS is_pool, t.cause_id, t.occurred_at,
        t.recorded_at
    FROM ledger_transaction AS t WHERE t.recorded_at >= since AND (t.kind LIKE 'POINTS%' OR t.kind LIKE 'FAMILY%')
), refunded AS (
    SELECT m.id, m.kind, m.occurred_at, m.recorded_at, p.id AS purchase, p.partner::text, p.closed_at
    FROM moved AS m JOIN refund AS r ON r.id = m.cause_id JOIN purchase AS p ON p.id = r.purchase_id
    WHERE m.kind IN ('POINTS_TAKEN_BACK', 'POINTS_GIVEN_BACK')
), touched AS (
    -- What a transaction did to lots, its own new ones among them.
    SELECT m.id, m.kind, m.occurred_at, m.recorded_at, v.lot_id, v.amount
    FROM moved AS m JOIN points_lot_move AS v ON v.transaction_id = m.id
    UNION ALL
    SELECT m.id, m.kind, m.occurred_at, m.recorded_at, l.id, l.issued
    FROM moved AS m JOIN points_lot AS l ON l.transaction_id = m.id
), touched_lots AS (
    SELECT t.*, coalesce(l.member_id, l.contributor_id) AS member_id,
        coalesce(l.issuer, '')::text AS issuer, l.purchase_id AS earned_by
    FROM touched AS t JOIN points_lot AS l ON l.id = t.lot_id
), debtors AS (
    SELECT DISTINCT a.id AS account, a.owner FROM moved AS m
    JOIN entry AS e ON e.transaction_id = m.id AND e.amount > 0 JOIN account AS a ON a.id = e.account_id
    WHERE m.kind IN ('POINTS_EARNED', 'POINTS_REPAID') AND a.purpose = 'debt' AND a.unit = 'PTS'
), debts AS (
    -- Debts are paid in the order in which they were made; entries of a member are numbered in that order.
    SELECT d.owner, coalesce(p.partner, '')::text AS creditor, -e.amount AS points,
        sum(-e.amount) OVER (PARTITION BY d.owner ORDER BY e.id) AS upto
    FROM debtors AS d JOIN entry AS e ON e.account_id = d.account AND e.amount < 0
    JOIN ledger_transaction AS t ON t.id = e.transaction_id
    LEFT JOIN refund AS r ON r.id = t.cause_id LEFT JOIN purchase AS p ON p.id = r.purchase_id
), payments AS (
    SELECT d.owner, e.transaction_id, v.lot_id, -v.amount AS points,
        sum(-v.amount) OVER (PARTITION BY d.owner ORDER BY e.id, v.id) AS upto
    FROM debtors AS d JOIN entry AS e ON e.account_id = d.account AND e.amount > 0
    JOIN points_lot_move AS v ON v.transaction_id = e.transaction_id AND v.amount < 0
), paid AS (
    SELECT p.transaction_id, p.lot_id, d.creditor,
        sum(least(d.upto, p.upto) - greatest(d.upto - d.points, p.upto - p.points)) AS points
    FROM payments AS p JOIN debts AS d ON d.owner = p.owner AND d.upto > p.upto - p.points AND d.upto - d.points < p.upto
    GROUP BY p.transaction_id, p.lot_id, d.creditor
)
SELECT t.id, 'ISSUED', t.lot_id, t.member_id, t.issuer, NULL, t.amount, t.earned_by, t.occurred_at, t.occurred_at, t.recorded_at
FROM touched_lots AS t WHERE t.kind = 'POINTS_EARNED' AND t.amount > 0
UNION ALL
SELECT m.id, 'REDEEMED', u.lot_id, h.member_id, coalesce(l.issuer, ''), h.partner, u.points, h.purchase_id, m.occurred_at,
    m.occurred_at, m.recorded_at
FROM moved AS m JOIN points_hold AS h ON h.purchase_id = m.cause_id AND h.status = 'COMMITTED'
JOIN points_hold_lot AS u ON u.hold_id = h.id
JOIN points_lot AS l ON l.id = u.lot_id AND (l.family_id IS NOT NULL) = m.is_pool WHERE m.kind = 'POINTS_SPENT'
UNION ALL
SELECT t.id, 'GIVEN_BACK', t.lot_id, t.member_id, t.issuer, r.partner, t.amount, r.purchase, r.closed_at, t.occurred_at,
    t.recorded_at
FROM touched_lots AS t JOIN refunded AS r ON r.id = t.id WHERE t.kind = 'POINTS_GIVEN_BACK'
UNION ALL
SELECT t.id, 'RETURNED', t.lot_id, t.member_id, t.issuer, r.partner, -t.amount, r.purchase, t.occurred_at, t.occurred_at,
    t.recorded_at
FROM touched_lots AS t JOIN refunded AS r ON r.id = t.id WHERE t.kind = 'POINTS_TAKEN_BACK'
UNION ALL
SELECT r.id, 'OWED', NULL, a.owner::uuid, r.partner, r.partner, -e.amount, r.purchase, r.occurred_at, r.occurred_at,
    r.recorded_at
FROM refunded AS r JOIN entry AS e ON e.transaction_id = r.id AND e.amount < 0
JOIN account AS a ON a.id = e.account_id AND a.purpose = 'debt' AND a.unit = 'PTS' WHERE r.kind = 'POINTS_TAKEN_BACK'
UNION ALL
SELECT t.id, 'REPAID', t.lot_id, t.member_id, t.issuer, p.creditor, p.points::bigint, NULL, t.occurred_at, t.occurred_at,
    t.recorded_at
FROM touched_lots AS t JOIN paid AS p ON p.transaction_id = t.id AND p.lot_id = t.lot_id
WHERE t.kind IN ('POINTS_EARNED', 'POINTS_REPAID') AND t.amount < 0
UNION ALL
SELECT t.id, 'EXPIRED', t.lot_id, t.member_id, t.issuer, NULL, -t.amount, NULL, t.occurred_at, t.occurred_at, t.recorded_at
FROM touched_lots AS t WHERE t.kind = 'POINTS_EXPIRED'
UNION ALL
-- Whatever else makes or ends points, such as a gift of the programme; what only moves them on changes no issuer's sum.
SELECT t.id, CASE WHEN sum(t.amount) > 0 THEN 'ISSUED' ELSE 'EXPIRED' END, (array_agg(t.lot_id ORDER BY t.lot_id))[1],
    (array_agg(t.member_id ORDER BY t.lot_id))[1], t.issuer, NULL, abs(sum(t.amount))::bigint, NULL, t.occurred_at,
    t.occurred_at, t.recorded_at
FROM touched_lots AS t
WHERE t.kind NOT IN ('POINTS_EARNED', 'POINTS_GIVEN_BACK', 'POINTS_TAKEN_BACK', 'POINTS_REPAID', 'POINTS_EXPIRED',
    'POINTS_HELD', 'POINTS_RELEASED')
GROUP BY t.id, t.issuer, t.occurred_at, t.recorded_at HAVING sum(t.amount) <> 0
$$;
