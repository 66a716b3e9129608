-- What a return does: what ended meanwhile ends first; spent points go back to the lots they came from, the latest end
-- first, as if fewer had been spent; earned ones are taken back where there are some, at home or in the family's pool, and
-- owed where not.
-- `grace` is until when points live that ended.
CREATE FUNCTION refund_points(refund uuid, purchase uuid, who uuid, partner text, given bigint, taken bigint,
    at timestamptz, moment timestamptz, grace timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); mine record; from_pending bigint; from_available bigint; pot uuid;
BEGIN
    PERFORM open_points(who);
    PERFORM settle_points(who, moment);
    IF given > 0 THEN
        pot := give_back_points(refund, purchase, who, partner, given, at, moment, grace);
        PERFORM end_points(who, moment);
        PERFORM settle_points(who, moment);
        IF pot IS NOT NULL THEN
            PERFORM settle_pool(pot, moment);
        END IF;
    END IF;
    IF taken > 0 THEN
        SELECT pending, available INTO mine FROM member_points WHERE member_id = who;
        IF taken > mine.pending + mine.available THEN
            PERFORM recall_points(who, taken - mine.pending - mine.available, purchase, moment);
            SELECT pending, available INTO mine FROM member_points WHERE member_id = who;
        END IF;
        from_pending := least(mine.pending, taken);
        from_available := least(mine.available, taken - from_pending);
        PERFORM move_points(made, 'POINTS_TAKEN_BACK', refund, at, moment, who, -from_available, -from_pending, 0,
            taken - from_pending - from_available, 'PARTNER', partner, 'issued');
        PERFORM take_from_lots(made, who, 'PENDING', from_pending, purchase);
        PERFORM take_from_lots(made, who, 'ACTIVE', from_available, purchase);
    END IF;
END $$;
