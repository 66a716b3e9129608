"""Calls of outside systems by the hour, accounts of gateways, and what a message was expected to cost."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE system_calls ADD CONSTRAINT system_calls_counted CHECK (answered >= 0 AND failed >= 0);
ALTER TABLE system_calls ADD CONSTRAINT system_calls_failed CHECK ((fault IS NULL) = (failed_at IS NULL));
ALTER TABLE delivery_attempt ADD CONSTRAINT delivery_attempt_expected CHECK (expected >= 0);
-- What was spent since a moment is asked before each paid hand-over where there is a budget.
CREATE INDEX delivery_attempt_paid ON delivery_attempt (handed_at) INCLUDE (cost, expected, fate) WHERE channel <> 'EMAIL';
"""

BACK = """
DROP INDEX delivery_attempt_paid;
ALTER TABLE delivery_attempt DROP CONSTRAINT delivery_attempt_expected;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0040_recorded_as")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SystemCalls",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("system", fields.CharField(max_length=24)),
                ("hour", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered", fields.IntField()),
                ("failed", fields.IntField()),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("failed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("fault", fields.CharField(null=True, max_length=16)),
                ("detail", fields.CharField(null=True, max_length=200)),
                ("held_until", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "system_calls",
                "app": "models",
                "unique_together": (("system", "hour"),),
                "pk_attr": "id",
                "table_description": "An hour of calls of one outside system by every process. The newest failure is told; an answer ends `held_until`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GatewayAccount",
            fields=[
                ("gateway", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=16)),
                ("balance", fields.BigIntField(null=True)),
                ("alarm", fields.BigIntField()),
                ("read_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "gateway_account",
                "app": "models",
                "pk_attr": "gateway",
                "table_description": "A gateway's account as it was read last: kopecks, none where it cannot be read, and below which it rings.",
            },
            bases=["Model"],
        ),
        ops.AddField(model_name="DeliveryAttempt", name="expected", field=fields.BigIntField(null=True)),
        ops.RunSQL(SQL, BACK),
    ]
