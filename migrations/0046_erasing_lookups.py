"""An erasure has the seconds of a unit of work: what it looks through is as long as the troubles are many, not as the tables."""

from tortoise import migrations
from tortoise.migrations import operations as ops

# A report that was understood is read by nobody again; its digest knows it when it comes again.
SQL = """
CREATE INDEX job_failed_of ON job ((payload ->> 'member_id')) WHERE error IS NOT NULL;
CREATE INDEX restaurant_order_told ON restaurant_order (id) WHERE body IS NOT NULL;
UPDATE delivery_report SET body = '' WHERE state = 'DONE' AND body <> '';
"""
BACK = "DROP INDEX restaurant_order_told, job_failed_of;"


class Migration(migrations.Migration):
    dependencies = [("models", "0045_booked_at")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
