-- Count a wrong code. $1 key of till and handle, $2 key of the till, $3 key of the credential or null, $4 now,
-- $5 wrong codes of a till and handle before it must wait, $6 its first wait in seconds, $7 the longest,
-- $8 wrong codes of a till an hour, $9 wrong codes of a credential a day, $10 the credential or null.
WITH pair AS (
    INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES ($1, 1, $4::timestamptz + interval '1 hour')
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN l.window_ends_at <= $4 THEN 1 ELSE l.hits + 1 END,
        window_ends_at = $4::timestamptz + interval '1 hour',
        locked_until = CASE WHEN l.window_ends_at > $4 AND l.hits + 1 >= $5::int THEN $4::timestamptz + make_interval(
            secs => least($7::int, $6::int * power(2, least(l.hits + 1 - $5::int, 20)))) END
), whole AS (
    INSERT INTO limit_counter AS l (key, hits, window_ends_at) VALUES ($2, 1, $4::timestamptz + interval '1 hour')
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN l.window_ends_at <= $4 THEN 1 ELSE l.hits + 1 END,
        window_ends_at = CASE WHEN l.window_ends_at <= $4 THEN $4::timestamptz + interval '1 hour' ELSE l.window_ends_at END,
        locked_until = CASE WHEN l.window_ends_at > $4 AND l.hits + 1 >= $8::int THEN l.window_ends_at END
), daily AS (
    INSERT INTO limit_counter AS l (key, hits, window_ends_at)
    SELECT $3::text, 1, $4::timestamptz + interval '1 day' WHERE $3::text IS NOT NULL
    ON CONFLICT (key) DO UPDATE SET
        hits = CASE WHEN l.window_ends_at <= $4 THEN 1 ELSE l.hits + 1 END,
        window_ends_at = CASE WHEN l.window_ends_at <= $4 THEN $4::timestamptz + interval '1 day' ELSE l.window_ends_at END
    RETURNING hits
)
UPDATE qr_credential SET state = 'REVOKED' WHERE id = $10::uuid AND EXISTS (SELECT 1 FROM daily WHERE hits >= $9::int)
