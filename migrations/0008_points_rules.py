"""What the tables of points promise, and the functions that move them: each keeps sums, lots and entries together.

Python decides how many points are earned and spent; these functions move them and never raise over what they find.
All but the smallest expect the caller to hold the member's standing locked.
"""

from tortoise import migrations
from tortoise.migrations import operations as ops

TABLES = """
ALTER TABLE member_points ADD CONSTRAINT member_points_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE points_lot ADD CONSTRAINT points_lot_restored
    FOREIGN KEY (restored_from) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_lot
    FOREIGN KEY (lot_id) REFERENCES points_lot (id) ON DELETE RESTRICT;
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_hold ADD CONSTRAINT points_hold_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_hold
    FOREIGN KEY (hold_id) REFERENCES points_hold (id) ON DELETE RESTRICT;
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_lot
    FOREIGN KEY (lot_id) REFERENCES points_lot (id) ON DELETE RESTRICT;

ALTER TABLE member_points ADD CONSTRAINT member_points_never_negative
    CHECK (available >= 0 AND pending >= 0 AND held >= 0 AND debt >= 0 AND earned >= 0);
ALTER TABLE points_lot ADD CONSTRAINT points_lot_sums
    CHECK (issued > 0 AND remaining BETWEEN 0 AND issued AND status IN ('PENDING', 'ACTIVE'));
ALTER TABLE points_lot_move ADD CONSTRAINT points_lot_move_moves CHECK (amount <> 0);
ALTER TABLE points_hold ADD CONSTRAINT points_hold_states
    CHECK (points > 0 AND worth > 0 AND status IN ('ACTIVE', 'COMMITTED', 'RELEASED', 'EXPIRED')
           AND confirmation IN ('NOT_NEEDED', 'ASKED', 'GIVEN', 'DECLINED')
           AND (status = 'ACTIVE') = (ended_at IS NULL) AND (status = 'COMMITTED') = (purchase_id IS NOT NULL)
           AND (status <> 'COMMITTED' OR confirmation IN ('NOT_NEEDED', 'GIVEN')));
ALTER TABLE points_hold_lot ADD CONSTRAINT points_hold_lot_sums CHECK (points > 0 AND restored BETWEEN 0 AND points);
ALTER TABLE purchase_line ADD CONSTRAINT purchase_line_points
    CHECK (points_paid BETWEEN 0 AND net AND points_spent >= 0 AND points_earned >= 0
           AND refunded_points_paid BETWEEN 0 AND points_paid AND refunded_points_spent BETWEEN 0 AND points_spent
           AND refunded_points_earned BETWEEN 0 AND points_earned);
ALTER TABLE refund_line ADD CONSTRAINT refund_line_points
    CHECK (points_paid BETWEEN 0 AND net AND points_spent >= 0 AND points_earned >= 0);

CREATE INDEX points_lot_open ON points_lot (member_id, expires_at, issued_at) WHERE remaining > 0;
CREATE INDEX points_lot_activation ON points_lot (activates_at) WHERE status = 'PENDING' AND remaining > 0;
CREATE INDEX points_lot_expiry ON points_lot (expires_at) WHERE status = 'ACTIVE' AND remaining > 0;
CREATE UNIQUE INDEX points_hold_one_a_quote ON points_hold (quote_id) WHERE status = 'ACTIVE';
CREATE INDEX points_hold_ticket ON points_hold (ticket_id) WHERE status = 'ACTIVE';
CREATE UNIQUE INDEX points_hold_receipt ON points_hold (purchase_id) WHERE status = 'COMMITTED';
CREATE INDEX points_hold_quote ON points_hold (quote_id);
CREATE INDEX points_hold_recent ON points_hold (member_id, created_at);
CREATE INDEX points_hold_expiry ON points_hold (expires_at) WHERE status = 'ACTIVE';
CREATE TRIGGER points_lot_move_append_only BEFORE UPDATE OR DELETE ON points_lot_move
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
"""

