-- Gives back what an order was promised of counted campaigns: it is closed, cancelled, quoted anew, or its time is over.
CREATE FUNCTION free_promotions(bound uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM campaign_budget WHERE campaign IN (SELECT campaign FROM campaign_hold WHERE order_id = bound)
        ORDER BY campaign FOR UPDATE;
    WITH gone AS (
        DELETE FROM campaign_hold WHERE order_id = bound RETURNING campaign, member_id, discount, points
    ), counted AS (
        UPDATE campaign_budget AS b SET discount = b.discount - g.discount, points = b.points - g.points, uses = b.uses - 1
        FROM gone AS g WHERE b.campaign = g.campaign
    )
    UPDATE campaign_use AS c SET uses = c.uses - 1 FROM gone AS g WHERE c.member_id = g.member_id AND c.campaign = g.campaign;
END $$;
