"""An order that its till tells later than the cloud, and by another id, is recorded as the cloud's purchase."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

SQL = """
ALTER TABLE pos_order ADD CONSTRAINT pos_order_recorded_as
    FOREIGN KEY (recorded_as) REFERENCES purchase (id) ON DELETE RESTRICT;
"""
BACK = "ALTER TABLE pos_order DROP CONSTRAINT pos_order_recorded_as;"


class Migration(migrations.Migration):
    dependencies = [("models", "0039_webhook_lookups")]

    initial = False

    operations = [
        ops.AddField(model_name="PosOrder", name="recorded_as", field=fields.UUIDField(null=True)),
        ops.RunSQL(SQL, reverse_sql=BACK),
    ]
