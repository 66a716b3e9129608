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
