-- Carry what counts and what can be spent from one member to another, because their profiles are made one or two again. No
-- entry of before is touched: one transaction a unit moves the sums. Both are locked; their lots are the caller's to move.
CREATE FUNCTION carry_books(cause uuid, what text, giver uuid, taker uuid, counted bigint, bought bigint, saving bigint,
    from_available bigint, from_pending bigint, from_held bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); gives uuid; takes uuid; booked timestamptz;
BEGIN
    SELECT qualifying_account INTO gives FROM member_standing WHERE member_id = giver;
    SELECT qualifying_account INTO takes FROM member_standing WHERE member_id = taker;
    -- No earlier than the last of either, whatever the clock says.
    booked := greatest(moment, (SELECT max(booked_at) FROM balance WHERE account_id IN (gives, takes)),
        (SELECT max(booked_at) FROM member_points WHERE member_id IN (giver, taker)));
    IF counted <> 0 THEN
        INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
            VALUES (made, what, cause, NULL, moment, booked);
        INSERT INTO entry (transaction_id, account_id, unit, amount)
            VALUES (made, gives, 'QRUB', -counted), (made, takes, 'QRUB', counted);
        UPDATE balance SET amount = amount - counted, version = version + 1, booked_at = booked WHERE account_id = gives;
        UPDATE balance SET amount = amount + counted, version = version + 1, booked_at = booked WHERE account_id = takes;
    END IF;
    UPDATE member_standing SET purchases = purchases - bought, saved = saved - saving, version = version + 1
        WHERE member_id = giver;
    UPDATE member_standing SET purchases = purchases + bought, saved = saved + saving, version = version + 1
        WHERE member_id = taker;
    IF from_available <> 0 OR from_pending <> 0 OR from_held <> 0 THEN
        PERFORM open_points(taker);
        made := gen_random_uuid();
        INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
            VALUES (made, what || '_POINTS', cause, NULL, moment, booked);
        INSERT INTO entry (transaction_id, account_id, unit, amount)
            SELECT made, points_account('MEMBER', side.owner::text, part.purpose), 'PTS', side.sign * part.amount
            FROM (VALUES (giver, -1), (taker, 1)) AS side (owner, sign),
                (VALUES ('available', from_available), ('pending', from_pending), ('held', from_held)) AS part (purpose, amount)
            WHERE part.amount <> 0;
        UPDATE member_points SET available = available - from_available, pending = pending - from_pending,
            held = held - from_held, version = version + 1, booked_at = booked WHERE member_id = giver;
        UPDATE member_points SET available = available + from_available, pending = pending + from_pending,
            held = held + from_held, version = version + 1, booked_at = booked WHERE member_id = taker;
    END IF;
END $$;
