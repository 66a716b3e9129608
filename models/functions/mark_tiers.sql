-- What counts towards the tiers of members has moved by another's doing: what was priced by it is priced again, and the clock
-- writes their tiers as of this moment. Their rows are locked.
CREATE FUNCTION mark_tiers(who uuid[], moment timestamptz) RETURNS void LANGUAGE sql AS $$
    UPDATE member_standing SET version = version + 1, tier_until = least(tier_until, moment) WHERE member_id = ANY (who)
$$;
