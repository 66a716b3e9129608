-- Give a member's points to the family's pool, the earliest end first. Each lot keeps its end and its issuer, and knows
-- who gave it and out of which lot. The caller has settled and has seen that so many are available.
CREATE FUNCTION contribute_points(made uuid, pot uuid, who uuid, wanted bigint, moment timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM move_pool(made, 'FAMILY_CONTRIBUTED', made, moment, moment, pot, wanted, 0, who, -wanted, NULL, NULL, NULL);
    PERFORM take_from_lots(made, who, 'ACTIVE', wanted, NULL);
    INSERT INTO points_lot (id, member_id, family_id, contributor_id, contributed_from, issuer, transaction_id, purchase_id,
        restored_from, issued, remaining, status, issued_at, activates_at, expires_at)
    SELECT gen_random_uuid(), NULL, pot, who, l.id, l.issuer, made, NULL, NULL, -v.amount, -v.amount, 'ACTIVE', moment, NULL,
        l.expires_at
    FROM points_lot_move AS v JOIN points_lot AS l ON l.id = v.lot_id WHERE v.transaction_id = made;
END $$;
