-- Puts aside what an order of a restaurant is promised of counted campaigns, instead of what it was promised before: whole, or
-- not at all. False means that somebody else was first and the price must be asked for again. A closed order needs nothing more.
CREATE FUNCTION hold_promotions(bound uuid, who uuid, wanted jsonb, moment timestamptz, ends timestamptz) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM pos_order WHERE id = bound FOR UPDATE;
    INSERT INTO campaign_budget (campaign, discount, points, uses)
        SELECT u->>'campaign', 0, 0, 0 FROM jsonb_array_elements(wanted) AS u ORDER BY 1 ON CONFLICT (campaign) DO NOTHING;
    PERFORM 1 FROM campaign_budget WHERE campaign IN (
        SELECT u->>'campaign' FROM jsonb_array_elements(wanted) AS u
        UNION SELECT campaign FROM campaign_hold WHERE order_id = bound) ORDER BY campaign FOR UPDATE;
    IF EXISTS (SELECT 1 FROM purchase WHERE id = bound) THEN
        RETURN true;
    END IF;
    IF EXISTS (
        SELECT 1 FROM jsonb_to_recordset(wanted) AS u (campaign text, discount bigint, points bigint, most_discount bigint,
            most_points bigint, most_uses bigint, most_by_member bigint)
        JOIN campaign_budget AS b ON b.campaign = u.campaign
        LEFT JOIN campaign_use AS c ON c.member_id = who AND c.campaign = u.campaign
        LEFT JOIN campaign_hold AS h ON h.order_id = bound AND h.campaign = u.campaign
        WHERE b.discount - coalesce(h.discount, 0) + u.discount > u.most_discount
            OR b.points - coalesce(h.points, 0) + u.points > u.most_points
            OR b.uses - (h.id IS NOT NULL)::int >= u.most_uses
            OR c.uses - coalesce(h.member_id = who, false)::int >= u.most_by_member) THEN
        RETURN false;
    END IF;
    PERFORM free_promotions(bound);
    WITH taken AS (
        INSERT INTO campaign_hold (id, order_id, member_id, campaign, discount, points, created_at, expires_at)
        SELECT gen_random_uuid(), bound, who, u.campaign, u.discount, u.points, moment, ends
        FROM jsonb_to_recordset(wanted) AS u (campaign text, discount bigint, points bigint)
        RETURNING campaign, discount, points
    ), counted AS (
        UPDATE campaign_budget AS b SET discount = b.discount + t.discount, points = b.points + t.points, uses = b.uses + 1
        FROM taken AS t WHERE b.campaign = t.campaign
    )
    INSERT INTO campaign_use AS c (id, campaign, member_id, uses) SELECT gen_random_uuid(), campaign, who, 1 FROM taken
        ON CONFLICT (member_id, campaign) DO UPDATE SET uses = c.uses + 1;
    RETURN true;
END $$;
