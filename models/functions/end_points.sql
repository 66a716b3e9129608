-- End every lot whose time is over, before anything else is paid: what a return gives back has ended when it comes.
CREATE FUNCTION end_points(who uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid;
BEGIN
    FOR due IN SELECT id, remaining, expires_at FROM points_lot
        WHERE member_id = who AND status = 'ACTIVE' AND remaining > 0 AND expires_at <= moment ORDER BY expires_at, id LOOP
        made := gen_random_uuid();
        PERFORM move_points(made, 'POINTS_EXPIRED', made, due.expires_at, moment, who,
            -due.remaining, 0, 0, 0, 'PROGRAMME', 'programme', 'breakage');
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.remaining);
        UPDATE points_lot SET remaining = 0 WHERE id = due.id;
    END LOOP;
END $$;
