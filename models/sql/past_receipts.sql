-- Posted receipts in the order of their moments, with what campaigns may know of their guests then. $1 and $2 the business
-- dates, both inclusive. Lines and facts are read row by row behind the sort, so that the sort is of narrow rows.
SELECT p.id, p.member_id, p.partner, p.outlet, p.channel, p.tier, p.closed_at, p.receipt_number, p.discount, p.accumulated,
    m.birth_date, coalesce(m.confirmed_at, m.created_at) AS joined_at, before.purchases, before.last_at, before.accumulated AS stood_at,
    (SELECT json_agg(json_build_array(l.service, l.name, l.quantity, l.gross) ORDER BY l.position)
        FROM purchase_line AS l WHERE l.purchase_id = p.id) AS lines
FROM purchase AS p JOIN member AS m ON m.id = p.member_id
CROSS JOIN LATERAL (
    SELECT count(*) AS purchases, max(closed_at) AS last_at, coalesce(sum(accumulated - refunded_accumulated), 0)::bigint AS accumulated
    FROM purchase AS e WHERE e.member_id = p.member_id AND (e.closed_at, e.id) < (p.closed_at, p.id)
        AND (e.refunded_net < e.net OR e.net = 0)
) AS before
WHERE p.business_date BETWEEN $1 AND $2
ORDER BY p.closed_at, p.id
