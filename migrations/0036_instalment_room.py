"""What a member's receipts of a day wait for with a bank is looked up with every quote where points have a limit."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = "CREATE INDEX instalment_room ON instalment (member_id, day) WHERE state = 'WAITING';"
BACK = "DROP INDEX instalment_room;"


class Migration(migrations.Migration):
    dependencies = [("models", "0035_shared_progress")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
