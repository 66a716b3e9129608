"""What the tables promise: foreign keys, checks, partial unique indexes, append-only facts, entries that sum to zero."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE contact ADD CONSTRAINT contact_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE credential ADD CONSTRAINT credential_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE consent ADD CONSTRAINT consent_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE mail_token ADD CONSTRAINT mail_token_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE mail_code ADD CONSTRAINT mail_code_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE session ADD CONSTRAINT session_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE till_session ADD CONSTRAINT till_session_till FOREIGN KEY (till_id) REFERENCES till (id) ON DELETE RESTRICT;
ALTER TABLE card ADD CONSTRAINT card_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE qr_credential ADD CONSTRAINT qr_credential_card FOREIGN KEY (card_id) REFERENCES card (id) ON DELETE RESTRICT;
ALTER TABLE scan_ticket ADD CONSTRAINT scan_ticket_card FOREIGN KEY (card_id) REFERENCES card (id) ON DELETE RESTRICT;
ALTER TABLE purchase ADD CONSTRAINT purchase_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE purchase_line ADD CONSTRAINT purchase_line_purchase
    FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE tender ADD CONSTRAINT tender_purchase FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE refund ADD CONSTRAINT refund_purchase FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE refund_line ADD CONSTRAINT refund_line_refund FOREIGN KEY (refund_id) REFERENCES refund (id) ON DELETE RESTRICT;
ALTER TABLE refund_line ADD CONSTRAINT refund_line_line
    FOREIGN KEY (line_id) REFERENCES purchase_line (id) ON DELETE RESTRICT;
ALTER TABLE balance ADD CONSTRAINT balance_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT;
ALTER TABLE entry ADD CONSTRAINT entry_transaction
    FOREIGN KEY (transaction_id) REFERENCES ledger_transaction (id) ON DELETE RESTRICT;
ALTER TABLE entry ADD CONSTRAINT entry_account FOREIGN KEY (account_id) REFERENCES account (id) ON DELETE RESTRICT;
ALTER TABLE member_standing ADD CONSTRAINT member_standing_member
    FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE member_standing ADD CONSTRAINT member_standing_account
    FOREIGN KEY (qualifying_account) REFERENCES account (id) ON DELETE RESTRICT;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;

ALTER TABLE member ADD CONSTRAINT member_status
    CHECK (status IN ('PENDING_CONFIRMATION', 'ACTIVE', 'BLOCKED', 'CLOSED'));
ALTER TABLE contact ADD CONSTRAINT contact_kind CHECK (kind IN ('EMAIL', 'PHONE'));
ALTER TABLE consent ADD CONSTRAINT consent_kind
    CHECK (kind IN ('OFFER', 'PERSONAL_DATA', 'PARTNER_TRANSFER', 'MARKETING'));
ALTER TABLE consent ADD CONSTRAINT consent_act CHECK (act IN ('GIVEN', 'WITHDRAWN'));
ALTER TABLE mail_token ADD CONSTRAINT mail_token_purpose CHECK (purpose IN ('CONFIRM', 'RESET'));
ALTER TABLE mail_code ADD CONSTRAINT mail_code_tries CHECK (tries_left >= 0);
ALTER TABLE session ADD CONSTRAINT session_transport CHECK (transport IN ('COOKIE', 'BEARER'));
ALTER TABLE till ADD CONSTRAINT till_kind CHECK (kind IN ('ORDINARY', 'SYSTEM'));
ALTER TABLE till ADD CONSTRAINT till_channels CHECK (cardinality(channels) > 0);
ALTER TABLE card ADD CONSTRAINT card_kind CHECK (kind IN ('VIRTUAL', 'PLASTIC', 'ARCHIVE'));
ALTER TABLE card ADD CONSTRAINT card_status CHECK (status IN ('ACTIVE', 'BLOCKED', 'REPLACED', 'ARCHIVED'));
ALTER TABLE qr_credential ADD CONSTRAINT qr_credential_state CHECK (state IN ('ACTIVE', 'BLOCKED', 'REVOKED'));
ALTER TABLE qr_credential ADD CONSTRAINT qr_credential_handle CHECK (handle ~ '^[0-9]{12}$');
ALTER TABLE quote ADD CONSTRAINT quote_sums CHECK (gross = discount + net AND discount >= 0 AND net >= 0);
ALTER TABLE purchase ADD CONSTRAINT purchase_sums
    CHECK (gross = discount + net AND discount >= 0 AND net >= 0 AND accumulated BETWEEN 0 AND net);
ALTER TABLE purchase ADD CONSTRAINT purchase_refunded
    CHECK (refunded_net BETWEEN 0 AND net AND refunded_discount BETWEEN 0 AND discount
           AND refunded_accumulated BETWEEN 0 AND accumulated);
ALTER TABLE purchase_line ADD CONSTRAINT purchase_line_sums
    CHECK (gross = discount + net AND discount >= 0 AND net >= 0 AND quantity > 0 AND basis_points BETWEEN 0 AND 10000);
ALTER TABLE purchase_line ADD CONSTRAINT purchase_line_refunded
    CHECK (refunded_net BETWEEN 0 AND net AND refunded_discount BETWEEN 0 AND discount AND refunded_part >= 0
           AND (refund_measure IS NULL OR refund_measure IN ('QUANTITY', 'NET'))
           AND (refund_measure IS DISTINCT FROM 'QUANTITY' OR refunded_part <= quantity)
           AND (refund_measure IS DISTINCT FROM 'NET' OR refunded_part <= net));
ALTER TABLE tender ADD CONSTRAINT tender_amount CHECK (amount > 0);
ALTER TABLE refund ADD CONSTRAINT refund_sums CHECK (net >= 0 AND discount >= 0 AND accumulated BETWEEN 0 AND net);
ALTER TABLE refund_line ADD CONSTRAINT refund_line_sums CHECK (net >= 0 AND discount >= 0 AND part >= 0);
ALTER TABLE account ADD CONSTRAINT account_owner CHECK (owner_kind IN ('MEMBER', 'PARTNER', 'PROGRAMME'));
ALTER TABLE balance ADD CONSTRAINT balance_never_negative CHECK (amount >= 0);
ALTER TABLE entry ADD CONSTRAINT entry_moves CHECK (amount <> 0);
ALTER TABLE job ADD CONSTRAINT job_status CHECK (status IN ('READY', 'DONE', 'DEAD'));

CREATE UNIQUE INDEX contact_verified ON contact (kind, value) WHERE verified_at IS NOT NULL;
CREATE UNIQUE INDEX mail_token_sha256 ON mail_token (token_sha256);
CREATE UNIQUE INDEX session_token ON session (token_sha256);
CREATE UNIQUE INDEX till_session_token ON till_session (token_sha256);
CREATE UNIQUE INDEX till_key ON till (key_sha256);
CREATE UNIQUE INDEX card_number ON card (number);
CREATE UNIQUE INDEX card_one_active ON card (member_id) WHERE status IN ('ACTIVE', 'BLOCKED');
CREATE UNIQUE INDEX qr_credential_device ON qr_credential (member_id, device) WHERE state <> 'REVOKED';
CREATE INDEX qr_credential_session ON qr_credential (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX scan_ticket_recent ON scan_ticket (member_id, created_at);
CREATE INDEX scan_ticket_expiry ON scan_ticket (expires_at);
CREATE INDEX quote_expiry ON quote (expires_at) WHERE purchase_id IS NULL;
CREATE INDEX purchase_history ON purchase (member_id, closed_at DESC, id DESC);
CREATE INDEX purchase_receipt ON purchase (partner, receipt_number);
CREATE UNIQUE INDEX purchase_line_position ON purchase_line (purchase_id, position);
CREATE UNIQUE INDEX tier_period_current ON tier_period (member_id) WHERE until IS NULL;
CREATE INDEX job_due ON job (run_at) WHERE status = 'READY';

CREATE FUNCTION forbid_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are facts: they are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE ON ledger_transaction
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER entry_append_only BEFORE UPDATE OR DELETE ON entry FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER refund_append_only BEFORE UPDATE OR DELETE ON refund FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER refund_line_append_only BEFORE UPDATE OR DELETE ON refund_line
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER programme_version_append_only BEFORE UPDATE OR DELETE ON programme_version
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER consent_never_updated BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE FUNCTION forbid_consent_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM member WHERE id = OLD.member_id AND status <> 'PENDING_CONFIRMATION') THEN
        RAISE EXCEPTION 'a consent of a member is kept'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'consent_append_only';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER consent_append_only BEFORE DELETE ON consent FOR EACH ROW EXECUTE FUNCTION forbid_consent_delete();

CREATE FUNCTION entries_sum_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM entry WHERE transaction_id = NEW.transaction_id GROUP BY unit HAVING sum(amount) <> 0) THEN
        RAISE EXCEPTION 'the entries of transaction % do not sum to zero', NEW.transaction_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'entry_sums_to_zero';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER entry_sums_to_zero AFTER INSERT ON entry DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION entries_sum_to_zero();
"""

