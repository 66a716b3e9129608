-- End a reservation without a receipt: its points go back to the lots they came from, whose end is what it was.
CREATE FUNCTION free_points(hold uuid, how text, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    made uuid := gen_random_uuid(); freed record;
BEGIN
    UPDATE points_hold SET status = how, ended_at = greatest(moment, created_at)
        WHERE id = hold AND status = 'ACTIVE' RETURNING member_id, points, expires_at INTO freed;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM move_points(made, 'POINTS_RELEASED', hold, CASE how WHEN 'EXPIRED' THEN freed.expires_at ELSE moment END, moment,
        freed.member_id, freed.points, 0, -freed.points, 0, NULL, NULL, NULL);
    WITH back AS (SELECT lot_id, points FROM points_hold_lot WHERE hold_id = hold),
    noted AS (INSERT INTO points_lot_move (transaction_id, lot_id, amount) SELECT made, lot_id, points FROM back)
    UPDATE points_lot AS l SET remaining = l.remaining + b.points FROM back AS b WHERE l.id = b.lot_id;
END $$;
