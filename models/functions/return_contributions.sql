-- Give a member back what is left in the pool of all that he gave. Gives how many.
CREATE FUNCTION return_contributions(pot uuid, who uuid, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    total bigint := take_home(pot, who, 9223372036854775807, NULL, moment);
BEGIN
    IF total > 0 THEN
        PERFORM settle_points(who, moment);
    END IF;
    RETURN total;
END $$;
