"""What was put aside, given up or left half-way is looked for often: by an index of the few, not by whole tables."""

from tortoise import migrations
from tortoise.migrations import operations as ops

SQL = """
CREATE INDEX job_given_up ON job (finished_at) WHERE status = 'DEAD';
CREATE INDEX restaurant_event_aside ON restaurant_event (received_at) WHERE state = 'ASIDE';
CREATE INDEX restaurant_order_aside ON restaurant_order (told_at) WHERE state = 'ASIDE';
CREATE INDEX booking_event_aside ON booking_event (received_at) WHERE state = 'ASIDE';
CREATE INDEX payment_event_aside ON payment_event (received_at) WHERE state = 'ASIDE';
CREATE INDEX shop_order_waiting ON shop_order (changed_at) WHERE state = 'PAID';
CREATE INDEX shop_return_waiting ON shop_return (changed_at) WHERE state = 'ASKED';
"""
BACK = """
DROP INDEX shop_return_waiting, shop_order_waiting, payment_event_aside, booking_event_aside, restaurant_order_aside,
    restaurant_event_aside, job_given_up;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0046_erasing_lookups")]

    initial = False

    operations = [ops.RunSQL(SQL, reverse_sql=BACK)]
