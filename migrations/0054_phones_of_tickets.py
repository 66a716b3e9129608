"""A ticket knows which phone showed its code: a new one may have to be confirmed before it spends."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0053_given_by_campaigns")]

    initial = False

    operations = [
        ops.AddField(model_name="ScanTicket", name="credential_id", field=fields.UUIDField(null=True)),
    ]