BACK = """
DROP TRIGGER entry_sums_to_zero ON entry;
DROP TRIGGER consent_append_only ON consent;
DROP TRIGGER consent_never_updated ON consent;
DROP TRIGGER programme_version_append_only ON programme_version;
DROP TRIGGER refund_line_append_only ON refund_line;
DROP TRIGGER refund_append_only ON refund;
DROP TRIGGER entry_append_only ON entry;
DROP TRIGGER ledger_transaction_append_only ON ledger_transaction;
DROP FUNCTION entries_sum_to_zero;
DROP FUNCTION forbid_consent_delete;
DROP FUNCTION forbid_change;
DROP INDEX contact_verified, mail_token_sha256, session_token, till_session_token, till_key, card_number,
    card_one_active, qr_credential_device, qr_credential_session, scan_ticket_recent, scan_ticket_expiry, quote_expiry,
    purchase_history, purchase_receipt, purchase_line_position, tier_period_current, job_due;
DO $$
DECLARE one record;
BEGIN
    FOR one IN SELECT conrelid::regclass AS owner, conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('f', 'c') ORDER BY contype DESC
    LOOP
        EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.owner, one.conname);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    """Rules in SQL, because the ORM drops `Meta.constraints` of new tables without a word."""

    dependencies = [("models", "0002_trade")]

    operations = [ops.RunSQL(SQL, BACK)]
