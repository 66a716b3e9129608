-- Write off the points a member has left, because of his erasure: his lots are emptied and the programme's breakage gets
-- them. Gives how many. The member is locked and settled, and nothing of his is put aside.
CREATE FUNCTION forfeit_points(who uuid, cause uuid, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); mine record;
BEGIN
    SELECT available, pending INTO mine FROM member_points WHERE member_id = who;
    IF NOT FOUND OR mine.available + mine.pending = 0 THEN
        RETURN 0;
    END IF;
    PERFORM move_points(made, 'POINTS_FORFEITED', cause, moment, moment, who, -mine.available, -mine.pending, 0, 0,
        'PROGRAMME', 'programme', 'breakage');
    INSERT INTO points_lot_move (transaction_id, lot_id, amount)
        SELECT made, id, -remaining FROM points_lot WHERE member_id = who AND remaining > 0;
    UPDATE points_lot SET remaining = 0 WHERE member_id = who AND remaining > 0;
    RETURN mine.available + mine.pending;
END $$;
