-- Notes one thing that a partner wants to hear of, and the job that tells it. Gives the event, if anybody listens.
CREATE FUNCTION tell_partner(listener text, what text, subject uuid, moment timestamptz) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    event uuid;
BEGIN
    INSERT INTO webhook_event (id, partner, kind, subject_id, at)
    SELECT gen_random_uuid(), listener, what, subject, moment
    WHERE EXISTS (SELECT FROM webhook_endpoint WHERE partner = listener AND status <> 'ENDED')
    RETURNING id INTO event;
    IF event IS NOT NULL THEN
        PERFORM tell_later(jsonb_build_array(event), moment);
    END IF;
    RETURN event;
END $$;
