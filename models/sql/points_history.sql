-- A page of what moved a member's points, newest first. $1 member, $2 rows, $3 and $4 the place to go on from (or null).
WITH moved AS (
    SELECT t.id, t.kind, t.cause_id, t.occurred_at, t.recorded_at,
        coalesce(sum(e.amount) FILTER (WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'available')), 0)::bigint
            AS available,
        coalesce(sum(e.amount) FILTER (WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'pending')), 0)::bigint
            AS pending,
        coalesce(sum(e.amount) FILTER (WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'held')), 0)::bigint
            AS held,
        coalesce(-sum(e.amount) FILTER (WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'debt')), 0)::bigint
            AS debt
    FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
    WHERE e.account_id = ANY (ARRAY[points_account('MEMBER', $1::uuid::text, 'available'),
            points_account('MEMBER', $1::uuid::text, 'pending'), points_account('MEMBER', $1::uuid::text, 'held'),
            points_account('MEMBER', $1::uuid::text, 'debt')])
        AND ($3::timestamptz IS NULL OR (t.recorded_at, t.id) < ($3, $4::uuid))
    GROUP BY t.id ORDER BY t.recorded_at DESC, t.id DESC LIMIT $2
), caused AS (
    -- The receipt behind a movement: of a purchase or refund itself, of the refund whose debt it paid, else of the lots it moved.
    SELECT m.*, h.partner AS hold_partner, h.outlet AS hold_outlet, coalesce(h.purchase_id, r.purchase_id, l.purchase_id,
        CASE WHEN m.kind IN ('POINTS_EARNED', 'POINTS_SPENT') THEN m.cause_id END) AS purchase_id
    FROM moved AS m
    LEFT JOIN points_hold AS h ON h.id = m.cause_id AND m.kind IN ('POINTS_HELD', 'POINTS_RELEASED')
    LEFT JOIN LATERAL (
        -- Debts are paid in the order they came: this payment began with the first that those before it left.
        SELECT d.cause_id FROM (
            SELECT t.cause_id, sum(-e.amount) OVER (ORDER BY t.recorded_at, t.id) AS owed
            FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
            WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'debt') AND e.amount < 0
        ) AS d WHERE m.kind = 'POINTS_REPAID' AND d.owed > (
            SELECT coalesce(sum(e.amount), 0) FROM entry AS e JOIN ledger_transaction AS t ON t.id = e.transaction_id
            WHERE e.account_id = points_account('MEMBER', $1::uuid::text, 'debt') AND e.amount > 0
                AND (t.recorded_at, t.id) < (m.recorded_at, m.id)
        ) ORDER BY d.owed LIMIT 1
    ) AS owed ON true
    LEFT JOIN refund AS r ON r.id = coalesce(owed.cause_id,
        CASE WHEN m.kind IN ('POINTS_TAKEN_BACK', 'POINTS_GIVEN_BACK') THEN m.cause_id END)
    LEFT JOIN LATERAL (
        SELECT l.purchase_id FROM points_lot AS l WHERE m.kind = 'POINTS_ACTIVATED' AND l.id = m.cause_id
        UNION ALL
        SELECT l.purchase_id FROM points_lot_move AS v JOIN points_lot AS l ON l.id = v.lot_id
        WHERE m.kind = 'POINTS_EXPIRED' AND v.transaction_id = m.id LIMIT 1
    ) AS l ON true
)
SELECT c.id, c.kind, c.occurred_at, c.recorded_at, c.available, c.pending, c.held, c.debt, p.id AS purchase,
    coalesce(c.hold_partner, p.partner) AS partner, coalesce(c.hold_outlet, p.outlet) AS outlet, p.receipt_number,
    p.business_date, p.programme_version, g.reason AS why
FROM caused AS c LEFT JOIN purchase AS p ON p.id = c.purchase_id
LEFT JOIN points_grant AS g ON g.id = c.cause_id AND c.kind IN ('POINTS_GRANTED', 'POINTS_WITHDRAWN')
ORDER BY c.recorded_at DESC, c.id DESC
