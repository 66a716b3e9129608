-- Accounts and balances of a member, on the first point ever.
CREATE FUNCTION open_points(who uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM member_points WHERE member_id = who) THEN
        RETURN;
    END IF;
    INSERT INTO account (id, owner_kind, owner, purpose, unit)
        SELECT points_account('MEMBER', who::text, p), 'MEMBER', who::text, p, 'PTS'
        FROM unnest(ARRAY['available', 'pending', 'held', 'debt']) AS p ON CONFLICT DO NOTHING;
    INSERT INTO member_points (member_id, available, pending, held, debt, version, earned_on, earned)
        VALUES (who, 0, 0, 0, 0, 0, NULL, 0) ON CONFLICT DO NOTHING;
END $$;
