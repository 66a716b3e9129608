"""Tiers that live in time: grants by hand, and when the clock looks at a member's tier next."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE tier_grant ADD CONSTRAINT tier_grant_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE tier_grant ADD CONSTRAINT tier_grant_ends CHECK (until > granted_at AND withdrawn_at >= granted_at);
ALTER TABLE member_standing ADD CONSTRAINT member_standing_grant CHECK ((granted_tier IS NULL) = (granted_until IS NULL));
ALTER TABLE tier_period ADD CONSTRAINT tier_period_ends CHECK (until >= since);
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason
    CHECK (reason IN ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW'));
CREATE INDEX member_standing_tier_until ON member_standing (tier_until) WHERE tier_until IS NOT NULL;
CREATE FUNCTION only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR (OLD.id, OLD.member_id, OLD.tier, OLD.until, OLD.reason, OLD.granted_at, OLD.granted_by)
        IS DISTINCT FROM (NEW.id, NEW.member_id, NEW.tier, NEW.until, NEW.reason, NEW.granted_at, NEW.granted_by) THEN
        RAISE EXCEPTION 'a grant stays as it was given, and is withdrawn once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tier_grant_only_withdrawn';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER tier_grant_only_withdrawn BEFORE UPDATE OR DELETE ON tier_grant
    FOR EACH ROW EXECUTE FUNCTION only_withdrawn();
"""

BACK = """
DROP TRIGGER tier_grant_only_withdrawn ON tier_grant;
DROP FUNCTION only_withdrawn;
DROP INDEX member_standing_tier_until;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_ends;
ALTER TABLE member_standing DROP CONSTRAINT member_standing_grant;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0018_promotions_rules")]

    initial = False

    operations = [
        ops.CreateModel(
            name="TierGrant",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("member_id", fields.UUIDField(db_index=True)),
                ("tier", fields.CharField(max_length=64)),
                ("until", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("reason", fields.CharField(max_length=500)),
                ("granted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("granted_by", fields.UUIDField(null=True)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_by", fields.UUIDField(null=True)),
            ],
            options={
                "table": "tier_grant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A tier given by hand until a moment, with its reason. Only its withdrawal is ever added to it.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="MemberStanding", name="granted_tier", field=fields.CharField(null=True, max_length=64)
        ),
        ops.AddField(
            model_name="MemberStanding",
            name="granted_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="MemberStanding",
            name="tier_until",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.RunSQL(SQL, BACK),
    ]
