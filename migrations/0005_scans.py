"""Scans and wrong codes in one order: each limit of a till, a card and a member holds exactly, however many ask at once."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# Everybody takes: the till (scans together, a wrong code alone), the card, the credential, the counters.
SQL = """
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
            INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at)
                VALUES (ticket, till, scan, member, card, moment, ticket_ends)
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
"""

BACK = """
DROP FUNCTION count_wrong_code(text, text, text, uuid, timestamptz, int, int, int, int, int);
DROP FUNCTION accept_scan(text, text, uuid, bigint, uuid, uuid, uuid, uuid, uuid, timestamptz, timestamptz, int);
"""


class Migration(migrations.Migration):
    """What is counted and what is accepted is decided under the same locks, so it reads as if one came after another."""

    dependencies = [("models", "0004_posting")]

    operations = [ops.RunSQL(SQL, BACK)]
