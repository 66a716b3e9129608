"""Those who share a contact are read newest first, and no more of them than are told."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = "CREATE INDEX contact_alike ON contact (kind, value, member_id);"
BACK = "DROP INDEX contact_alike;"


class Migration(migrations.Migration):
    dependencies = [("models", "0059_points_grants")]

    initial = False

    operations = [ops.RunSQL(SQL, BACK)]
