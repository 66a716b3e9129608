-- End a member's seat: what he reserved from the pool and what others reserved of his points is free again, and what is left
-- of his points is his again. Gives how many. The family and its members are locked and settled.
CREATE FUNCTION leave_family(pot uuid, who uuid, how text, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    due record;
BEGIN
    FOR due IN SELECT h.id, h.member_id FROM points_hold AS h WHERE h.family_id = pot AND h.status = 'ACTIVE' AND (
        h.member_id = who OR EXISTS (SELECT 1 FROM points_hold_lot AS u JOIN points_lot AS l ON l.id = u.lot_id
            WHERE u.hold_id = h.id AND l.family_id = pot AND l.contributor_id = who)) ORDER BY h.id LOOP
        PERFORM free_points(due.id, 'RELEASED', moment);
        PERFORM settle_points(due.member_id, moment);
    END LOOP;
    UPDATE family_seat SET left_at = moment, left_how = how
        WHERE family_id = pot AND member_id = who AND left_at IS NULL;
    UPDATE family SET heir_id = NULL WHERE id = pot AND heir_id = who;
    RETURN return_contributions(pot, who, moment);
END $$;
