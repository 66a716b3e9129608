-- The points of a receipt whose bank has confirmed: a lot as of the purchase, with the ends of then.
CREATE FUNCTION credit_instalment(purchase uuid, points bigint, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    waited record;
BEGIN
    SELECT i.*, p.partner, p.closed_at INTO waited FROM instalment AS i JOIN purchase AS p ON p.id = i.purchase_id
        WHERE i.purchase_id = purchase;
    PERFORM open_points(waited.member_id);
    PERFORM post_points(jsonb_build_object('earned', points, 'spent', 0, 'lot', gen_random_uuid(), 'transaction',
        gen_random_uuid(), 'activates_at', waited.activates_at, 'expires_at', waited.expires_at),
        waited.member_id, purchase, waited.partner, waited.closed_at, moment);
    PERFORM settle_points(waited.member_id, moment);
END $$;
