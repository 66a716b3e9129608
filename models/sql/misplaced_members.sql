-- Members whose current tier is not the one their sum or their grant means. $1: the tiers as [{"id", "threshold"}], $2: now, $3: whether
-- families share their progress.
SELECT s.member_id, t.id AS tier
FROM member_standing AS s
JOIN tier_sums($3) AS b ON b.member_id = s.member_id
JOIN LATERAL (
    SELECT id FROM jsonb_to_recordset($1::jsonb) AS t (id text, threshold bigint)
    WHERE threshold <= b.amount OR (id = s.granted_tier AND s.granted_until > $2) ORDER BY threshold DESC LIMIT 1
) AS t ON true
LEFT JOIN tier_period AS h ON h.member_id = s.member_id AND h.until IS NULL
WHERE h.tier IS DISTINCT FROM t.id
ORDER BY s.member_id
