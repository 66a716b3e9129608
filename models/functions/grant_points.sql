-- Points that one of the staff gives by hand, as a lot of the programme's own that can be spent at once, or takes (below
-- zero) from what can be spent: they end unused, whoever issued them. The member is locked and settled, and has as much.
CREATE FUNCTION grant_points(made uuid, lot uuid, cause uuid, who uuid, points bigint, ends timestamptz, moment timestamptz)
    RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM open_points(who);
    PERFORM move_points(made, CASE WHEN points > 0 THEN 'POINTS_GRANTED' ELSE 'POINTS_WITHDRAWN' END, cause, moment, moment,
        who, points, 0, 0, 0, 'PROGRAMME', 'programme', CASE WHEN points > 0 THEN 'goodwill' ELSE 'breakage' END);
    IF points > 0 THEN
        INSERT INTO points_lot (id, member_id, transaction_id, issued, remaining, status, issued_at, expires_at)
            VALUES (lot, who, made, points, points, 'ACTIVE', moment, ends);
    ELSE
        PERFORM take_from_lots(made, who, 'ACTIVE', -points, NULL);
    END IF;
    -- Nobody is left with both points and a debt.
    PERFORM settle_points(who, moment);
END $$;
