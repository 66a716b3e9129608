"""Notices that can wait for the morning."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

# A version that does not know the column goes on writing messages beside one that does.
SQL = "ALTER TABLE message ALTER COLUMN by_day SET DEFAULT false"
BACK = "ALTER TABLE message ALTER COLUMN by_day DROP DEFAULT"


class Migration(migrations.Migration):
    dependencies = [("models", "0014_nightly")]

    initial = False

    operations = [
        ops.AddField(model_name="Message", name="by_day", field=fields.BooleanField(default=False)),
        ops.RunSQL(SQL, BACK),
    ]
