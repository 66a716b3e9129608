-- Everything that time has done to a member's points by `moment`, in the order in which it happened, so that coming late
-- changes nothing: reservations that ran out, points that became usable, points that ended, debts that could be paid.
CREATE FUNCTION settle_points(who uuid, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid; steps int := 0; repaid int; clock timestamptz;
BEGIN
    LOOP
        SELECT happened.* INTO due FROM (
            SELECT 1 AS step, id, expires_at AS at, points FROM points_hold
                WHERE member_id = who AND status = 'ACTIVE' AND expires_at <= moment
            UNION ALL
            SELECT 2, id, activates_at, remaining FROM points_lot
                WHERE member_id = who AND status = 'PENDING' AND remaining > 0 AND activates_at <= moment
            UNION ALL
            SELECT 3, id, expires_at, remaining FROM points_lot
                WHERE member_id = who AND status = 'ACTIVE' AND remaining > 0 AND expires_at <= moment
        ) AS happened ORDER BY at, step, id LIMIT 1;
        -- Whatever ends by a moment has ended before anything is paid at it.
        IF clock IS NOT NULL AND (due.at IS NULL OR due.at > clock) THEN
            repaid := repay_points(who, clock, moment);
            steps := steps + repaid;
            -- What was paid came out of lots: what is next has to be looked at again.
            CONTINUE WHEN repaid > 0;
        END IF;
        EXIT WHEN due.at IS NULL;
        clock := greatest(clock, due.at);
        CASE due.step
        WHEN 1 THEN
            PERFORM free_points(due.id, 'EXPIRED', moment);
        WHEN 2 THEN
            UPDATE points_lot SET status = 'ACTIVE' WHERE id = due.id;
            PERFORM move_points(gen_random_uuid(), 'POINTS_ACTIVATED', due.id, due.at, moment, who,
                due.points, -due.points, 0, 0, NULL, NULL, NULL);
        ELSE
            made := gen_random_uuid();
            PERFORM move_points(made, 'POINTS_EXPIRED', made, due.at, moment, who,
                -due.points, 0, 0, 0, 'PROGRAMME', 'programme', 'breakage');
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.points);
            UPDATE points_lot SET remaining = 0 WHERE id = due.id;
        END CASE;
        steps := steps + 1;
    END LOOP;
    RETURN steps + repay_points(who, moment, moment);
END $$;
