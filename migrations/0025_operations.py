"""Receipts of everybody, read by the newest first."""

from tortoise import migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    """Receipts of everybody, read by the newest first."""

    dependencies = [("models", "0024_families")]

    operations = [
        ops.RunSQL("CREATE INDEX purchase_newest ON purchase (closed_at DESC, id DESC)", "DROP INDEX purchase_newest")
    ]
