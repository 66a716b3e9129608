-- Spent points of a return go back to the lots they came from, a member's or a family's; `grace` is until when points live
-- that ended meanwhile. Gives the family whose pool got some.
CREATE FUNCTION give_back_points(refund uuid, purchase uuid, who uuid, partner text, given bigint, at timestamptz,
    moment timestamptz, grace timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    own uuid := gen_random_uuid(); pooled uuid := gen_random_uuid(); made uuid; part record; mine bigint; theirs bigint;
    family uuid;
BEGIN
    SELECT coalesce(sum(back) FILTER (WHERE pot IS NULL), 0), coalesce(sum(back) FILTER (WHERE pot IS NOT NULL), 0),
        (array_agg(pot) FILTER (WHERE pot IS NOT NULL))[1]
        INTO mine, theirs, family FROM spent_parts(purchase, given);
    IF mine > 0 THEN
        PERFORM move_points(own, 'POINTS_GIVEN_BACK', refund, at, moment, who, mine, 0, 0, 0, 'PARTNER', partner, 'redeemed');
    END IF;
    IF theirs > 0 THEN
        PERFORM move_pool(pooled, 'FAMILY_GIVEN_BACK', refund, at, moment, family, theirs, 0, NULL, 0,
            'PARTNER', partner, 'redeemed');
    END IF;
    FOR part IN SELECT s.part, s.back, l.* FROM spent_parts(purchase, given) AS s JOIN points_lot AS l ON l.id = s.lot LOOP
        made := CASE WHEN part.family_id IS NULL THEN own ELSE pooled END;
        UPDATE points_hold_lot SET restored = restored + part.back WHERE id = part.part;
        IF part.expires_at <= moment AND grace > part.expires_at THEN
            INSERT INTO points_lot (id, member_id, family_id, contributor_id, issuer, transaction_id, purchase_id,
                restored_from, issued, remaining, status, issued_at, activates_at, expires_at)
            VALUES (gen_random_uuid(), part.member_id, part.family_id, part.contributor_id, part.issuer, made,
                part.purchase_id, part.id, part.back, part.back, 'ACTIVE', moment, NULL, grace);
        ELSE
            UPDATE points_lot SET remaining = remaining + part.back WHERE id = part.id;
            INSERT INTO points_lot_move (transaction_id, lot_id, amount) VALUES (made, part.id, part.back);
        END IF;
    END LOOP;
    RETURN family;
END $$;
