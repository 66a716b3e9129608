-- Points that campaigns promised on receipts whose bank said no, or never answered: nobody ever had them, so the budgets get
-- them back whatever is kept of returns. A use that gave nothing else goes back as after a return. The receipts are locked.
CREATE FUNCTION withdraw_promotions(receipts uuid[], moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    given record;
BEGIN
    IF NOT EXISTS (SELECT FROM discount_application WHERE purchase_id = ANY (receipts) AND points > 0) THEN
        RETURN;
    END IF;
    PERFORM 1 FROM coupon WHERE id IN (SELECT coupon_id FROM discount_application WHERE purchase_id = ANY (receipts))
        ORDER BY id FOR UPDATE;
    PERFORM 1 FROM campaign_budget WHERE campaign IN (SELECT campaign FROM discount_application WHERE purchase_id = ANY (receipts))
        ORDER BY campaign FOR UPDATE;
    FOR given IN
        SELECT a.purchase_id, p.member_id, a.campaign, max(a.coupon_id::text)::uuid AS coupon, bool_or(a.is_counted) AS is_counted,
            sum(a.points - a.refunded_points)::bigint AS points,
            bool_and(a.gives_back AND a.amount = 0) AND NOT bool_and(a.returned_at IS NOT NULL) AS is_unused
        FROM discount_application AS a JOIN purchase AS p ON p.id = a.purchase_id
        WHERE a.purchase_id = ANY (receipts) AND a.campaign IS NOT NULL
        GROUP BY a.purchase_id, p.member_id, a.campaign HAVING sum(a.points) > 0 ORDER BY a.campaign, a.purchase_id
    LOOP
        IF given.is_counted THEN
            UPDATE campaign_budget SET points = points - given.points, uses = uses - given.is_unused::int
                WHERE campaign = given.campaign;
        END IF;
        UPDATE discount_application SET refunded_points = points,
            returned_at = CASE WHEN given.is_unused THEN coalesce(returned_at, moment) ELSE returned_at END
            WHERE purchase_id = given.purchase_id AND campaign = given.campaign;
        IF given.is_unused THEN
            UPDATE campaign_use SET uses = uses - 1
                WHERE member_id = given.member_id AND campaign = given.campaign AND given.is_counted;
            UPDATE coupon SET uses_left = uses_left + 1 WHERE id = given.coupon;
        END IF;
    END LOOP;
END $$;
