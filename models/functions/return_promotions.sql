-- The share of a return in what campaigns gave: of each amount X of a line floor(X * q / Q), exact when all is back. Budgets
-- get it back where the campaign says so; a use, of a guest or of a promo code, once every line it touched is back. Points
-- that withdraw_promotions has taken off a receipt are back already.
CREATE FUNCTION return_promotions(receipt uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    who uuid; given record; had_none boolean;
BEGIN
    SELECT member_id INTO who FROM purchase WHERE id = receipt;
    PERFORM 1 FROM coupon WHERE id IN (SELECT coupon_id FROM discount_application WHERE purchase_id = receipt)
        ORDER BY id FOR UPDATE;
    PERFORM 1 FROM campaign_budget WHERE campaign IN (SELECT campaign FROM discount_application WHERE purchase_id = receipt)
        ORDER BY campaign FOR UPDATE;
    had_none := EXISTS (SELECT FROM instalment WHERE purchase_id = receipt AND state IN ('CANCELLED', 'EXPIRED'));
    FOR given IN
        WITH back AS (
            SELECT a.id, a.campaign, a.coupon_id, a.is_counted, a.gives_back, a.refunded_amount, a.refunded_points, a.returned_at,
                div(a.amount::numeric * l.refunded_part, l.whole)::bigint AS amount,
                CASE WHEN had_none THEN a.refunded_points
                    ELSE div(a.points::numeric * l.refunded_part, l.whole)::bigint END AS points,
                l.refunded_part = l.whole AS is_whole
            FROM discount_application AS a JOIN LATERAL (
                SELECT refunded_part, CASE refund_measure WHEN 'NET' THEN net ELSE quantity END AS whole
                FROM purchase_line WHERE id = a.line_id
            ) AS l ON true
            WHERE a.purchase_id = receipt
        ), moved AS (
            UPDATE discount_application AS a SET refunded_amount = b.amount, refunded_points = b.points,
                returned_at = CASE WHEN b.is_whole THEN coalesce(a.returned_at, moment) ELSE a.returned_at END
            FROM back AS b WHERE a.id = b.id
        )
        SELECT campaign, max(coupon_id::text)::uuid AS coupon, bool_or(is_counted) AS is_counted,
            sum(amount - refunded_amount)::bigint AS amount, sum(points - refunded_points)::bigint AS points,
            bool_and(is_whole) AND NOT bool_and(returned_at IS NOT NULL) AS is_unused
        FROM back WHERE gives_back GROUP BY campaign ORDER BY campaign
    LOOP
        IF given.is_counted THEN
            UPDATE campaign_budget SET discount = discount - given.amount, points = points - given.points,
                uses = uses - given.is_unused::int WHERE campaign = given.campaign;
        END IF;
        IF given.is_unused THEN
            UPDATE campaign_use SET uses = uses - 1
                WHERE member_id = who AND campaign = given.campaign AND given.is_counted;
            UPDATE coupon SET uses_left = uses_left + 1 WHERE id = given.coupon;
        END IF;
    END LOOP;
END $$;
