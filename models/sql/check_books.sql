-- Every row that breaks a promise of the books, with the name of the promise. $1: the tiers as [{"id", "threshold"}], none
-- where sums over a lifetime do not decide; $2: now, $3: whether families share their progress.
SELECT 'entries sum to zero' AS "check", 'transaction ' || transaction_id AS subject, unit || ': ' || sum(amount) AS detail
FROM entry GROUP BY transaction_id, unit HAVING sum(amount) <> 0
UNION ALL
SELECT 'a transaction has entries', 'transaction ' || t.id, t.kind
FROM ledger_transaction AS t WHERE NOT EXISTS (SELECT 1 FROM entry AS e WHERE e.transaction_id = t.id)
UNION ALL
SELECT 'balance equals entries', 'account ' || b.account_id, b.amount || ' against ' || coalesce(e.total, 0)
FROM balance AS b
LEFT JOIN (SELECT account_id, sum(amount) AS total FROM entry GROUP BY account_id) AS e ON e.account_id = b.account_id
WHERE b.amount <> coalesce(e.total, 0)
UNION ALL
SELECT 'a member account has a balance', 'account ' || a.id, a.owner
FROM account AS a WHERE a.owner_kind = 'MEMBER' AND a.unit = 'QRUB'
    AND NOT EXISTS (SELECT 1 FROM balance AS b WHERE b.account_id = a.id)
UNION ALL
SELECT 'receipt equals its lines', 'purchase ' || p.id, concat_ws(' / ', l.gross, l.discount, l.net, l.counted)
FROM purchase AS p LEFT JOIN (
    SELECT purchase_id, sum(gross) AS gross, sum(discount) AS discount, sum(net) AS net,
        sum(net) FILTER (WHERE accumulates) AS counted,
        sum(refunded_net) AS refunded_net, sum(refunded_discount) AS refunded_discount,
        sum(refunded_net) FILTER (WHERE accumulates) AS refunded_counted
    FROM purchase_line GROUP BY purchase_id
) AS l ON l.purchase_id = p.id
WHERE (p.gross, p.discount, p.net, p.accumulated, p.refunded_net, p.refunded_discount, p.refunded_accumulated)
    IS DISTINCT FROM (l.gross, l.discount, l.net, coalesce(l.counted, 0), l.refunded_net, l.refunded_discount,
        coalesce(l.refunded_counted, 0))
UNION ALL
SELECT 'tenders equal the net sum', 'purchase ' || p.id, p.net || ' against ' || coalesce(t.total, 0)
FROM purchase AS p LEFT JOIN (SELECT purchase_id, sum(amount) AS total FROM tender GROUP BY purchase_id) AS t
    ON t.purchase_id = p.id
WHERE p.net <> coalesce(t.total, 0)
UNION ALL
SELECT 'refunded equals refunds', 'purchase ' || p.id, p.refunded_net || ' against ' || coalesce(r.net, 0)
FROM purchase AS p LEFT JOIN (
    SELECT purchase_id, sum(net) AS net, sum(discount) AS discount, sum(accumulated) AS accumulated
    FROM refund GROUP BY purchase_id
) AS r ON r.purchase_id = p.id
WHERE (p.refunded_net, p.refunded_discount, p.refunded_accumulated)
    IS DISTINCT FROM (coalesce(r.net, 0), coalesce(r.discount, 0), coalesce(r.accumulated, 0) + coalesce(
        (SELECT i.counted_back FROM instalment AS i WHERE i.purchase_id = p.id), 0))
UNION ALL
SELECT 'a line''s refunds add up', 'line ' || l.id, l.refunded_net || ' against ' || coalesce(r.net, 0)
FROM purchase_line AS l LEFT JOIN (
    SELECT line_id, sum(part) AS part, sum(net) AS net, sum(discount) AS discount FROM refund_line GROUP BY line_id
) AS r ON r.line_id = l.id
WHERE (l.refunded_part, l.refunded_net, l.refunded_discount)
    IS DISTINCT FROM (coalesce(r.part, 0), coalesce(r.net, 0), coalesce(r.discount, 0))
