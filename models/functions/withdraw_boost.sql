-- End the tier that a campaign gave with a receipt once every line it was about is back. Gives whether it did. The member is
-- locked; the caller places him anew.
CREATE FUNCTION withdraw_boost(who uuid, receipt uuid, moment timestamptz) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE tier_grant AS g SET withdrawn_at = greatest(moment, g.granted_at)
        WHERE g.member_id = who AND g.purchase_id = receipt AND g.withdrawn_at IS NULL AND g.until > moment
            AND NOT EXISTS (SELECT FROM discount_application AS a
                WHERE a.purchase_id = receipt AND a.campaign = g.campaign AND a.returned_at IS NULL);
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE member_standing SET granted_tier = NULL, granted_until = NULL, version = version + 1 WHERE member_id = who;
    RETURN true;
END $$;
