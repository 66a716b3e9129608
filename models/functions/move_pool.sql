-- One transaction of the ledger about a family's pool: between its balances, from or to a member's available points, the
-- rest from or to a shared account.
CREATE FUNCTION move_pool(made uuid, what text, cause uuid, at timestamptz, moment timestamptz, pot uuid,
    to_available bigint, to_held bigint, who uuid, to_member bigint,
    shared_kind text, shared_owner text, shared_purpose text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total bigint := to_available + to_held + to_member; shared uuid;
    -- No earlier than the last of the family's and of the member's, whatever the clock says.
    booked timestamptz := greatest(moment, (SELECT booked_at FROM family WHERE id = pot),
        (SELECT booked_at FROM member_points WHERE member_id = who AND to_member <> 0));
BEGIN
    IF total <> 0 THEN
        shared := points_account(shared_kind, shared_owner, shared_purpose);
    END IF;
    INSERT INTO account (id, owner_kind, owner, purpose, unit)
        SELECT points_account(kind, owner, purpose), kind, owner, purpose, 'PTS' FROM (VALUES
            (shared_kind, shared_owner, shared_purpose), ('FAMILY', pot::text, 'available'), ('FAMILY', pot::text, 'held')
        ) AS part (kind, owner, purpose) WHERE kind IS NOT NULL ON CONFLICT DO NOTHING;
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
        VALUES (made, what, cause, NULL, at, booked);
    INSERT INTO entry (transaction_id, account_id, unit, amount)
        SELECT made, part.account, 'PTS', part.amount FROM (VALUES
            (shared, -total),
            (points_account('FAMILY', pot::text, 'available'), to_available),
            (points_account('FAMILY', pot::text, 'held'), to_held),
            (points_account('MEMBER', who::text, 'available'), to_member)
        ) AS part (account, amount) WHERE part.amount <> 0;
    UPDATE family SET available = available + to_available, held = held + to_held, version = version + 1, booked_at = booked
        WHERE id = pot;
    UPDATE member_points SET available = available + to_member, version = version + 1, booked_at = booked
        WHERE member_id = who AND to_member <> 0;
END $$;
