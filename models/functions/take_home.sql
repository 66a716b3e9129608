-- Take up to `wanted` of a member's points home from the pool: those out of the receipt `first` before others, then the earliest
-- end first. They go to the lots they came from, whose end is what it was. Points whose own lot has ended before them (a return
-- gave them a grace) come as a lot of their own. Gives how many. The family and the member are locked, the pool is settled.
CREATE FUNCTION take_home(pot uuid, who uuid, wanted bigint, first uuid, moment timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid(); part record; total bigint;
BEGIN
    SELECT least(coalesce(sum(remaining), 0), wanted) INTO total FROM points_lot
        WHERE family_id = pot AND contributor_id = who;
    IF total <= 0 THEN
        RETURN 0;
    END IF;
    PERFORM move_pool(made, 'FAMILY_RETURNED', made, moment, moment, pot, -total, 0, who, total, NULL, NULL, NULL);
    FOR part IN WITH own AS (
        SELECT l.id, l.remaining, l.issuer, l.expires_at, l.contributed_from, sum(l.remaining) OVER (
            ORDER BY (s.purchase_id = first) IS TRUE DESC, l.expires_at NULLS LAST, l.issued_at, l.id
        ) - l.remaining AS before
        FROM points_lot AS l LEFT JOIN points_lot AS s ON s.id = l.contributed_from
        WHERE l.family_id = pot AND l.contributor_id = who AND l.remaining > 0
    ) SELECT id, least(remaining, total - before) AS points, issuer, expires_at, contributed_from FROM own
        WHERE before < total ORDER BY before LOOP
        UPDATE points_lot SET remaining = remaining - part.points WHERE id = part.id;
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.id, -part.points);
        IF part.contributed_from IS NULL THEN
            INSERT INTO points_lot (id, member_id, issuer, transaction_id, purchase_id, restored_from, issued, remaining,
                status, issued_at, activates_at, expires_at)
            VALUES (gen_random_uuid(), who, part.issuer, made, NULL, part.id, part.points, part.points, 'ACTIVE', moment,
                NULL, part.expires_at);
        ELSE
            UPDATE points_lot SET remaining = remaining + part.points WHERE id = part.contributed_from;
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.contributed_from, part.points);
        END IF;
    END LOOP;
    RETURN total;
END $$;
