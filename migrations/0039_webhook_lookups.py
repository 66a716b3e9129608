"""When an address last took something is looked up for every line of the panel's list; events nobody made deliveries of, often."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
CREATE INDEX webhook_delivery_last ON webhook_delivery (endpoint_id, delivered_at) WHERE delivered_at IS NOT NULL;
CREATE INDEX webhook_event_waiting ON webhook_event (at) WHERE body IS NULL;
"""
BACK = "DROP INDEX webhook_event_waiting, webhook_delivery_last;"


class Migration(migrations.Migration):
    dependencies = [("models", "0038_campaign_backtests")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
