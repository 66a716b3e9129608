-- The points of a posted receipt: the reservation becomes payment, or is freed where the guest paid with money after
-- all; what was earned becomes a lot, a debt is paid first. With a debt everything that happened before is written
-- before: it may have paid the debt already. Gives what is available then.
CREATE FUNCTION post_points(item jsonb, who uuid, purchase uuid, partner text, at timestamptz, moment timestamptz)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    gained bigint := (item->>'earned')::bigint; spent bigint := (item->>'spent')::bigint;
    usable boolean := item->>'activates_at' IS NULL OR (item->>'activates_at')::timestamptz <= moment;
    made uuid := (item->>'transaction')::uuid; repaid bigint; kept bigint; pot uuid; shared bigint;
BEGIN
    PERFORM open_points(who);
    IF (SELECT debt FROM member_points WHERE member_id = who) > 0 THEN
        PERFORM settle_points(who, moment);
    END IF;
    IF item ? 'hold' THEN
        UPDATE points_hold SET status = 'COMMITTED', ended_at = greatest(moment, created_at), purchase_id = purchase
            WHERE id = (item->>'hold')::uuid RETURNING family_id, coalesce(from_family, 0) INTO pot, shared;
        IF spent > shared THEN
            PERFORM move_points(gen_random_uuid(), 'POINTS_SPENT', purchase, at, moment, who, 0, 0, shared - spent, 0,
                'PARTNER', partner, 'redeemed');
        END IF;
        IF shared > 0 THEN
            PERFORM move_pool(gen_random_uuid(), 'FAMILY_SPENT', purchase, at, moment, pot, 0, -shared, NULL, 0,
                'PARTNER', partner, 'redeemed');
        END IF;
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
    END IF;
    RETURN (SELECT available FROM member_points WHERE member_id = who);
END $$;
