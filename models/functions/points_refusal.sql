-- Whether the points of a receipt may be written: the reservation it was paid with still stands, and the limits of
-- earning were computed from what is true now. NULL, or CHANGED for the caller to look again.
CREATE FUNCTION points_refusal(item jsonb, who uuid, moment timestamptz) RETURNS text LANGUAGE sql AS $$
    SELECT CASE
        WHEN item ? 'hold' AND NOT EXISTS (SELECT 1 FROM points_hold AS h
            WHERE h.id = (item->>'hold')::uuid AND h.member_id = who AND h.status = 'ACTIVE' AND h.expires_at > moment
            AND h.confirmation IN ('NOT_NEEDED', 'GIVEN') AND h.points = (item->>'spent')::bigint) THEN 'CHANGED'
        WHEN item ? 'version' AND (item->>'version')::bigint
            <> coalesce((SELECT version FROM member_points WHERE member_id = who), 0) THEN 'CHANGED'
        END
$$;