UNION ALL
SELECT 'counted sums are in the ledger', 'purchase ' || p.id, p.accumulated || ' against ' || coalesce(e.total, 0)
FROM purchase AS p LEFT JOIN (
    SELECT t.cause_id, sum(e.amount) AS total FROM ledger_transaction AS t JOIN entry AS e ON e.transaction_id = t.id
    WHERE t.kind = 'PURCHASE' AND e.amount > 0 GROUP BY t.cause_id
) AS e ON e.cause_id = p.id
WHERE p.accumulated <> coalesce(e.total, 0) + coalesce(
    (SELECT i.counted_back FROM instalment AS i WHERE i.purchase_id = p.id), 0)
UNION ALL
SELECT 'what waits for a bank brings nothing', 'purchase ' || i.purchase_id, i.state || ': ' || p.accumulated
FROM instalment AS i JOIN purchase AS p ON p.id = i.purchase_id
WHERE i.state <> 'CONFIRMED' AND (p.accumulated <> 0 OR i.counted_back <> 0 OR i.points_back <> 0 OR EXISTS (
    SELECT 1 FROM purchase_line AS l WHERE l.purchase_id = p.id AND coalesce(l.points_earned, 0) <> 0))
UNION ALL
SELECT 'what a bank confirmed counts as it was held back', 'line ' || l.id, concat_ws(' / ', l.accumulates, l.points_earned)
FROM instalment AS i JOIN instalment_line AS h ON h.purchase_id = i.purchase_id JOIN purchase_line AS l ON l.id = h.line_id
WHERE i.state = 'CONFIRMED' AND (l.accumulates, coalesce(l.points_earned, 0)) IS DISTINCT FROM (h.counts, h.earned)
UNION ALL
SELECT 'points of an instalment come back once', 'purchase ' || i.purchase_id, i.points_back || ' against ' || h.points_back
FROM instalment AS i JOIN (
    SELECT purchase_id, sum(points_back) AS points_back FROM instalment_line GROUP BY purchase_id
) AS h ON h.purchase_id = i.purchase_id WHERE i.points_back <> h.points_back
UNION ALL
SELECT 'counted refunds are in the ledger', 'refund ' || r.id, r.accumulated || ' against ' || coalesce(e.total, 0)
FROM refund AS r LEFT JOIN (
    SELECT t.cause_id, sum(e.amount) AS total FROM ledger_transaction AS t JOIN entry AS e ON e.transaction_id = t.id
    WHERE t.kind = 'REFUND' AND e.amount > 0 GROUP BY t.cause_id
) AS e ON e.cause_id = r.id
WHERE r.accumulated <> coalesce(e.total, 0)
UNION ALL
SELECT 'standing equals purchases', 'member ' || s.member_id, s.purchases || ' against ' || coalesce(p.net, 0)
FROM member_standing AS s LEFT JOIN (
    SELECT member_id, sum(net - refunded_net) AS net, sum(discount - refunded_discount) AS saved,
        sum(accumulated - refunded_accumulated) AS counted
    FROM purchase GROUP BY member_id
) AS p ON p.member_id = s.member_id
LEFT JOIN (SELECT member_id, sum(qualifying) AS counted FROM opening GROUP BY member_id) AS o ON o.member_id = s.member_id
JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE (s.purchases, s.saved, b.amount)
    IS DISTINCT FROM (coalesce(p.net, 0), coalesce(p.saved, 0), coalesce(p.counted, 0) + coalesce(o.counted, 0))
UNION ALL
SELECT 'opening balances are in the ledger', 'programme', o.points || ' against ' || e.points
FROM (SELECT coalesce(sum(points), 0) AS points FROM opening WHERE member_id IS NOT NULL) AS o,
    (SELECT -coalesce(sum(e.amount), 0) AS points FROM account AS a JOIN entry AS e ON e.account_id = a.id
        WHERE a.owner_kind = 'PROGRAMME' AND a.purpose = 'opening') AS e
