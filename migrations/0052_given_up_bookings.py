"""Bookings that were given up without an answer are few, and are looked for at every hotel's list of changes."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = "CREATE INDEX booking_given_up ON booking (property_id, sent_at) WHERE state = 'FAILED' AND fault = 'NOT_FOUND';"
BACK = "DROP INDEX booking_given_up;"


class Migration(migrations.Migration):
    dependencies = [("models", "0051_refunds_anew")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
