"""Hotels and bookings of their rooms by members, with what the booking engine told; and what they promise."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE booking ADD CONSTRAINT booking_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE booking ADD CONSTRAINT booking_purchase FOREIGN KEY (purchase_id) REFERENCES purchase (id) ON DELETE RESTRICT;
ALTER TABLE booking ADD CONSTRAINT booking_sums CHECK (price >= 0 AND discount BETWEEN 0 AND price AND tax >= 0);
ALTER TABLE booking ADD CONSTRAINT booking_days CHECK (departure > arrival);
ALTER TABLE booking ADD CONSTRAINT booking_state CHECK (state IN ('OFFERED', 'CREATING', 'AWAITING_PAYMENT', 'CONFIRMED',
    'CHECKED_IN', 'CHECKED_OUT', 'ACCRUED', 'CANCELLING', 'CANCELLED', 'NO_SHOW', 'FAILED'));
-- What is booked has a number; what is counted has its purchase, and nothing else has one.
ALTER TABLE booking ADD CONSTRAINT booking_number CHECK (number IS NOT NULL
    OR state IN ('OFFERED', 'CREATING', 'FAILED'));
ALTER TABLE booking ADD CONSTRAINT booking_counted CHECK ((state = 'ACCRUED') = (purchase_id IS NOT NULL));
CREATE INDEX booking_due ON booking (counts_at) WHERE state IN ('CONFIRMED', 'CHECKED_IN', 'CHECKED_OUT');
CREATE INDEX booking_unfinished ON booking (changed_at) WHERE state IN ('CREATING', 'CANCELLING', 'AWAITING_PAYMENT');
CREATE INDEX booking_offered ON booking (expires_at) WHERE state = 'OFFERED';
CREATE INDEX booking_event_new ON booking_event (id) WHERE state = 'NEW';
"""

BACK = """
DROP INDEX booking_event_new, booking_offered, booking_unfinished, booking_due;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0021_control")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Booking",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("body_sha256", fields.BinaryField()),
                ("member_id", fields.UUIDField()),
                ("partner", fields.CharField(max_length=64)),
                ("property_id", fields.CharField(max_length=32)),
                ("state", fields.CharField(max_length=20)),
                ("arrival", fields.DateField()),
                ("departure", fields.DateField()),
                ("programme_version", fields.IntField()),
                ("tier", fields.CharField(max_length=64)),
                ("stays", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("terms", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("corporate", fields.CharField(null=True, max_length=32)),
                ("remarks", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("price", fields.BigIntField()),
                ("discount", fields.BigIntField()),
                ("tax", fields.BigIntField()),
                ("asked_price", fields.BigIntField()),
                ("way", fields.CharField(null=True, max_length=64)),
                ("number", fields.CharField(null=True, unique=True, max_length=64)),
                ("payment_url", fields.TextField(null=True, unique=False)),
                ("tries", fields.SmallIntField(default=0)),
                ("sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("fault", fields.CharField(null=True, max_length=32)),
                ("expected_penalty", fields.BigIntField(null=True)),
                ("penalty", fields.BigIntField(null=True)),
                ("offered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("confirmed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("left_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("counts_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("purchase_id", fields.UUIDField(null=True)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "booking",
                "app": "models",
                "indexes": [Index(fields=["member_id", "offered_at"])],
                "pk_attr": "id",
                "table_description": "A booking of a member. Its id follows from the member's idempotency key, and becomes the id of its purchase.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BookingEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("event_id", fields.CharField(unique=True, max_length=64)),
                ("kind", fields.CharField(max_length=64)),
                ("number", fields.CharField(null=True, max_length=64)),
                ("property_id", fields.CharField(null=True, max_length=32)),
                ("happened_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=16)),
                ("fault", fields.CharField(null=True, max_length=200)),
                ("tries", fields.SmallIntField(default=0)),
            ],
            options={
                "table": "booking_event",
                "app": "models",
                "pk_attr": "id",
                "table_description": "An event that the engine posted, as it came; `event_id` is its own, and the same event comes more than once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Hotel",
            fields=[
                ("property_id", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=32)),
                ("card", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("synced_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("mark", fields.TextField(null=True, unique=False)),
                ("looked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "hotel",
                "app": "models",
                "pk_attr": "property_id",
                "table_description": "A hotel as its engine told of it last, and how far its list of changed bookings was read.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="HotelPicture",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("source", fields.CharField(unique=True, max_length=500)),
                ("kind", fields.CharField(max_length=16)),
                ("body", fields.BinaryField()),
                ("fetched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "hotel_picture",
                "app": "models",
                "pk_attr": "id",
                "table_description": "A copy of a picture of a hotel: guests load nothing from the engine.",
            },
            bases=["Model"],
        ),
        ops.RunSQL(SQL, BACK),
    ]
