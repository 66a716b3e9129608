-- What campaigns gave on a posted receipt: a row for each line and source, the budgets and uses moved, what was told kept.
CREATE FUNCTION post_promotions(item jsonb, who uuid, purchase uuid, version int) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF item ? 'paid' THEN
        PERFORM free_promotions(purchase);
    END IF;
    INSERT INTO purchase_promotion (purchase_id, outcomes) VALUES (purchase, item->'outcomes');
    INSERT INTO discount_application (id, purchase_id, line_id, source, campaign, coupon_id, programme_version, amount, points,
        refunded_amount, refunded_points, is_counted, gives_back)
    SELECT a.id, purchase, a.line, a.source, a.campaign, a.coupon, version, a.amount, a.points, 0, 0, a.is_counted, a.gives_back
    FROM jsonb_to_recordset(item->'parts') AS a (id uuid, line uuid, source text, campaign text, coupon uuid, amount bigint,
        points bigint, is_counted boolean, gives_back boolean);
    UPDATE campaign_budget AS b SET discount = b.discount + u.discount, points = b.points + u.points, uses = b.uses + 1
        FROM jsonb_to_recordset(item->'uses') AS u (campaign text, discount bigint, points bigint)
        WHERE b.campaign = u.campaign;
    INSERT INTO campaign_use AS c (id, campaign, member_id, uses)
        SELECT gen_random_uuid(), u.campaign, who, 1 FROM jsonb_to_recordset(item->'uses') AS u (campaign text)
        ON CONFLICT (member_id, campaign) DO UPDATE SET uses = c.uses + 1;
    UPDATE coupon SET uses_left = uses_left - 1
        WHERE id IN (SELECT c::uuid FROM jsonb_array_elements_text(item->'coupons') AS c);
END $$;
