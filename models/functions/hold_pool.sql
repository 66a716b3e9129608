-- Reserve points of a family's pool for a quote, the earliest end first; the caller has settled and has seen that so many
-- are available.
CREATE FUNCTION hold_pool(hold uuid, pot uuid, wanted bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made uuid := gen_random_uuid();
BEGIN
    PERFORM move_pool(made, 'FAMILY_HELD', hold, moment, moment, pot, -wanted, wanted, NULL, 0, NULL, NULL, NULL);
    WITH open AS (
        SELECT id, remaining, sum(remaining) OVER (ORDER BY expires_at NULLS LAST, issued_at, id) - remaining AS before
        FROM points_lot WHERE family_id = pot AND remaining > 0
    ), used AS (
        SELECT id, least(remaining, wanted - before) AS points FROM open WHERE before < wanted
    ), drained AS (
        UPDATE points_lot AS l SET remaining = l.remaining - u.points FROM used AS u WHERE l.id = u.id
    ), noted AS (
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) SELECT made, id, -points FROM used
    )
    INSERT INTO points_hold_lot (hold_id, lot_id, points, restored) SELECT hold, id, points, 0 FROM used;
END $$;
