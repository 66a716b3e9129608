-- The job of the outbox that makes deliveries of events, in the transaction that caused them.
CREATE FUNCTION tell_later(events jsonb, moment timestamptz) RETURNS void LANGUAGE sql AS $$
    INSERT INTO job (id, name, payload, dedupe_key, status, run_at, attempts, deaths, created_at)
    VALUES (gen_random_uuid(), 'webhooks.spread', jsonb_build_object('events', events), NULL, 'READY', moment, 0, 0, moment)
$$;
