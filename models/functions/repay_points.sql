-- What is owed is paid from what there is: first from what can be spent, then from what cannot yet.
CREATE FUNCTION repay_points(who uuid, at timestamptz, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); mine record; from_available bigint; from_pending bigint;
BEGIN
    SELECT available, pending, debt INTO mine FROM member_points WHERE member_id = who;
    IF NOT FOUND OR mine.debt = 0 OR mine.available + mine.pending = 0 THEN
        RETURN 0;
    END IF;
    from_available := least(mine.available, mine.debt);
    from_pending := least(mine.pending, mine.debt - from_available);
    PERFORM move_points(made, 'POINTS_REPAID', made, at, moment, who,
        -from_available, -from_pending, 0, -from_available - from_pending, NULL, NULL, NULL);
    PERFORM take_from_lots(made, who, 'ACTIVE', from_available, NULL);
    PERFORM take_from_lots(made, who, 'PENDING', from_pending, NULL);
    RETURN 1;
END $$;
