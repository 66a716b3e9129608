-- Give what a reservation took back to the lots it came from: the member's own where `pot` is null, else the pool's.
CREATE FUNCTION refill_lots(made uuid, hold uuid, pot uuid) RETURNS void LANGUAGE sql AS $$
    WITH back AS (
        SELECT u.lot_id, u.points FROM points_hold_lot AS u JOIN points_lot AS l ON l.id = u.lot_id
        WHERE u.hold_id = hold AND l.family_id IS NOT DISTINCT FROM pot
    ), noted AS (
        INSERT INTO points_lot_move (transaction_id, lot_id, amount) SELECT made, lot_id, points FROM back
    )
    UPDATE points_lot AS l SET remaining = l.remaining + b.points FROM back AS b WHERE l.id = b.lot_id
$$;
