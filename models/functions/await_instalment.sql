-- A posted receipt begins to wait for its bank. A word that came before the receipt is carried out by a job; whoever brings
-- one at this moment takes the same lock, so that one of the two finds the other.
CREATE FUNCTION await_instalment(item jsonb, receipt jsonb, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    purchase uuid := (receipt->>'purchase')::uuid;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(concat_ws('|', 'instalment', receipt->>'outlet', receipt->>'receipt',
        receipt->>'business_date'), 0));
    INSERT INTO instalment (purchase_id, member_id, state, until, day, activates_at, expires_at, counted_back, points_back,
        created_at)
    VALUES (purchase, (receipt->>'member')::uuid, 'WAITING', (item->>'until')::timestamptz, (item->>'day')::date,
        (item->>'activates_at')::timestamptz, (item->>'expires_at')::timestamptz, 0, 0, moment);
    INSERT INTO instalment_line (line_id, purchase_id, counts, earned, points_back)
    SELECT l.id, purchase, l.counts, l.earned, 0 FROM jsonb_to_recordset(item->'lines') AS l (id uuid, counts boolean, earned bigint);
    -- Room in the limit of the day is taken: whoever has computed it before looks again.
    IF EXISTS (SELECT FROM jsonb_to_recordset(item->'lines') AS l (earned bigint) WHERE l.earned > 0) THEN
        PERFORM open_points((receipt->>'member')::uuid);
        UPDATE member_points SET version = version + 1 WHERE member_id = (receipt->>'member')::uuid;
    END IF;
    INSERT INTO job (id, name, payload, dedupe_key, status, run_at, attempts, deaths, created_at)
    SELECT gen_random_uuid(), 'instalment.decide', jsonb_build_object('word', w.id), w.id::text, 'READY', moment, 0, 0, moment
    FROM instalment_word AS w WHERE w.outlet = receipt->>'outlet' AND w.receipt_number = receipt->>'receipt'
        AND w.business_date = (receipt->>'business_date')::date
    ON CONFLICT (name, dedupe_key) DO NOTHING;
END $$;
