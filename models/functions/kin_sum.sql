-- What counted for the others of a member's family, in kopecks; null where he sits in another one than `pot`, or in one at all.
CREATE FUNCTION kin_sum(who uuid, pot uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(b.amount), 0)::bigint
    FROM family_seat AS o JOIN member_standing AS s ON s.member_id = o.member_id
    JOIN balance AS b ON b.account_id = s.qualifying_account
    WHERE o.family_id = pot AND o.left_at IS NULL AND o.member_id <> who
    HAVING (SELECT family_id FROM family_seat WHERE member_id = who AND left_at IS NULL) IS NOT DISTINCT FROM pot
$$;