MOVING = """
-- The account of an owner in points. Its id follows from whom and what it is for, so that nothing is looked up.
CREATE FUNCTION points_account(kind text, owner text, purpose text) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT encode(substring(sha256(convert_to(kind || '|' || owner || '|' || purpose || '|PTS', 'UTF8')) FROM 1 FOR 16), 'hex')::uuid
$$;

-- Accounts and balances of a member, on the first point ever.
CREATE FUNCTION open_points(who uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM member_points WHERE member_id = who) THEN
        RETURN;
    END IF;
    INSERT INTO account (id, owner_kind, owner, purpose, unit)
        SELECT points_account('MEMBER', who::text, p), 'MEMBER', who::text, p, 'PTS'
        FROM unnest(ARRAY['available', 'pending', 'held', 'debt']) AS p ON CONFLICT DO NOTHING;
    INSERT INTO member_points (member_id, available, pending, held, debt, version, earned_on, earned)
        VALUES (who, 0, 0, 0, 0, 0, NULL, 0) ON CONFLICT DO NOTHING;
END $$;

-- One transaction of the ledger: what moves between a member's balances, and the rest from or to a shared account.
CREATE FUNCTION move_points(made uuid, what text, cause uuid, at timestamptz, moment timestamptz, who uuid,
    to_available bigint, to_pending bigint, to_held bigint, to_debt bigint,
    shared_kind text, shared_owner text, shared_purpose text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- What is owed stands below zero in its account.
    total bigint := to_available + to_pending + to_held - to_debt; shared uuid;
BEGIN
    IF total <> 0 THEN
        shared := points_account(shared_kind, shared_owner, shared_purpose);
        IF NOT EXISTS (SELECT 1 FROM account WHERE id = shared) THEN
            INSERT INTO account (id, owner_kind, owner, purpose, unit)
                VALUES (shared, shared_kind, shared_owner, shared_purpose, 'PTS') ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
        VALUES (made, what, cause, NULL, at, moment);
    INSERT INTO entry (transaction_id, account_id, unit, amount)
        SELECT made, part.account, 'PTS', part.amount FROM (VALUES
            (shared, -total),
            (CASE WHEN to_available <> 0 THEN points_account('MEMBER', who::text, 'available') END, to_available),
            (CASE WHEN to_pending <> 0 THEN points_account('MEMBER', who::text, 'pending') END, to_pending),
            (CASE WHEN to_held <> 0 THEN points_account('MEMBER', who::text, 'held') END, to_held),
            (CASE WHEN to_debt <> 0 THEN points_account('MEMBER', who::text, 'debt') END, -to_debt)
        ) AS part (account, amount) WHERE part.amount <> 0;
    UPDATE member_points SET available = available + to_available, pending = pending + to_pending, held = held + to_held,
        debt = debt + to_debt, version = version + 1 WHERE member_id = who;
END $$;

-- Take up to `wanted` from the member's lots of one state: those of `first` before others, then the earliest end first.
CREATE FUNCTION take_from_lots(made uuid, who uuid, state text, wanted bigint, first uuid) RETURNS bigint LANGUAGE sql AS $$
    WITH open AS (
        SELECT id, remaining, sum(remaining) OVER (
            ORDER BY (purchase_id = first) IS TRUE DESC, expires_at NULLS LAST, issued_at, id
        ) - remaining AS before
        FROM points_lot WHERE member_id = who AND status = state AND remaining > 0
    ), used AS (
        SELECT id, least(remaining, wanted - before) AS points FROM open WHERE before < wanted
    ), drained AS (
        UPDATE points_lot AS l SET remaining = l.remaining - u.points FROM used AS u WHERE l.id = u.id
    ), noted AS (
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) SELECT made, id, -points FROM used
    )
    SELECT coalesce(sum(points), 0)::bigint FROM used
$$;

-- End a reservation without a receipt: its points go back to the lots they came from, whose end is what it was.
CREATE FUNCTION free_points(hold uuid, how text, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    made uuid := gen_random_uuid(); freed record;
BEGIN
    UPDATE points_hold SET status = how, ended_at = greatest(moment, created_at)
        WHERE id = hold AND status = 'ACTIVE' RETURNING member_id, points, expires_at INTO freed;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM move_points(made, 'POINTS_RELEASED', hold, CASE how WHEN 'EXPIRED' THEN freed.expires_at ELSE moment END, moment,
        freed.member_id, freed.points, 0, -freed.points, 0, NULL, NULL, NULL);
    WITH back AS (SELECT lot_id, points FROM points_hold_lot WHERE hold_id = hold),
    noted AS (INSERT INTO points_lot_move (transaction_id, lot_id, amount) SELECT made, lot_id, points FROM back)
    UPDATE points_lot AS l SET remaining = l.remaining + b.points FROM back AS b WHERE l.id = b.lot_id;
END $$;

-- Everything that time has done to a member's points by `moment`: reservations that ran out, points that became usable,
-- points that ended, and debts that can now be paid. Once or twice is the same.
CREATE FUNCTION settle_points(who uuid, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid; steps int := 0; mine record; from_available bigint; from_pending bigint;
BEGIN
    FOR due IN SELECT id FROM points_hold WHERE member_id = who AND status = 'ACTIVE' AND expires_at <= moment
        ORDER BY expires_at, id LOOP
        PERFORM free_points(due.id, 'EXPIRED', moment);
        steps := steps + 1;
    END LOOP;
    FOR due IN SELECT id, remaining, activates_at FROM points_lot
        WHERE member_id = who AND status = 'PENDING' AND remaining > 0 AND activates_at <= moment
        ORDER BY activates_at, id LOOP
        UPDATE points_lot SET status = 'ACTIVE' WHERE id = due.id;
        PERFORM move_points(gen_random_uuid(), 'POINTS_ACTIVATED', due.id, due.activates_at, moment, who,
            due.remaining, -due.remaining, 0, 0, NULL, NULL, NULL);
        steps := steps + 1;
    END LOOP;
    FOR due IN SELECT id, remaining, expires_at FROM points_lot
        WHERE member_id = who AND status = 'ACTIVE' AND remaining > 0 AND expires_at <= moment
        ORDER BY expires_at, id LOOP
        made := gen_random_uuid();
        PERFORM move_points(made, 'POINTS_EXPIRED', made, due.expires_at, moment, who,
            -due.remaining, 0, 0, 0, 'PROGRAMME', 'programme', 'breakage');
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.remaining);
        UPDATE points_lot SET remaining = 0 WHERE id = due.id;
        steps := steps + 1;
    END LOOP;
    SELECT available, pending, debt INTO mine FROM member_points WHERE member_id = who;
    IF mine.debt > 0 AND mine.available + mine.pending > 0 THEN
        made := gen_random_uuid();
        from_available := least(mine.available, mine.debt);
        from_pending := least(mine.pending, mine.debt - from_available);
        PERFORM move_points(made, 'POINTS_REPAID', made, moment, moment, who,
            -from_available, -from_pending, 0, -from_available - from_pending, NULL, NULL, NULL);
        PERFORM take_from_lots(made, who, 'ACTIVE', from_available, NULL);
        PERFORM take_from_lots(made, who, 'PENDING', from_pending, NULL);
        steps := steps + 1;
    END IF;
    RETURN steps;
END $$;
"""

