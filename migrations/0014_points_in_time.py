"""Time and points: what happened is written in the order in which it happened, however late somebody comes to write it."""

import re
from importlib import import_module
from typing import Final

from tortoise import migrations
from tortoise.migrations import operations as ops

IN_TIME: Final = """
-- What is owed is paid from what there is: first from what can be spent, then from what cannot yet.
CREATE FUNCTION repay_points(who uuid, at timestamptz, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); mine record; from_available bigint; from_pending bigint;
BEGIN
    SELECT available, pending, debt INTO mine FROM member_points WHERE member_id = who;
    IF NOT FOUND OR mine.debt = 0 OR mine.available + mine.pending = 0 THEN
        RETURN 0;
    END IF;
    from_available := least(mine.available, mine.debt);
    from_pending := least(mine.pending, mine.debt - from_available);
    PERFORM move_points(made, 'POINTS_REPAID', made, at, moment, who,
        -from_available, -from_pending, 0, -from_available - from_pending, NULL, NULL, NULL);
    PERFORM take_from_lots(made, who, 'ACTIVE', from_available, NULL);
    PERFORM take_from_lots(made, who, 'PENDING', from_pending, NULL);
    RETURN 1;
END $$;

-- Everything that time has done to a member's points by `moment`, in the order in which it happened, so that coming late
-- changes nothing: reservations that ran out, points that became usable, points that ended, debts that could be paid.
CREATE OR REPLACE FUNCTION settle_points(who uuid, moment timestamptz) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid; steps int := 0; repaid int; clock timestamptz;
BEGIN
    LOOP
        SELECT happened.* INTO due FROM (
            SELECT 1 AS step, id, expires_at AS at, points FROM points_hold
                WHERE member_id = who AND status = 'ACTIVE' AND expires_at <= moment
            UNION ALL
            SELECT 2, id, activates_at, remaining FROM points_lot
                WHERE member_id = who AND status = 'PENDING' AND remaining > 0 AND activates_at <= moment
            UNION ALL
            SELECT 3, id, expires_at, remaining FROM points_lot
                WHERE member_id = who AND status = 'ACTIVE' AND remaining > 0 AND expires_at <= moment
        ) AS happened ORDER BY at, step, id LIMIT 1;
        -- Whatever ends by a moment has ended before anything is paid at it.
        IF clock IS NOT NULL AND (due.at IS NULL OR due.at > clock) THEN
            repaid := repay_points(who, clock, moment);
            steps := steps + repaid;
            -- What was paid came out of lots: what is next has to be looked at again.
            CONTINUE WHEN repaid > 0;
        END IF;
        EXIT WHEN due.at IS NULL;
        clock := greatest(clock, due.at);
        CASE due.step
        WHEN 1 THEN
            PERFORM free_points(due.id, 'EXPIRED', moment);
        WHEN 2 THEN
            UPDATE points_lot SET status = 'ACTIVE' WHERE id = due.id;
            PERFORM move_points(gen_random_uuid(), 'POINTS_ACTIVATED', due.id, due.at, moment, who,
                due.points, -due.points, 0, 0, NULL, NULL, NULL);
        ELSE
            made := gen_random_uuid();
            PERFORM move_points(made, 'POINTS_EXPIRED', made, due.at, moment, who,
                -due.points, 0, 0, 0, 'PROGRAMME', 'programme', 'breakage');
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.points);
            UPDATE points_lot SET remaining = 0 WHERE id = due.id;
        END CASE;
        steps := steps + 1;
    END LOOP;
    RETURN steps + repay_points(who, moment, moment);
END $$;

-- End every lot whose time is over, before anything else is paid: what a return gives back has ended when it comes.
CREATE FUNCTION end_points(who uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    due record; made uuid;
BEGIN
    FOR due IN SELECT id, remaining, expires_at FROM points_lot
        WHERE member_id = who AND status = 'ACTIVE' AND remaining > 0 AND expires_at <= moment ORDER BY expires_at, id LOOP
        made := gen_random_uuid();
        PERFORM move_points(made, 'POINTS_EXPIRED', made, due.expires_at, moment, who,
            -due.remaining, 0, 0, 0, 'PROGRAMME', 'programme', 'breakage');
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, due.id, -due.remaining);
        UPDATE points_lot SET remaining = 0 WHERE id = due.id;
    END LOOP;
END $$;

-- As before, but what ended meanwhile ends before it could pay what is owed.
CREATE OR REPLACE FUNCTION refund_points(refund uuid, purchase uuid, who uuid, partner text, given bigint, taken bigint,
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
        PERFORM end_points(who, moment);
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

-- As before, but with a debt everything that happened first is written first: it may have paid the debt already.
CREATE OR REPLACE FUNCTION post_points(item jsonb, who uuid, purchase uuid, partner text, at timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gained bigint := (item->>'earned')::bigint; spent bigint := (item->>'spent')::bigint;
    usable boolean := item->>'activates_at' IS NULL OR (item->>'activates_at')::timestamptz <= moment;
    made uuid := (item->>'transaction')::uuid; repaid bigint; kept bigint;
BEGIN
    PERFORM open_points(who);
    IF (SELECT debt FROM member_points WHERE member_id = who) > 0 THEN
        PERFORM settle_points(who, moment);
    END IF;
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
"""

RULES: Final = import_module("migrations.0008_points_rules")


def before(name: str, text: str) -> str:
    """A function as the migration that made it wrote it, to put it back."""
    found = re.search(rf"CREATE FUNCTION {name}\(.*?\nEND \$\$;", text, re.DOTALL)
    if found is None:
        raise LookupError(name)
    return found.group().replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


BACK: Final = f"""
{before("settle_points", RULES.MOVING)}
{before("post_points", RULES.COMMANDS)}
{before("refund_points", RULES.COMMANDS)}
DROP FUNCTION end_points(uuid, timestamptz);
DROP FUNCTION repay_points(uuid, timestamptz, timestamptz);
"""


class Migration(migrations.Migration):
    """Settling step by step in the order of time; a receipt of somebody who owes points settles first."""

    dependencies = [("models", "0013_pos")]

    operations = [ops.RunSQL(IN_TIME, BACK)]
