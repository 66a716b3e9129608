-- Notes which receipts of a batch their partners want to hear of, and one job that tells them. Who has no address costs one
-- look at a table of few rows.
CREATE FUNCTION tell_partners(batch jsonb, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    told jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM webhook_endpoint WHERE status <> 'ENDED') THEN
        RETURN;
    END IF;
    WITH made AS (
        INSERT INTO webhook_event (id, partner, kind, subject_id, at)
        SELECT gen_random_uuid(), p.partner, 'purchase.posted', p.id, moment
        FROM jsonb_array_elements(batch) AS i JOIN purchase AS p ON p.id = (i->>'purchase')::uuid
        WHERE EXISTS (SELECT FROM webhook_endpoint AS e WHERE e.partner = p.partner AND e.status <> 'ENDED')
        RETURNING id
    ) SELECT jsonb_agg(id) INTO told FROM made;
    IF told IS NOT NULL THEN
        PERFORM tell_later(told, moment);
    END IF;
END $$;
