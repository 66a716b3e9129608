-- The facts of points that no closed month counts yet, with their price and what is due for them. `prices` are
-- [{"issuer", "since", "until", "kopecks"}], the time without gaps; `since` is from when on facts may be uncounted.
CREATE FUNCTION open_settlement(since timestamptz, prices jsonb) RETURNS TABLE (transaction_id uuid, kind text, lot_id uuid,
    member_id uuid, issuer text, partner text, points bigint, price bigint, due bigint, purchase_id uuid,
    occurred_at timestamptz, recorded_at timestamptz) LANGUAGE sql STABLE AS $$
    SELECT f.transaction_id, f.kind, f.lot_id, f.member_id, f.issuer, f.partner, f.points, coalesce(p.kopecks, 0),
        CASE WHEN f.issuer = f.partner THEN 0
            WHEN f.kind IN ('REDEEMED', 'RETURNED', 'REPAID') THEN f.points * coalesce(p.kopecks, 0)
            WHEN f.kind = 'GIVEN_BACK' THEN -f.points * coalesce(p.kopecks, 0)
            ELSE 0 END,
        f.purchase_id, f.occurred_at, f.recorded_at
    FROM points_facts(since) AS f
    LEFT JOIN jsonb_to_recordset(prices) AS p(issuer text, since timestamptz, until timestamptz, kopecks bigint)
        ON p.issuer = f.issuer AND f.priced_at >= p.since AND f.priced_at < p.until
    WHERE NOT EXISTS (SELECT 1 FROM settlement_line AS s WHERE s.transaction_id = f.transaction_id)
$$;
