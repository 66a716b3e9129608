-- Every sum of the settlement that is not the ledger's, with the name of the promise. What is not counted by a closed month
-- is read as it would be counted.
WITH open AS MATERIALIZED (
    SELECT * FROM open_settlement('-infinity', '[]')
), facts AS (
    SELECT kind, issuer, partner, points FROM settlement_line
    UNION ALL
    SELECT kind, issuer, partner, points FROM open
), moved AS (
    SELECT a.owner_kind, a.owner, a.purpose, sum(e.amount) AS amount FROM account AS a JOIN entry AS e ON e.account_id = a.id
    WHERE a.unit = 'PTS' AND a.owner_kind IN ('PARTNER', 'PROGRAMME') GROUP BY a.owner_kind, a.owner, a.purpose
), issued AS (
    -- What a partner's account issued, net: its lots, less what its returns took from whosever lots, or could not take.
    SELECT who, sum(points) AS points FROM (
        SELECT issuer AS who, points FROM facts WHERE kind = 'ISSUED' AND issuer <> ''
        UNION ALL
        SELECT partner, -points FROM facts WHERE kind IN ('RETURNED', 'OWED')
    ) AS f GROUP BY who
), redeemed AS (
    SELECT partner AS who, sum(CASE kind WHEN 'REDEEMED' THEN points ELSE -points END) AS points
    FROM facts WHERE kind IN ('REDEEMED', 'GIVEN_BACK') GROUP BY partner
), standing AS (
    SELECT issuer, sum(CASE kind WHEN 'ISSUED' THEN points WHEN 'GIVEN_BACK' THEN points WHEN 'OWED' THEN 0 ELSE -points END)
        AS points FROM facts GROUP BY issuer
), outstanding AS (
    SELECT issuer, sum(points) AS points FROM (
        SELECT coalesce(issuer, '') AS issuer, remaining AS points FROM points_lot
        UNION ALL
        SELECT coalesce(l.issuer, ''), u.points FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id
        JOIN points_lot AS l ON l.id = u.lot_id WHERE h.status = 'ACTIVE'
    ) AS l GROUP BY issuer
)
SELECT 'settled points are issued ones' AS "check", 'partner ' || coalesce(i.who, m.owner) AS subject,
    coalesce(i.points, 0) || ' against ' || coalesce(-m.amount, 0) AS detail
FROM issued AS i FULL JOIN (SELECT * FROM moved WHERE owner_kind = 'PARTNER' AND purpose = 'issued') AS m ON m.owner = i.who
WHERE coalesce(i.points, 0) <> coalesce(-m.amount, 0)
UNION ALL
SELECT 'settled points are redeemed ones', 'partner ' || coalesce(r.who, m.owner),
    coalesce(r.points, 0) || ' against ' || coalesce(m.amount, 0)
FROM redeemed AS r FULL JOIN (SELECT * FROM moved WHERE owner_kind = 'PARTNER' AND purpose = 'redeemed') AS m
    ON m.owner = r.who
WHERE coalesce(r.points, 0) <> coalesce(m.amount, 0)
UNION ALL
SELECT 'settled points are ended ones', 'programme', f.points || ' against ' || m.amount
FROM (SELECT coalesce(sum(points), 0) AS points FROM facts WHERE kind = 'EXPIRED') AS f,
    (SELECT coalesce(sum(amount), 0) AS amount FROM moved WHERE purpose = 'breakage') AS m
WHERE f.points <> m.amount
UNION ALL
SELECT 'settled points are what is left', 'issuer ' || coalesce(s.issuer, o.issuer),
    coalesce(s.points, 0) || ' against ' || coalesce(o.points, 0)
FROM standing AS s FULL JOIN outstanding AS o ON o.issuer = s.issuer
WHERE coalesce(s.points, 0) <> coalesce(o.points, 0)
UNION ALL
SELECT 'settled debts are what is owed', 'members', f.points || ' against ' || d.points
FROM (SELECT coalesce(sum(CASE kind WHEN 'OWED' THEN points ELSE -points END) FILTER (WHERE kind IN ('OWED', 'REPAID')), 0)
        AS points FROM facts) AS f,
    (SELECT coalesce(sum(debt), 0) AS points FROM member_points) AS d
WHERE f.points <> d.points
UNION ALL
SELECT 'a closed month is its lines', 'month ' || coalesce(s.month, l.month) || ' ' || coalesce(s.kind, l.kind),
    concat_ws(' / ', s.points, s.due, s.facts) || ' against ' || concat_ws(' / ', l.points, l.due, l.facts)
FROM settlement_sum AS s FULL JOIN (
    SELECT month, kind, issuer, partner, sum(points) AS points, sum(due) AS due, count(*) AS facts FROM settlement_line
    GROUP BY month, kind, issuer, partner
) AS l ON l.month = s.month AND l.kind = s.kind AND l.issuer = s.issuer AND coalesce(l.partner, '') = coalesce(s.partner, '')
WHERE (s.points, s.due, s.facts) IS DISTINCT FROM (l.points, l.due, l.facts)
UNION ALL
SELECT 'a month counts what happened by its end', 'transaction ' || l.transaction_id, l.occurred_at || ' against ' || p.ends_at
FROM settlement_line AS l JOIN settlement_period AS p ON p.month = l.month WHERE l.occurred_at >= p.ends_at
