-- A ticket for a told phone number. Everybody takes: the till, the number, the card. All tries of a till come one after
-- another, so its counters are exact.
CREATE FUNCTION accept_phone(typed text, tries text, misses text, told text, ticket uuid, till uuid, scan uuid,
    moment timestamptz, ticket_ends timestamptz, tries_hourly int, misses_hourly int, told_daily int, tickets_hourly int)
RETURNS TABLE (outcome text, ticket_id uuid, member uuid, expires_at timestamptz, waits_until timestamptz)
LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    card uuid; holders int; verified uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(tries, 0));
    PERFORM pg_advisory_xact_lock(hashtextextended(told, 0));
    SELECT s.id, s.member_id, s.expires_at INTO ticket_id, member, expires_at
        FROM scan_ticket AS s WHERE s.till_id = till AND s.scan_id = scan;
    IF FOUND THEN
        outcome := 'SAME';
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT max(l.window_ends_at) INTO waits_until FROM limit_counter AS l WHERE l.window_ends_at > moment
        AND ((l.key = tries AND l.hits >= tries_hourly) OR (l.key = misses AND l.hits >= misses_hourly)
            OR (l.key = told AND l.hits >= told_daily));
    IF waits_until IS NOT NULL THEN
        outcome := 'WAIT';
        RETURN NEXT;
        RETURN;
    END IF;
    PERFORM count_try(tries, moment, interval '1 hour');
    PERFORM count_try(told, moment, interval '1 day');

    -- Whoever verified the number has it; else the one active member who gave it, and nobody where several did.
    SELECT k.member_id INTO verified FROM contact AS k
        WHERE k.kind = 'PHONE' AND k.value = typed AND k.verified_at IS NOT NULL;
    IF verified IS NOT NULL THEN
        member := verified;
    ELSE
        SELECT count(*), (array_agg(m.id))[1] INTO holders, member FROM contact AS k
            JOIN member AS m ON m.id = k.member_id AND m.status = 'ACTIVE' WHERE k.kind = 'PHONE' AND k.value = typed;
        IF holders <> 1 THEN
            member := NULL;
        END IF;
    END IF;
    SELECT c.id INTO card FROM card AS c JOIN member AS m ON m.id = c.member_id AND m.status = 'ACTIVE'
        WHERE c.member_id = member AND c.status = 'ACTIVE' ORDER BY c.kind <> 'VIRTUAL', c.issued_at DESC, c.id LIMIT 1
        FOR NO KEY UPDATE OF c;
    IF card IS NULL THEN
        PERFORM count_try(misses, moment, interval '1 hour');
        outcome := 'UNKNOWN'; member := NULL;
    ELSIF (SELECT count(*) FROM scan_ticket AS s WHERE s.member_id = member AND s.created_at > moment - interval '1 hour')
        >= tickets_hourly THEN
        outcome := 'WAIT'; waits_until := moment + interval '10 minutes';
    ELSE
        INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, by_phone, created_at, expires_at)
            VALUES (ticket, till, scan, member, card, true, moment, ticket_ends)
            ON CONFLICT (till_id, scan_id) DO NOTHING;
        IF FOUND THEN
            INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES (member, 'PHONE_TOLD', NULL, moment);
            outcome := 'ACCEPTED'; ticket_id := ticket; expires_at := ticket_ends;
        ELSE
            outcome := 'SAME';  -- a code was scanned under the same scan id meanwhile
            SELECT s.id, s.member_id, s.expires_at INTO ticket_id, member, expires_at
                FROM scan_ticket AS s WHERE s.till_id = till AND s.scan_id = scan;
        END IF;
    END IF;
    RETURN NEXT;
END $$;
