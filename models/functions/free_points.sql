-- End a reservation without a receipt: its points go back to the lots they came from, whose end is what it was.
CREATE FUNCTION free_points(hold uuid, how text, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    made uuid := gen_random_uuid(); freed record; at timestamptz;
BEGIN
    UPDATE points_hold SET status = how, ended_at = greatest(moment, created_at)
        WHERE id = hold AND status = 'ACTIVE'
        RETURNING member_id, points - coalesce(from_family, 0) AS own, expires_at, family_id, from_family INTO freed;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    at := CASE how WHEN 'EXPIRED' THEN freed.expires_at ELSE moment END;
    IF freed.own > 0 THEN
        PERFORM move_points(made, 'POINTS_RELEASED', hold, at, moment, freed.member_id, freed.own, 0, -freed.own, 0,
            NULL, NULL, NULL);
        PERFORM refill_lots(made, hold, NULL);
    END IF;
    IF freed.from_family > 0 THEN
        made := gen_random_uuid();
        PERFORM move_pool(made, 'FAMILY_RELEASED', hold, at, moment, freed.family_id, freed.from_family, -freed.from_family,
            NULL, 0, NULL, NULL, NULL);
        PERFORM refill_lots(made, hold, freed.family_id);
    END IF;
END $$;
