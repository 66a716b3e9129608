-- A page of receipts of any member, newest first. $1 rows, $2 and $3 the place to go on from (or null); whose: $4 all, or
-- those of $5 partners, $6 outlets, $7 tills; $8 partner, $9 outlet, $10 channel, $11 receipt number, $12 and $13 business
-- dates, $14 whether something was refunded, $15 member (or null).
SELECT p.id, p.partner, p.outlet, p.till_id, t.name AS till, p.channel, p.receipt_number, p.closed_at, p.posted_at,
    p.business_date, p.gross, p.discount, p.net, p.refunded_net, p.accumulated - p.refunded_accumulated AS accumulated,
    right(m.number, 4) AS card, l.earned, l.spent
FROM purchase AS p JOIN till AS t ON t.id = p.till_id JOIN member AS m ON m.id = p.member_id
LEFT JOIN LATERAL (
    SELECT sum(points_earned - refunded_points_earned)::bigint AS earned, sum(points_spent - refunded_points_spent)::bigint AS spent
    FROM purchase_line WHERE purchase_id = p.id AND points_paid IS NOT NULL
) AS l ON true
WHERE ($2::timestamptz IS NULL OR (p.closed_at, p.id) < ($2, $3::uuid))
    AND ($4::boolean OR p.partner = ANY ($5::text[]) OR p.outlet = ANY ($6::text[]) OR p.till_id = ANY ($7::uuid[]))
    AND ($8::text IS NULL OR p.partner = $8) AND ($9::text IS NULL OR p.outlet = $9) AND ($10::text IS NULL OR p.channel = $10)
    AND ($11::text IS NULL OR p.receipt_number = $11)
    AND ($12::date IS NULL OR p.business_date >= $12) AND ($13::date IS NULL OR p.business_date <= $13)
    AND ($14::boolean IS NULL OR (p.refunded_net > 0) = $14) AND ($15::uuid IS NULL OR p.member_id = $15)
ORDER BY p.closed_at DESC, p.id DESC LIMIT $1
