"""A campaign may give a tier for a time: the grant knows which, and the receipt it was given with."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE tier_grant ADD CONSTRAINT tier_grant_campaign CHECK ((campaign IS NULL) = (purchase_id IS NULL));
ALTER TABLE tier_grant ADD CONSTRAINT tier_grant_purchase FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason CHECK (reason IN
    ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT', 'FAMILY', 'MERGED', 'CAMPAIGN'));
CREATE OR REPLACE FUNCTION only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR (OLD.id, OLD.member_id, OLD.tier, OLD.until, OLD.reason, OLD.granted_at, OLD.granted_by, OLD.campaign, OLD.purchase_id)
        IS DISTINCT FROM
        (NEW.id, NEW.member_id, NEW.tier, NEW.until, NEW.reason, NEW.granted_at, NEW.granted_by, NEW.campaign, NEW.purchase_id) THEN
        RAISE EXCEPTION 'a grant stays as it was given, and is withdrawn once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tier_grant_only_withdrawn';
    END IF;
    RETURN NEW;
END $$;
"""
BACK = """
CREATE OR REPLACE FUNCTION only_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.withdrawn_at IS NOT NULL
        OR (OLD.id, OLD.member_id, OLD.tier, OLD.until, OLD.reason, OLD.granted_at, OLD.granted_by)
        IS DISTINCT FROM (NEW.id, NEW.member_id, NEW.tier, NEW.until, NEW.reason, NEW.granted_at, NEW.granted_by) THEN
        RAISE EXCEPTION 'a grant stays as it was given, and is withdrawn once'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'tier_grant_only_withdrawn';
    END IF;
    RETURN NEW;
END $$;
ALTER TABLE tier_period DROP CONSTRAINT tier_period_reason;
ALTER TABLE tier_period ADD CONSTRAINT tier_period_reason CHECK (reason IN
    ('JOINED', 'PURCHASE', 'REFUND', 'PROGRAMME', 'GRANT', 'GRANT_ENDED', 'WINDOW', 'IMPORT', 'FAMILY', 'MERGED'));
ALTER TABLE tier_grant DROP CONSTRAINT tier_grant_purchase;
ALTER TABLE tier_grant DROP CONSTRAINT tier_grant_campaign;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0052_given_up_bookings")]

    initial = False

    operations = [
        ops.AlterModelOptions(
            name="TierGrant",
            options={
                "table": "tier_grant",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A tier given by hand or by a campaign until a moment, with its reason. Only its withdrawal is ever added to it.",
            },
        ),
        ops.AddField(model_name="TierGrant", name="campaign", field=fields.CharField(null=True, max_length=64)),
        ops.AddField(model_name="TierGrant", name="purchase_id", field=fields.UUIDField(null=True)),
        ops.RunSQL(SQL, BACK),
    ]
