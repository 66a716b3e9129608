-- A scan is accepted once. Everybody takes: the till (scans together, a wrong code alone), the card, the credential, the
-- counters; so each limit holds exactly, however many ask at once.
CREATE FUNCTION accept_scan(pair text, whole text, credential uuid, reached bigint, ticket uuid, till uuid, scan uuid,
    member uuid, card uuid, moment timestamptz, ticket_ends timestamptz, hourly int)
RETURNS TABLE (outcome text, ticket_id uuid, expires_at timestamptz, waits_until timestamptz) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    -- A wrong code of this till is counted before or after, never beside: what it guessed right too late opens nothing.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended(whole, 0));
    -- The card puts all devices of its member in a line, and so counts their tickets one after another. No stronger a
    -- lock: purchases and tickets point at the card meanwhile.
    PERFORM 1 FROM card AS c WHERE c.id = card FOR NO KEY UPDATE;
    PERFORM 1 FROM qr_credential WHERE id = credential FOR UPDATE;
    SELECT s.id, s.expires_at INTO ticket_id, expires_at FROM scan_ticket AS s WHERE s.till_id = till AND s.scan_id = scan;
    IF FOUND THEN
        outcome := 'SAME';
        RETURN NEXT;
        RETURN;
    END IF;
    SELECT max(l.locked_until) INTO waits_until FROM limit_counter AS l
        WHERE l.key IN (pair, whole) AND l.locked_until > moment;
    IF waits_until IS NOT NULL THEN
        outcome := 'WAIT';
    ELSIF (SELECT count(*) FROM scan_ticket AS s WHERE s.member_id = member AND s.created_at > moment - interval '1 hour')
        >= hourly THEN
        outcome := 'LIMIT_REACHED';
    ELSE
        -- The strictly rising step lets one of the rivals through.
        UPDATE qr_credential SET last_step = reached, last_used_at = moment
            WHERE id = credential AND state = 'ACTIVE' AND last_step < reached;
        IF NOT FOUND THEN
            outcome := 'USED';
        ELSE
            INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, credential_id, created_at, expires_at)
                VALUES (ticket, till, scan, member, card, credential, moment, ticket_ends)
                ON CONFLICT (till_id, scan_id) DO NOTHING;
            IF FOUND THEN
                INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES (member, 'SCANNED', NULL, moment);
                DELETE FROM limit_counter WHERE key = pair;
                outcome := 'ACCEPTED'; ticket_id := ticket; expires_at := ticket_ends;
            ELSE
                outcome := 'USED';
            END IF;
        END IF;
    END IF;
    RETURN NEXT;
END $$;
