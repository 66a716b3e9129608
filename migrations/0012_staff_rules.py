"""What the tables of the staff promise: one account an address, one waiting request, and a log that seals itself."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE staff_link ADD CONSTRAINT staff_link_staff FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE staff_step ADD CONSTRAINT staff_step_staff FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE staff_step ADD CONSTRAINT staff_step_link
    FOREIGN KEY (link_id) REFERENCES staff_link (id) ON DELETE CASCADE;
ALTER TABLE staff_recovery_code ADD CONSTRAINT staff_recovery_code_staff
    FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE staff_session ADD CONSTRAINT staff_session_staff
    FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE staff_grant ADD CONSTRAINT staff_grant_staff
    FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE staff_grant ADD CONSTRAINT staff_grant_role
    FOREIGN KEY (role_id) REFERENCES staff_role (id) ON DELETE RESTRICT;
ALTER TABLE grant_request ADD CONSTRAINT grant_request_staff
    FOREIGN KEY (staff_id) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE grant_request ADD CONSTRAINT grant_request_role
    FOREIGN KEY (role_id) REFERENCES staff_role (id) ON DELETE RESTRICT;

ALTER TABLE staff ADD CONSTRAINT staff_status CHECK (status IN ('INVITED', 'ACTIVE', 'BLOCKED'));
ALTER TABLE staff ADD CONSTRAINT staff_two_factors
    CHECK (status <> 'ACTIVE' OR (password_hash IS NOT NULL AND totp_sealed IS NOT NULL));
ALTER TABLE staff_step ADD CONSTRAINT staff_step_purpose
    CHECK (purpose = 'SIGN_IN' OR (purpose = 'ENROL' AND sealed IS NOT NULL AND link_id IS NOT NULL));
ALTER TABLE staff_grant ADD CONSTRAINT staff_grant_one CHECK (num_nonnulls(role_id, right_code) = 1);
ALTER TABLE grant_request ADD CONSTRAINT grant_request_one CHECK (num_nonnulls(staff_id, role_id) = 1);
ALTER TABLE grant_request ADD CONSTRAINT grant_request_state
    CHECK (state IN ('WAITING', 'APPROVED', 'REJECTED', 'STALE') AND (state = 'WAITING') = (decided_at IS NULL));
ALTER TABLE grant_request ADD CONSTRAINT grant_request_four_eyes
    CHECK (state <> 'APPROVED' OR (decided_by IS NOT NULL AND decided_by <> requested_by));
ALTER TABLE audit_event ADD CONSTRAINT audit_event_outcome CHECK (outcome IN ('DONE', 'REFUSED'));

CREATE UNIQUE INDEX staff_email ON staff (email);
CREATE UNIQUE INDEX staff_link_token ON staff_link (token_sha256);
CREATE UNIQUE INDEX staff_step_token ON staff_step (token_sha256);
CREATE UNIQUE INDEX staff_session_token ON staff_session (token_sha256);
CREATE UNIQUE INDEX staff_recovery_code_once ON staff_recovery_code (staff_id, code_sha256);
CREATE UNIQUE INDEX staff_grant_once ON staff_grant (staff_id, role_id, right_code, scope) NULLS NOT DISTINCT;
CREATE UNIQUE INDEX grant_request_waiting ON grant_request (staff_id, role_id) NULLS NOT DISTINCT WHERE state = 'WAITING';
CREATE INDEX audit_event_actor ON audit_event (actor_id, sequence) WHERE actor_id IS NOT NULL;
CREATE INDEX audit_event_object ON audit_event (object_kind, object_id, sequence);

CREATE FUNCTION audit_digest(e audit_event) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(e.id, e.sequence, (extract(epoch FROM e.at) * 1000000)::bigint, e.actor_id,
        e.actor, e.action, e.right_code, e.scope, e.object_kind, e.object_id, e.outcome, e.reason, e.before, e.after,
        e.request_id, e.address, encode(e.previous_hash, 'hex'))::text, 'UTF8'))
$$;
-- One chain: whoever writes an event waits for whoever wrote the one before to commit, and sees its hash.
CREATE FUNCTION seal_audit_event() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE last record;
BEGIN
    PERFORM pg_advisory_xact_lock(418430873972);
    SELECT sequence, hash INTO last FROM audit_event ORDER BY sequence DESC LIMIT 1;
    NEW.sequence := coalesce(last.sequence, 0) + 1;
    NEW.previous_hash := coalesce(last.hash, '\\x'::bytea);
    NEW.hash := audit_digest(NEW);
    RETURN NEW;
END $$;
CREATE TRIGGER audit_event_seal BEFORE INSERT ON audit_event FOR EACH ROW EXECUTE FUNCTION seal_audit_event();
CREATE TRIGGER audit_event_append_only BEFORE UPDATE OR DELETE ON audit_event
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE TRIGGER audit_event_never_emptied BEFORE TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION forbid_change();
"""

BACK = """
DROP TRIGGER audit_event_never_emptied ON audit_event;
DROP TRIGGER audit_event_append_only ON audit_event;
DROP TRIGGER audit_event_seal ON audit_event;
DROP FUNCTION seal_audit_event;
DROP FUNCTION audit_digest;
DROP INDEX staff_email, staff_link_token, staff_step_token, staff_session_token, staff_recovery_code_once,
    staff_grant_once, grant_request_waiting, audit_event_actor, audit_event_object;
ALTER TABLE audit_event DROP CONSTRAINT audit_event_outcome;
ALTER TABLE grant_request DROP CONSTRAINT grant_request_four_eyes, DROP CONSTRAINT grant_request_state,
    DROP CONSTRAINT grant_request_one, DROP CONSTRAINT grant_request_role, DROP CONSTRAINT grant_request_staff;
ALTER TABLE staff_grant DROP CONSTRAINT staff_grant_one, DROP CONSTRAINT staff_grant_role,
    DROP CONSTRAINT staff_grant_staff;
ALTER TABLE staff_step DROP CONSTRAINT staff_step_purpose, DROP CONSTRAINT staff_step_link,
    DROP CONSTRAINT staff_step_staff;
ALTER TABLE staff_session DROP CONSTRAINT staff_session_staff;
ALTER TABLE staff_recovery_code DROP CONSTRAINT staff_recovery_code_staff;
ALTER TABLE staff_link DROP CONSTRAINT staff_link_staff;
ALTER TABLE staff DROP CONSTRAINT staff_two_factors, DROP CONSTRAINT staff_status;
"""


class Migration(migrations.Migration):
    """Rules in SQL, because the ORM drops `Meta.constraints` of new tables without a word."""

    dependencies = [("models", "0011_staff")]

    operations = [ops.RunSQL(SQL, BACK)]
