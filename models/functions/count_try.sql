-- One more try in the window of a counter, or the first of a new window.
CREATE FUNCTION count_try(counted text, moment timestamptz, long interval) RETURNS void LANGUAGE sql AS $$
    INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES (counted, 1, moment + long)
    ON CONFLICT (key) DO UPDATE SET hits = CASE WHEN l.window_ends_at <= moment THEN 1 ELSE l.hits + 1 END,
        window_ends_at = CASE WHEN l.window_ends_at <= moment THEN moment + long ELSE l.window_ends_at END
$$;
