"""A receipt and a return may say who stood at the till, by a sign that the till itself gives."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("models", "0055_unblocked")]

    initial = False

    operations = [
        ops.AddField(model_name="Purchase", name="cashier", field=fields.CharField(null=True, max_length=40)),
        ops.AddField(model_name="Refund", name="cashier", field=fields.CharField(null=True, max_length=40)),
    ]
