-- Reserve points for a quote; the caller has settled and has seen that so many are available.
CREATE FUNCTION hold_points(hold uuid, who uuid, wanted bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    PERFORM move_points(made, 'POINTS_HELD', hold, moment, moment, who, -wanted, 0, wanted, 0, NULL, NULL, NULL);
    PERFORM take_from_lots(made, who, 'ACTIVE', wanted, NULL);
    INSERT INTO points_hold_lot (hold_id, lot_id, points, restored)
        SELECT hold, lot_id, -amount, 0 FROM points_lot_move WHERE transaction_id = made;
END $$;
