-- The first locks of a command about points: families, then standings, each in the order of ids. Of `whole` families
-- everybody who sits there now is locked as well; whoever joins or leaves needs the family's row for it.
CREATE FUNCTION lock_books(who uuid[], whole uuid[]) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM family WHERE id IN (
        SELECT unnest(whole) UNION SELECT family_id FROM family_seat WHERE member_id = ANY (who) AND left_at IS NULL
    ) ORDER BY id FOR UPDATE;
    PERFORM 1 FROM member_standing WHERE member_id IN (
        SELECT unnest(who) UNION SELECT member_id FROM family_seat WHERE family_id = ANY (whole) AND left_at IS NULL
    ) ORDER BY member_id FOR UPDATE;
END $$;
