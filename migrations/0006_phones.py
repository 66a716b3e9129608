"""A guest told a phone number at a till: such a ticket may only earn."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """What a ticket was given for decides whether it may spend."""

    dependencies = [("models", "0003_rules")]

    operations = [ops.AddField(model_name="ScanTicket", name="by_phone", field=fields.BooleanField(db_default=False))]
