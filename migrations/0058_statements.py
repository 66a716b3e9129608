"""What became of the statements of closed months; each step is written once and stays. Owners keep settlement too."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE settlement_step ADD CONSTRAINT settlement_step_period
    FOREIGN KEY (month) REFERENCES settlement_period (month) ON DELETE RESTRICT;
ALTER TABLE settlement_step ADD CONSTRAINT settlement_step_states
    CHECK (state IN ('SENT', 'CONFIRMED', 'DISPUTED', 'PAID') AND (state <> 'DISPUTED' OR note IS NOT NULL)
           AND issuer <> partner AND step > 0);
CREATE UNIQUE INDEX settlement_step_order ON settlement_step (month, issuer, partner, step);
CREATE TRIGGER settlement_step_append_only BEFORE UPDATE OR DELETE ON settlement_step
    FOR EACH ROW EXECUTE FUNCTION forbid_change();
-- Nobody can give a right that nobody has: whoever owns the programme gets the new one.
UPDATE staff_role SET rights = rights || 'settlement.manage'::text
    WHERE code = 'owner' AND 'settlement.view' = ANY (rights) AND NOT 'settlement.manage' = ANY (rights);
"""
BACK = "UPDATE staff_role SET rights = array_remove(rights, 'settlement.manage');"


class Migration(migrations.Migration):
    dependencies = [("models", "0057_dismissed_pairs")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SettlementStep",
            fields=[
                ("id", fields.UUIDField(primary_key=True, unique=True, db_index=True)),
                ("month", fields.DateField()),
                ("issuer", fields.CharField(max_length=64)),
                ("partner", fields.CharField(max_length=64)),
                ("step", fields.SmallIntField()),
                ("state", fields.CharField(max_length=12)),
                ("note", fields.CharField(null=True, max_length=500)),
                ("party", fields.CharField(null=True, max_length=64)),
                ("author", fields.CharField(max_length=254)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "settlement_step",
                "app": "models",
                "pk_attr": "id",
                "table_description": "What somebody did with a statement, in their order: what an issuer owes a partner for a closed month.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
