-- Bring home what a return takes back beyond what its member has: from the pool of his family, and if that is not enough
-- from what tills have put aside of his points there. Such a till hears HOLD_EXPIRED. The family is locked whole.
CREATE FUNCTION recall_points(who uuid, missing bigint, purchase uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    pot uuid := (SELECT family_id FROM family_seat WHERE member_id = who AND left_at IS NULL); due record; lacking bigint;
BEGIN
    IF pot IS NULL THEN
        RETURN;
    END IF;
    PERFORM settle_pool(pot, moment);
    lacking := missing - take_home(pot, who, missing, purchase, moment);
    FOR due IN SELECT h.id, h.member_id FROM points_hold AS h WHERE h.family_id = pot AND h.status = 'ACTIVE'
        AND EXISTS (SELECT 1 FROM points_hold_lot AS u JOIN points_lot AS l ON l.id = u.lot_id
            WHERE u.hold_id = h.id AND l.family_id = pot AND l.contributor_id = who) ORDER BY h.id LOOP
        EXIT WHEN lacking = 0;
        PERFORM free_points(due.id, 'RELEASED', moment);
        PERFORM settle_points(due.member_id, moment);
        lacking := lacking - take_home(pot, who, lacking, purchase, moment);
    END LOOP;
END $$;
