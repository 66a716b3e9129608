-- A wrong code is counted under the locks that `accept_scan` takes, in the same order.
CREATE FUNCTION count_wrong_code(pair text, whole text, daily text, credential uuid, moment timestamptz, pair_wrong int,
    first_wait int, longest_wait int, till_wrong int, card_wrong int)
RETURNS TABLE (waits_until timestamptz, till_throttled boolean, code_ended boolean) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    counted int;
BEGIN
    till_throttled := false;
    code_ended := false;
    PERFORM pg_advisory_xact_lock(hashtextextended(whole, 0));
    PERFORM 1 FROM qr_credential WHERE id = credential FOR UPDATE;
    SELECT max(l.locked_until) INTO waits_until FROM limit_counter AS l
        WHERE l.key IN (pair, whole) AND l.locked_until > moment;
    IF waits_until IS NOT NULL THEN
        -- Others were quicker and used up the tries: this one is not told whether it was wrong, and counts nowhere.
        RETURN NEXT;
        RETURN;
    END IF;
    INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES (pair, 1, moment + interval '1 hour')
        ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN l.window_ends_at <= moment THEN 1 ELSE l.hits + 1 END,
            window_ends_at = moment + interval '1 hour', locked_until = NULL
        RETURNING hits INTO counted;
    IF counted >= pair_wrong THEN
        UPDATE limit_counter SET locked_until = moment
            + make_interval(secs => least(longest_wait, first_wait * power(2, least(counted - pair_wrong, 20))))
            WHERE key = pair;
    END IF;
    INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES (whole, 1, moment + interval '1 hour')
        ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN l.window_ends_at <= moment THEN 1 ELSE l.hits + 1 END,
            window_ends_at = CASE WHEN l.window_ends_at <= moment THEN moment + interval '1 hour' ELSE l.window_ends_at END,
            locked_until = NULL
        RETURNING hits INTO counted;
    IF counted >= till_wrong THEN
        UPDATE limit_counter SET locked_until = window_ends_at WHERE key = whole;
        till_throttled := true;
    END IF;
    IF credential IS NOT NULL THEN
        INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES (daily, 1, moment + interval '1 day')
            ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN l.window_ends_at <= moment THEN 1 ELSE l.hits + 1 END,
                window_ends_at = CASE WHEN l.window_ends_at <= moment THEN moment + interval '1 day' ELSE l.window_ends_at END
            RETURNING hits INTO counted;
        IF counted >= card_wrong THEN
            UPDATE qr_credential SET state = 'REVOKED' WHERE id = credential AND state <> 'REVOKED';
            code_ended := FOUND;
        END IF;
    END IF;
    RETURN NEXT;
END $$;