WHERE o.points <> e.points
UNION ALL
SELECT 'tier follows from facts', 'member ' || s.member_id, coalesce(h.tier, 'none') || ' against ' || coalesce(t.id, 'none')
FROM member_standing AS s JOIN tier_sums($3) AS b ON b.member_id = s.member_id
LEFT JOIN tier_period AS h ON h.member_id = s.member_id AND h.until IS NULL
LEFT JOIN LATERAL (
    SELECT id FROM jsonb_to_recordset($1::jsonb) AS t (id text, threshold bigint)
    WHERE threshold <= b.amount OR (id = s.granted_tier AND s.granted_until > $2) ORDER BY threshold DESC LIMIT 1
) AS t ON true
WHERE h.tier IS DISTINCT FROM t.id AND $1::jsonb <> '[]'::jsonb AND s.tier_until > $2 IS NOT FALSE
UNION ALL
SELECT 'tier periods do not overlap', 'member ' || member_id, since || ' before ' || before
FROM (
    SELECT member_id, since, lag(coalesce(until, 'infinity')) OVER (PARTITION BY member_id ORDER BY since, coalesce(until, 'infinity'), id) AS before
    FROM tier_period
) AS h
WHERE since < before
UNION ALL
SELECT 'a grant in force is on its member', 'member ' || s.member_id,
    concat_ws(' ', s.granted_tier, s.granted_until) || ' against ' || concat_ws(' ', g.tier, g.until)
FROM member_standing AS s
LEFT JOIN tier_grant AS g ON g.member_id = s.member_id AND g.withdrawn_at IS NULL AND g.until > $2
WHERE (s.granted_tier, s.granted_until) IS DISTINCT FROM (g.tier, g.until) AND (g.id IS NOT NULL OR s.granted_until > $2)
UNION ALL
SELECT 'the clock comes when a tier ends', 'member ' || member_id, coalesce(tier_until::text, 'never') || ' after ' || granted_until
FROM member_standing WHERE granted_until > $2 AND tier_until <= granted_until IS NOT TRUE
UNION ALL
SELECT 'a used quote is its purchase', 'quote ' || q.id, 'purchase ' || q.purchase_id
FROM quote AS q LEFT JOIN purchase AS p ON p.id = q.purchase_id
WHERE q.purchase_id IS NOT NULL AND (p.id IS NULL OR p.member_id <> q.member_id)
UNION ALL
SELECT 'a kept key has an answer', 'key ' || id, operation FROM once_answer WHERE answer IS NULL
UNION ALL
SELECT 'an active member has books', 'member ' || m.id, m.status
FROM member AS m WHERE m.status IN ('ACTIVE', 'BLOCKED')
    AND NOT EXISTS (SELECT 1 FROM member_standing AS s WHERE s.member_id = m.id)
UNION ALL
SELECT 'what a campaign gave is on its receipts', 'campaign ' || coalesce(k.campaign, f.campaign),
    concat_ws(' ', k.receipts, k.discount, k.points) || ' against ' || concat_ws(' ', f.receipts, f.discount, f.points)
FROM (
    SELECT campaign, sum(receipts) AS receipts, sum(discount) AS discount, sum(points) AS points FROM (
        SELECT campaign, receipts, discount, points FROM campaign_total
        UNION ALL SELECT campaign, receipts, discount, points FROM campaign_change
    ) AS c GROUP BY campaign
) AS k FULL JOIN (
    SELECT campaign, count(DISTINCT purchase_id) AS receipts, sum(amount - refunded_amount) AS discount,
        sum(points - refunded_points) AS points
    FROM discount_application WHERE campaign IS NOT NULL GROUP BY campaign
) AS f ON f.campaign = k.campaign
WHERE (k.receipts, k.discount, k.points) IS DISTINCT FROM (f.receipts, f.discount, f.points)
