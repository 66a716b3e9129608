-- Whether what a receipt was promised by campaigns still stands, under the locks of its member, codes and budgets. CHANGED
-- means to read everything again: the price may be another one now. What a guest has paid by already (`paid`) always stands:
-- it was put aside when it was promised.
CREATE FUNCTION promotions_refusal(item jsonb, who uuid) RETURNS text LANGUAGE sql AS $$
    SELECT 'CHANGED'
    WHERE NOT item ? 'paid' AND ((item ? 'purchases' AND (SELECT count(*) FROM purchase WHERE member_id = who AND (refunded_net < net OR net = 0))
            <> (item->>'purchases')::bigint)
        OR EXISTS (
            SELECT 1 FROM jsonb_to_recordset(item->'uses') AS u (campaign text, discount bigint, points bigint,
                most_discount bigint, most_points bigint, most_uses bigint, most_by_member bigint)
            LEFT JOIN campaign_budget AS b ON b.campaign = u.campaign
            LEFT JOIN campaign_use AS c ON c.member_id = who AND c.campaign = u.campaign
            WHERE b.discount + u.discount > u.most_discount OR b.points + u.points > u.most_points
                OR b.uses >= u.most_uses OR c.uses >= u.most_by_member)
        OR EXISTS (
            SELECT 1 FROM jsonb_array_elements_text(item->'coupons') AS given
            LEFT JOIN coupon AS c ON c.id = given::uuid LEFT JOIN coupon_batch AS b ON b.id = c.batch_id
            WHERE coalesce(c.uses_left, 0) <= 0 OR b.cancelled_at IS NOT NULL))
$$;
