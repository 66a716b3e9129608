"""A sandbox: its clock, and the messages that stay in it."""

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE sandbox_clock ADD CONSTRAINT sandbox_clock_one CHECK (id = 1 AND ahead_millis >= 0 AND target > played_to);
ALTER TABLE sandbox_message ADD CONSTRAINT sandbox_message_channel CHECK (channel IN ('VIBER', 'SMS', 'EMAIL'));
"""
BACK = "ALTER TABLE sandbox_clock DROP CONSTRAINT sandbox_clock_one"


class Migration(migrations.Migration):
    dependencies = [("models", "0019_tier_windows")]

    initial = False

    operations = [
        ops.CreateModel(
            name="SandboxClock",
            fields=[
                ("id", fields.SmallIntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("ahead_millis", fields.BigIntField()),
                ("played_to", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("target", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sandbox_clock",
                "app": "models",
                "pk_attr": "id",
                "table_description": "The one row that says that this is a sandbox, and what time it is there.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SandboxMessage",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("channel", fields.CharField(max_length=8)),
                ("address", fields.CharField(max_length=254)),
                ("subject", fields.TextField(unique=False)),
                ("text", fields.TextField(unique=False)),
                ("at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "sandbox_message",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A letter or a text that stayed here.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
