-- Which hard limit a receipt or a return would pass, as 'LIMIT:' and its place in the programme; 'OWN_CARD' for a card of
-- the place's own staff where the programme refuses it; NULL for none. What it adds itself stands in `adds`.
CREATE FUNCTION limit_refusal(item jsonb, moment timestamptz) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rule jsonb;
BEGIN
    IF item ? 'own_card' AND works_at((item->>'member')::uuid, item->>'partner', item->>'outlet', (item->>'till')::uuid) THEN
        RETURN 'OWN_CARD';
    END IF;
    FOR rule IN SELECT * FROM jsonb_array_elements(item->'limits') LOOP
        IF (rule->>'adds')::bigint > 0 AND (rule->>'adds')::bigint + limit_sum(item, rule->>'of', rule->>'metric',
            moment - make_interval(mins => (rule->>'minutes')::int), moment, true) > (rule->>'most')::bigint THEN
            RETURN 'LIMIT:' || (rule->>'place');
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
