-- Ends the current tiers of members ($2) at a moment ($4) and begins others ($3) under new ids ($1).
WITH ended AS (
    UPDATE tier_period SET until = greatest($4, since) WHERE member_id = ANY($2::uuid[]) AND until IS NULL
    RETURNING member_id, until
)
INSERT INTO tier_period (id, member_id, tier, since, until, reason, evidence)
SELECT placed.id, placed.member_id, placed.tier, coalesce(ended.until, $4), NULL, 'PROGRAMME', NULL
FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS placed (id, member_id, tier)
LEFT JOIN ended ON ended.member_id = placed.member_id
