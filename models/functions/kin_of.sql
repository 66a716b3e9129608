-- Everybody who sits in a family with a member now, the member included; of who sits in none, the member alone.
CREATE FUNCTION kin_of(who uuid) RETURNS uuid[] LANGUAGE sql STABLE AS $$
    SELECT coalesce((SELECT array_agg(o.member_id ORDER BY o.member_id)
        FROM family_seat AS mine JOIN family_seat AS o ON o.family_id = mine.family_id AND o.left_at IS NULL
        WHERE mine.member_id = who AND mine.left_at IS NULL), ARRAY[who])
$$;
