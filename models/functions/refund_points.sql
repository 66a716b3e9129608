-- What a return does: what ended meanwhile ends first; spent points go back to the lots they came from, the latest end
-- first, as if fewer had been spent; earned ones are taken back where there are some, and owed where not.
-- `grace` is until when points live that ended.
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