COMMANDS = """
-- Reserve points for a quote; the caller has settled and has seen that so many are available.
CREATE FUNCTION hold_points(hold uuid, who uuid, wanted bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    PERFORM move_points(made, 'POINTS_HELD', hold, moment, moment, who, -wanted, 0, wanted, 0, NULL, NULL, NULL);
    PERFORM take_from_lots(made, who, 'ACTIVE', wanted, NULL);
    INSERT INTO points_hold_lot (hold_id, lot_id, points, restored)
        SELECT hold, lot_id, -amount, 0 FROM points_lot_move WHERE transaction_id = made;
END $$;

-- Whether the points of a receipt may be written: the reservation it was paid with still stands, and the limits of
-- earning were computed from what is true now. NULL, or CHANGED for the caller to look again.
CREATE FUNCTION points_refusal(item jsonb, who uuid, moment timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN item ? 'hold' AND NOT EXISTS (SELECT 1 FROM points_hold AS h
            WHERE h.id = (item->>'hold')::uuid AND h.member_id = who AND h.status = 'ACTIVE' AND h.expires_at > moment
            AND h.confirmation IN ('NOT_NEEDED', 'GIVEN') AND h.points = (item->>'spent')::bigint) THEN 'CHANGED'
        WHEN item ? 'version' AND (item->>'version')::bigint
            <> coalesce((SELECT version FROM member_points WHERE member_id = who), 0) THEN 'CHANGED'
        END
$$;

-- The points of a posted receipt: the reservation becomes payment, or is freed where the guest paid with money after
-- all; what was earned becomes a lot, a debt is paid first. Gives what is available then.
CREATE FUNCTION post_points(item jsonb, who uuid, purchase uuid, partner text, at timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gained bigint := (item->>'earned')::bigint; spent bigint := (item->>'spent')::bigint;
    usable boolean := item->>'activates_at' IS NULL OR (item->>'activates_at')::timestamptz <= moment;
    made uuid := (item->>'transaction')::uuid; repaid bigint; kept bigint;
BEGIN
    PERFORM open_points(who);
    IF item ? 'hold' THEN
        UPDATE points_hold SET status = 'COMMITTED', ended_at = greatest(moment, created_at), purchase_id = purchase
            WHERE id = (item->>'hold')::uuid;
        PERFORM move_points(gen_random_uuid(), 'POINTS_SPENT', purchase, at, moment, who, 0, 0, -spent, 0,
            'PARTNER', partner, 'redeemed');
    END IF;
    IF item ? 'free' THEN
        PERFORM free_points((item->>'free')::uuid, 'RELEASED', moment);
        PERFORM settle_points(who, moment);
    END IF;
    IF gained > 0 THEN
        SELECT least(debt, gained) INTO repaid FROM member_points WHERE member_id = who;
        kept := gained - repaid;
        PERFORM move_points(made, 'POINTS_EARNED', purchase, at, moment, who,
            CASE WHEN usable THEN kept ELSE 0 END, CASE WHEN usable THEN 0 ELSE kept END, 0, -repaid,
            'PARTNER', partner, 'issued');
        INSERT INTO points_lot (id, member_id, issuer, transaction_id, purchase_id, restored_from, issued, remaining, status,
            issued_at, activates_at, expires_at)
        VALUES ((item->>'lot')::uuid, who, partner, made, purchase, NULL, gained, kept,
            CASE WHEN usable THEN 'ACTIVE' ELSE 'PENDING' END, moment, (item->>'activates_at')::timestamptz,
            (item->>'expires_at')::timestamptz);
        IF repaid > 0 THEN
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, (item->>'lot')::uuid, -repaid);
        END IF;
        UPDATE member_points SET earned = gained + CASE WHEN earned_on = (item->>'day')::date THEN earned ELSE 0 END,
            earned_on = (item->>'day')::date WHERE member_id = who;
    END IF;
    RETURN (SELECT available FROM member_points WHERE member_id = who);
END $$;

-- What a return does: spent points go back to the lots they came from, the latest end first, as if fewer had been spent;
-- earned ones are taken back where there are some, and owed where not. `grace` is until when points live that ended.
CREATE FUNCTION refund_points(refund uuid, purchase uuid, who uuid, partner text, given bigint, taken bigint,
    at timestamptz, moment timestamptz, grace timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); part record; rest bigint := given; back bigint; mine record;
    from_pending bigint; from_available bigint;
BEGIN
    PERFORM open_points(who);
    PERFORM settle_points(who, moment);
    IF given > 0 THEN
        PERFORM move_points(made, 'POINTS_GIVEN_BACK', refund, at, moment, who, given, 0, 0, 0, 'PARTNER', partner, 'redeemed');
        FOR part IN SELECT u.id, u.points - u.restored AS open, l.id AS lot, l.issuer, l.purchase_id, l.expires_at
            FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id JOIN points_lot AS l ON l.id = u.lot_id
            WHERE h.purchase_id = refund_points.purchase AND h.status = 'COMMITTED' AND u.points > u.restored
            ORDER BY l.expires_at DESC NULLS FIRST, l.issued_at DESC, l.id DESC LOOP
            EXIT WHEN rest = 0;
            back := least(part.open, rest);
            rest := rest - back;
            UPDATE points_hold_lot SET restored = restored + back WHERE id = part.id;
            IF part.expires_at <= moment AND grace > part.expires_at THEN
                INSERT INTO points_lot (id, member_id, issuer, transaction_id, purchase_id, restored_from, issued, remaining,
                    status, issued_at, activates_at, expires_at)
                VALUES (gen_random_uuid(), who, part.issuer, made, part.purchase_id, part.lot, back, back, 'ACTIVE',
                    moment, NULL, grace);
            ELSE
                UPDATE points_lot SET remaining = remaining + back WHERE id = part.lot;
                INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.lot, back);
            END IF;
        END LOOP;
        PERFORM settle_points(who, moment);
    END IF;
    IF taken > 0 THEN
        made := gen_random_uuid();
        SELECT pending, available INTO mine FROM member_points WHERE member_id = who;
        from_pending := least(mine.pending, taken);
        from_available := least(mine.available, taken - from_pending);
        PERFORM move_points(made, 'POINTS_TAKEN_BACK', refund, at, moment, who, -from_available, -from_pending, 0,
            taken - from_pending - from_available, 'PARTNER', partner, 'issued');
        PERFORM take_from_lots(made, who, 'PENDING', from_pending, purchase);
        PERFORM take_from_lots(made, who, 'ACTIVE', from_available, purchase);
    END IF;
END $$;
"""

