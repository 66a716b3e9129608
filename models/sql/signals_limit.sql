-- Soft limits: whoever has done more than $4 of $3 (of whom: $2) within $5 minutes before one of the receipts or returns
-- written between $6 and $7. One signal a subject and a span. $1 is when it was found, $8 the name of the limit.
WITH fresh AS (
    SELECT p.member_id, p.card_id, p.till_id, p.partner, p.outlet, p.cashier, p.closed_at AS at FROM purchase AS p
        WHERE $3 <> 'REFUNDS' AND p.posted_at > $6 AND p.posted_at <= $7
    UNION ALL
    SELECT p.member_id, p.card_id, r.till_id, p.partner, r.outlet, r.cashier, r.recorded_at
        FROM refund AS r JOIN purchase AS p ON p.id = r.purchase_id
        WHERE $3 = 'REFUNDS' AND r.recorded_at > $6 AND r.recorded_at <= $7
), counted AS (
    SELECT f.*, limit_sum(jsonb_build_object('member', f.member_id, 'card', f.card_id, 'till', f.till_id,
        'outlet', f.outlet, 'cashier', f.cashier), $2, $3, f.at - make_interval(mins => $5::int), f.at, false) AS found
    FROM fresh AS f
), passed AS (
    SELECT *, CASE $2 WHEN 'CARD' THEN card_id::text WHEN 'MEMBER' THEN member_id::text WHEN 'TILL' THEN till_id::text
        WHEN 'CASHIER' THEN coalesce(outlet || ' ' || cashier, till_id::text) WHEN 'OUTLET' THEN outlet
        ELSE card_id || ' ' || till_id END AS subject
    FROM counted WHERE found > $4
), best AS (
    SELECT DISTINCT ON (subject, floor(extract(epoch FROM at) / 60 / $5)) *,
        floor(extract(epoch FROM at) / 60 / $5)::bigint AS span
    FROM passed ORDER BY subject, floor(extract(epoch FROM at) / 60 / $5), at
)
INSERT INTO fraud_signal (id, kind, key, member_id, card_id, till_id, partner, outlet, at, found_at, facts, state)
SELECT gen_random_uuid(), 'LIMIT', concat_ws(' ', 'LIMIT', $8::text, subject, span),
    CASE WHEN $2 NOT IN ('TILL', 'CASHIER', 'OUTLET') THEN member_id END,
    CASE WHEN $2 NOT IN ('TILL', 'CASHIER', 'OUTLET') THEN card_id END,
    CASE WHEN $2 <> 'OUTLET' THEN till_id END, partner, outlet, at, $1,
    jsonb_build_object('of', $2::text, 'metric', $3::text, 'most', $4::bigint, 'minutes', $5::int, 'found', found)
        || CASE WHEN $2 = 'CASHIER' THEN jsonb_build_object('cashier', cashier) ELSE '{}' END, 'OPEN'
FROM best ON CONFLICT (key) DO NOTHING
