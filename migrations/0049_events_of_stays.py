"""What was told of one booking is read together: by its number, not through the events of a month."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = "CREATE INDEX booking_event_number ON booking_event (number);"
BACK = "DROP INDEX booking_event_number;"


class Migration(migrations.Migration):
    dependencies = [("models", "0048_email_change")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
