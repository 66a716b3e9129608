-- Give a member back what is left in the pool of all that he gave: to the lots they came from, whose end is what it was.
-- Points whose own lot has ended before them (a return gave them a grace) come as a lot of their own.
CREATE FUNCTION return_contributions(pot uuid, who uuid, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); part record; total bigint;
BEGIN
    SELECT coalesce(sum(remaining), 0) INTO total FROM points_lot WHERE family_id = pot AND contributor_id = who;
    IF total = 0 THEN
        RETURN 0;
    END IF;
    PERFORM move_pool(made, 'FAMILY_RETURNED', made, moment, moment, pot, -total, 0, who, total, NULL, NULL, NULL);
    FOR part IN SELECT id, remaining, issuer, expires_at, contributed_from FROM points_lot
        WHERE family_id = pot AND contributor_id = who AND remaining > 0 ORDER BY id LOOP
        UPDATE points_lot SET remaining = 0 WHERE id = part.id;
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.id, -part.remaining);
        IF part.contributed_from IS NULL THEN
            INSERT INTO points_lot (id, member_id, issuer, transaction_id, purchase_id, restored_from, issued, remaining,
                status, issued_at, activates_at, expires_at)
            VALUES (gen_random_uuid(), who, part.issuer, made, NULL, part.id, part.remaining, part.remaining, 'ACTIVE', moment,
                NULL, part.expires_at);
        ELSE
            UPDATE points_lot SET remaining = remaining + part.remaining WHERE id = part.contributed_from;
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.contributed_from, part.remaining);
        END IF;
    END LOOP;
    PERFORM settle_points(who, moment);
    RETURN total;
END $$;
