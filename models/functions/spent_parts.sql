-- Which parts of a receipt's spent points a return of `given` gives back: the latest end first, as if fewer had been spent.
CREATE FUNCTION spent_parts(purchase uuid, given bigint)
RETURNS TABLE (part bigint, lot uuid, pot uuid, back bigint) LANGUAGE sql STABLE AS $$
    SELECT part, lot, pot, least(open, given - before) FROM (
        SELECT u.id AS part, l.id AS lot, l.family_id AS pot, u.points - u.restored AS open,
            sum(u.points - u.restored) OVER (ORDER BY l.expires_at DESC NULLS FIRST, l.issued_at DESC, l.id DESC)
                - (u.points - u.restored) AS before
        FROM points_hold AS h JOIN points_hold_lot AS u ON u.hold_id = h.id JOIN points_lot AS l ON l.id = u.lot_id
        WHERE h.purchase_id = spent_parts.purchase AND h.status = 'COMMITTED' AND u.points > u.restored
    ) AS parts WHERE before < given
$$;
