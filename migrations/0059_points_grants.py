"""Points that the staff gives or takes by hand, at once or with a second person's yes."""

from tortoise import fields, migrations
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE points_grant ADD CONSTRAINT points_grant_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE points_grant ADD CONSTRAINT points_grant_asked_by FOREIGN KEY (asked_by) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE points_grant ADD CONSTRAINT points_grant_decided_by FOREIGN KEY (decided_by) REFERENCES staff (id) ON DELETE RESTRICT;
ALTER TABLE points_grant ADD CONSTRAINT points_grant_some CHECK (points <> 0);
ALTER TABLE points_grant ADD CONSTRAINT points_grant_states CHECK (state IN ('WAITING', 'DONE', 'REJECTED')
    AND (state = 'DONE') = (posted_at IS NOT NULL) AND (state <> 'WAITING' OR expires_at IS NOT NULL)
    AND (decided_by IS NULL) = (decided_at IS NULL) AND (state <> 'WAITING' OR decided_at IS NULL)
    AND (state <> 'REJECTED' OR decided_at IS NOT NULL));
-- Four eyes: what waited is never moved by whoever asked for it.
ALTER TABLE points_grant ADD CONSTRAINT points_grant_two
    CHECK (state <> 'DONE' OR (decided_by IS NULL) = (expires_at IS NULL) AND decided_by IS DISTINCT FROM asked_by);

CREATE INDEX points_grant_waiting ON points_grant (asked_at, id) WHERE state = 'WAITING';

CREATE FUNCTION only_decided() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - ARRAY['reason', 'decision_reason', 'state', 'decided_by', 'decided_at', 'posted_at'])
            = (to_jsonb(OLD) - ARRAY['reason', 'decision_reason', 'state', 'decided_by', 'decided_at', 'posted_at'])
        AND NEW.reason IN (OLD.reason, '') AND (OLD.state = 'WAITING' OR NEW.state = OLD.state
            AND (NEW.decided_by, NEW.decided_at, NEW.posted_at) IS NOT DISTINCT FROM (OLD.decided_by, OLD.decided_at, OLD.posted_at)
            AND (NEW.decision_reason IS NOT DISTINCT FROM OLD.decision_reason OR NEW.decision_reason = '')) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'points moved by hand stay as they were asked for, and are decided once'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'points_grant_only_decided';
END $$;
CREATE TRIGGER points_grant_only_decided BEFORE UPDATE OR DELETE ON points_grant
    FOR EACH ROW EXECUTE FUNCTION only_decided();
"""
BACK = """
DROP TRIGGER points_grant_only_decided ON points_grant;
DROP FUNCTION only_decided;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0058_statements")]

    initial = False

    operations = [
        ops.CreateModel(
            name="PointsGrant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField()),
                ("points", fields.BigIntField()),
                ("reason", fields.CharField(max_length=500)),
                ("state", fields.CharField(max_length=8)),
                ("asked_by", fields.UUIDField()),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decided_by", fields.UUIDField(null=True)),
                ("decided_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("decision_reason", fields.CharField(null=True, max_length=500)),
                ("posted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "points_grant",
                "app": "models",
                "indexes": [
                    Index(fields=["member_id", "asked_at"]),
                    Index(fields=["asked_by", "asked_at"]),
                    Index(fields=["asked_at", "id"]),
                ],
                "pk_attr": "id",
                "table_description": "Points that one of the staff gives by hand, or takes (below zero): at once, or once somebody else has said yes.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
