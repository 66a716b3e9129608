"""Members may be erased: the record of it, and consents that keep their act and lose their address."""

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE member DROP CONSTRAINT member_status;
ALTER TABLE member ADD CONSTRAINT member_status
    CHECK (status IN ('PENDING_CONFIRMATION', 'ACTIVE', 'BLOCKED', 'CLOSED', 'MERGED', 'ERASED'));
ALTER TABLE erasure ADD CONSTRAINT erasure_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE erasure ADD CONSTRAINT erasure_order CHECK (asked_by IN ('MEMBER', 'STAFF', 'OPERATOR') AND forfeited >= 0
    AND (asked_by = 'STAFF') = (staff_id IS NOT NULL) AND (asked_by = 'MEMBER' OR reason IS NOT NULL));

CREATE FUNCTION forbid_consent_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The one exception: from where an erased member agreed is emptied, that he agreed to what and when stays.
    IF NEW.address = '' AND NEW.agent = ''
        AND to_jsonb(NEW) - ARRAY['address', 'agent'] = to_jsonb(OLD) - ARRAY['address', 'agent']
        AND EXISTS (SELECT 1 FROM member WHERE id = OLD.member_id AND status = 'ERASED') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are facts: they are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;
DROP TRIGGER consent_never_updated ON consent;
CREATE TRIGGER consent_never_updated BEFORE UPDATE ON consent
    FOR EACH ROW EXECUTE FUNCTION forbid_consent_change();

-- Answers under a key named whom a till had registered; the name is read when it is told, and kept nowhere else.
UPDATE once_answer SET answer = answer - 'first_name' WHERE operation = 'confirmMember' AND answer ? 'first_name';
"""
BACK = """
DROP TRIGGER consent_never_updated ON consent;
CREATE TRIGGER consent_never_updated BEFORE UPDATE ON consent FOR EACH ROW EXECUTE FUNCTION forbid_change();
DROP FUNCTION forbid_consent_change;
ALTER TABLE member DROP CONSTRAINT member_status;
ALTER TABLE member ADD CONSTRAINT member_status
    CHECK (status IN ('PENDING_CONFIRMATION', 'ACTIVE', 'BLOCKED', 'CLOSED'));
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0042_shop")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Erasure",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(unique=True)),
                ("asked_by", fields.CharField(max_length=8)),
                ("staff_id", fields.UUIDField(null=True)),
                ("reason", fields.CharField(null=True, max_length=500)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("forfeited", fields.BigIntField()),
                ("wiped", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("repeated_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "erasure",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The record behind an act of erasure. It names its member by what stays in the books, and nothing personal.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
