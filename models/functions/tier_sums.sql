-- What counts towards the tier of every member over a lifetime, in kopecks: one's own, or `together` that of one's family.
CREATE FUNCTION tier_sums(together boolean) RETURNS TABLE (member_id uuid, amount bigint) LANGUAGE sql STABLE AS $$
    SELECT s.member_id, b.amount
    FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account WHERE NOT together
    UNION ALL
    SELECT s.member_id, sum(b.amount) OVER (PARTITION BY coalesce(f.family_id, s.member_id))::bigint
    FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
    LEFT JOIN family_seat AS f ON f.member_id = s.member_id AND f.left_at IS NULL WHERE together
$$;
