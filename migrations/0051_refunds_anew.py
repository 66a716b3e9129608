"""A refund may be asked for anew under a key of its own; those that wait for a person are found by an index of the few."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
CREATE INDEX payment_refund_refused ON payment_refund (asked_at) WHERE state = 'CANCELED';
"""
BACK = "DROP INDEX payment_refund_refused;"


class Migration(migrations.Migration):
    dependencies = [("models", "0050_campaign_totals")]

    initial = False

    operations = [
        ops.AddField(model_name="PaymentRefund", name="key", field=fields.UUIDField(null=True)),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
