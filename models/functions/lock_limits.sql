-- Hard limits of tills, cashiers and outlets span members, so whoever posts there waits in a line of its own, behind the
-- lock of the member. In one order, for all items of a batch. Where no such limit is set nothing is locked.
CREATE FUNCTION lock_limits(batch jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    line text;
BEGIN
    FOR line IN SELECT DISTINCT CASE WHEN l->>'of' = 'OUTLET' THEN i->>'outlet'
            WHEN l->>'of' = 'CASHIER' AND i->>'cashier' IS NOT NULL THEN concat_ws(' ', i->>'outlet', i->>'cashier')
            ELSE i->>'till' END
        FROM jsonb_array_elements(batch) AS i, jsonb_array_elements(i->'limits') AS l
        WHERE l->>'of' IN ('TILL', 'CASHIER', 'OUTLET') ORDER BY 1 LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended('limit ' || line, 0));
    END LOOP;
END $$;
