-- One transaction of the ledger: what moves between a member's balances, and the rest from or to a shared account. It is
-- written no earlier than the last one of the member's, whatever the clock says.
CREATE FUNCTION move_points(made uuid, what text, cause uuid, at timestamptz, moment timestamptz, who uuid,
    to_available bigint, to_pending bigint, to_held bigint, to_debt bigint,
    shared_kind text, shared_owner text, shared_purpose text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    -- What is owed stands below zero in its account.
    total bigint := to_available + to_pending + to_held - to_debt; shared uuid; booked timestamptz;
BEGIN
    IF total <> 0 THEN
        shared := points_account(shared_kind, shared_owner, shared_purpose);
        IF NOT EXISTS (SELECT 1 FROM account WHERE id = shared) THEN
            INSERT INTO account (id, owner_kind, owner, purpose, unit)
                VALUES (shared, shared_kind, shared_owner, shared_purpose, 'PTS') ON CONFLICT DO NOTHING;
        END IF;
    END IF;
    UPDATE member_points SET available = available + to_available, pending = pending + to_pending, held = held + to_held,
        debt = debt + to_debt, version = version + 1, booked_at = greatest(booked_at, moment) WHERE member_id = who
        RETURNING booked_at INTO booked;
    INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)
        VALUES (made, what, cause, NULL, at, coalesce(booked, moment));
    INSERT INTO entry (transaction_id, account_id, unit, amount)
        SELECT made, part.account, 'PTS', part.amount FROM (VALUES
            (shared, -total),
            (CASE WHEN to_available <> 0 THEN points_account('MEMBER', who::text, 'available') END, to_available),
            (CASE WHEN to_pending <> 0 THEN points_account('MEMBER', who::text, 'pending') END, to_pending),
            (CASE WHEN to_held <> 0 THEN points_account('MEMBER', who::text, 'held') END, to_held),
            (CASE WHEN to_debt <> 0 THEN points_account('MEMBER', who::text, 'debt') END, -to_debt)
        ) AS part (account, amount) WHERE part.amount <> 0;
END $$;
