-- Everything that time has done to a family's pool by `moment`: reservations of whoever sits there that ran out, points
-- that ended, and points that a return brought back for somebody who has left, or who owes. The family and its members
-- are locked.
CREATE FUNCTION settle_pool(pot uuid, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid; steps int := 0;
BEGIN
    FOR due IN SELECT DISTINCT member_id FROM points_hold
        WHERE family_id = pot AND status = 'ACTIVE' AND expires_at <= moment ORDER BY member_id LOOP
        steps := steps + settle_points(due.member_id, moment);
    END LOOP;
    FOR due IN SELECT id, remaining, expires_at FROM points_lot
        WHERE family_id = pot AND remaining > 0 AND expires_at <= moment ORDER BY expires_at, id LOOP
        made := gen_random_uuid();
        PERFORM move_pool(made, 'FAMILY_EXPIRED', made, due.expires_at, moment, pot, -due.remaining, 0, NULL, 0,
            'PROGRAMME', 'programme', 'breakage');
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.remaining);
        UPDATE points_lot SET remaining = 0 WHERE id = due.id;
        steps := steps + 1;
    END LOOP;
    FOR due IN SELECT DISTINCT l.contributor_id AS who FROM points_lot AS l WHERE l.family_id = pot AND l.remaining > 0
        AND NOT EXISTS (SELECT 1 FROM family_seat AS s
            WHERE s.family_id = pot AND s.member_id = l.contributor_id AND s.left_at IS NULL) ORDER BY 1 LOOP
        PERFORM return_contributions(pot, due.who, moment);
        steps := steps + 1;
    END LOOP;
    FOR due IN SELECT DISTINCT p.member_id AS who, p.debt FROM points_lot AS l JOIN member_points AS p ON p.member_id = l.contributor_id
        WHERE l.family_id = pot AND l.remaining > 0 AND p.debt > 0 ORDER BY 1 LOOP
        PERFORM take_home(pot, due.who, due.debt, NULL, moment);
        steps := steps + 1 + settle_points(due.who, moment);
    END LOOP;
    RETURN steps;
END $$;
