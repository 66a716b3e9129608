-- Whether a member is one of the staff with rights at this outlet or till: the same address or phone. Whoever has rights
-- for a whole partner or the programme is no cashier of the place.
CREATE FUNCTION works_at(who uuid, partner text, outlet text, till uuid) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (
        SELECT 1 FROM contact AS c
        JOIN staff AS s ON s.status = 'ACTIVE' AND CASE c.kind WHEN 'EMAIL' THEN s.email = c.value ELSE s.phone = c.value END
        JOIN staff_grant AS g ON g.staff_id = s.id
        WHERE c.member_id = who AND g.scope IN (works_at.partner || '/' || outlet,
            works_at.partner || '/' || outlet || '/' || till)
    )
$$;
