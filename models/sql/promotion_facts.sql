-- What campaigns may ask of a guest, and what they have given so far. $1 members, $2 the campaigns whose counters matter,
-- $3 whether some campaign gives a tier: a row for each member, in their order.
SELECT m.id, m.birth_date, coalesce(m.confirmed_at, m.created_at) AS joined_at, made.purchases, made.last_at,
    (SELECT json_object_agg(c.campaign, json_build_array(c.discount, c.points, c.uses))
        FROM campaign_budget AS c WHERE c.campaign = ANY ($2::text[])) AS budgets,
    (SELECT json_object_agg(u.campaign, u.uses)
        FROM campaign_use AS u WHERE u.member_id = m.id AND u.campaign = ANY ($2::text[])) AS uses,
    CASE WHEN $3::boolean THEN (SELECT s.granted_until FROM member_standing AS s WHERE s.member_id = m.id) END AS granted_until
FROM unnest($1::uuid[]) WITH ORDINALITY AS w (member, place)
JOIN member AS m ON m.id = w.member
CROSS JOIN LATERAL (SELECT count(*) AS purchases, max(closed_at) AS last_at FROM purchase AS p
    WHERE p.member_id = m.id AND (p.refunded_net < p.net OR p.net = 0)) AS made
ORDER BY w.place