BACK = """
DROP FUNCTION refund_points(uuid, uuid, uuid, text, bigint, bigint, timestamptz, timestamptz, timestamptz);
DROP FUNCTION post_points(jsonb, uuid, uuid, text, timestamptz, timestamptz);
DROP FUNCTION points_refusal(jsonb, uuid, timestamptz);
DROP FUNCTION hold_points(uuid, uuid, bigint, timestamptz);
DROP FUNCTION settle_points(uuid, timestamptz);
DROP FUNCTION free_points(uuid, text, timestamptz);
DROP FUNCTION take_from_lots(uuid, uuid, text, bigint, uuid);
DROP FUNCTION move_points(uuid, text, uuid, timestamptz, timestamptz, uuid, bigint, bigint, bigint, bigint, text, text, text);
DROP FUNCTION open_points(uuid);
DROP FUNCTION points_account(text, text, text);
DROP TRIGGER points_lot_move_append_only ON points_lot_move;
ALTER TABLE refund_line DROP CONSTRAINT refund_line_points;
ALTER TABLE purchase_line DROP CONSTRAINT purchase_line_points;
"""


class Migration(migrations.Migration):
    """The tables of points keep their promises; what follows with them goes with them."""

    dependencies = [("models", "0007_points")]

    operations = [ops.RunSQL(TABLES + MOVING + COMMANDS, BACK)]
