-- The counters that a batch of receipts moves, behind the members: promo codes first, then budgets, each in one order.
CREATE FUNCTION lock_promotions(batch jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    counted text[];
BEGIN
    PERFORM 1 FROM coupon
        WHERE id IN (SELECT c::uuid FROM jsonb_array_elements(batch) AS i, jsonb_array_elements_text(i->'promotions'->'coupons') AS c)
        ORDER BY id FOR UPDATE;
    SELECT array_agg(campaign ORDER BY campaign) INTO counted FROM (
        SELECT u->>'campaign' FROM jsonb_array_elements(batch) AS i, jsonb_array_elements(i->'promotions'->'uses') AS u
        UNION SELECT h.campaign FROM jsonb_array_elements(batch) AS i
            JOIN campaign_hold AS h ON h.order_id = (i->>'purchase')::uuid WHERE i->'promotions' ? 'paid') AS c (campaign);
    IF counted IS NOT NULL THEN
        INSERT INTO campaign_budget (campaign, discount, points, uses)
            SELECT c, 0, 0, 0 FROM unnest(counted) AS c ORDER BY c ON CONFLICT (campaign) DO NOTHING;
        PERFORM 1 FROM campaign_budget WHERE campaign = ANY (counted) ORDER BY campaign FOR UPDATE;
    END IF;
END $$;
