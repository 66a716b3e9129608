"""Accounts know when they were written last: a clock that goes back writes nothing before it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0044_merges")]

    initial = False

    operations = [
        ops.AddField(model_name=name, name="booked_at", field=fields.DatetimeField(null=True))
        for name in ("Balance", "Family", "MemberPoints")
    ]
