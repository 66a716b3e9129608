-- The tier that a campaign gives with a receipt, until a moment: a grant like one of the staff's. The member is locked, and has
-- no grant in force.
CREATE FUNCTION give_boost(item jsonb, who uuid, receipt uuid, moment timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tier_grant (id, member_id, tier, until, reason, granted_at, granted_by, withdrawn_at, withdrawn_by, campaign,
        purchase_id)
    VALUES ((item->>'id')::uuid, who, item->>'tier', (item->>'until')::timestamptz, item->>'reason', moment, NULL, NULL, NULL,
        item->>'campaign', receipt);
    UPDATE member_standing SET granted_tier = item->>'tier', granted_until = (item->>'until')::timestamptz,
        tier_until = least(tier_until, (item->>'until')::timestamptz) WHERE member_id = who;
END $$;
