"""Payments by an acquirer, their refunds and what it posted; bookings that are paid to us; and what they promise."""

from uuid import uuid4

from orjson import loads
from tortoise import fields, migrations
from tortoise.fields.data import JSON_DUMPS
from tortoise.indexes import Index
from tortoise.migrations import operations as ops

from models.ids import uuid7

SQL = """
ALTER TABLE payment ADD CONSTRAINT payment_member FOREIGN KEY (member_id) REFERENCES member (id) ON DELETE RESTRICT;
ALTER TABLE payment ADD CONSTRAINT payment_state CHECK (state IN ('OPENING', 'PENDING', 'SUCCEEDED', 'CANCELED', 'EXPIRED',
    'FAILED'));
ALTER TABLE payment ADD CONSTRAINT payment_least CHECK (amount >= 100);
-- No more goes back than was taken, and only of what was taken.
ALTER TABLE payment ADD CONSTRAINT payment_refunds CHECK (refunded BETWEEN 0 AND amount
    AND (refunded = 0 OR state = 'SUCCEEDED'));
ALTER TABLE payment ADD CONSTRAINT payment_known CHECK (provider_id IS NOT NULL OR state IN ('OPENING', 'FAILED', 'EXPIRED'));
ALTER TABLE payment ADD CONSTRAINT payment_paid CHECK ((state = 'SUCCEEDED') = (paid_at IS NOT NULL));
ALTER TABLE payment_refund ADD CONSTRAINT payment_refund_payment FOREIGN KEY (payment_id) REFERENCES payment (id)
    ON DELETE RESTRICT;
ALTER TABLE payment_refund ADD CONSTRAINT payment_refund_state CHECK (state IN ('ASKING', 'PENDING', 'SUCCEEDED',
    'CANCELED'));
ALTER TABLE payment_refund ADD CONSTRAINT payment_refund_amount CHECK (amount > 0);
ALTER TABLE payment_event ADD CONSTRAINT payment_event_state CHECK (state IN ('NEW', 'DONE', 'ASIDE'));
-- One thing is paid for once at a time.
CREATE UNIQUE INDEX payment_open ON payment (subject_kind, subject_id) WHERE state IN ('OPENING', 'PENDING');
CREATE INDEX payment_unfinished ON payment (changed_at) WHERE state IN ('OPENING', 'PENDING', 'EXPIRED');
CREATE INDEX payment_refund_unfinished ON payment_refund (changed_at) WHERE state IN ('ASKING', 'PENDING');
CREATE INDEX payment_event_new ON payment_event (id) WHERE state = 'NEW';
ALTER TABLE booking ADD CONSTRAINT booking_payment FOREIGN KEY (payment_id) REFERENCES payment (id) ON DELETE RESTRICT;
ALTER TABLE booking DROP CONSTRAINT booking_number;
-- What is booked has a number; what is paid to us gets it after the payment.
ALTER TABLE booking ADD CONSTRAINT booking_number CHECK (number IS NOT NULL OR state IN ('OFFERED', 'CREATING', 'FAILED')
    OR (state = 'AWAITING_PAYMENT' AND payment_id IS NOT NULL));
"""

BACK = """
ALTER TABLE booking DROP CONSTRAINT booking_number;
ALTER TABLE booking ADD CONSTRAINT booking_number CHECK (number IS NOT NULL
    OR state IN ('OFFERED', 'CREATING', 'FAILED'));
ALTER TABLE booking DROP CONSTRAINT booking_payment;
DROP INDEX payment_event_new, payment_refund_unfinished, payment_unfinished, payment_open;
"""


class Migration(migrations.Migration):
    dependencies = [("models", "0036_instalment_room")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Payment",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("subject_kind", fields.CharField(max_length=32)),
                ("subject_id", fields.UUIDField()),
                ("member_id", fields.UUIDField()),
                ("amount", fields.BigIntField()),
                ("refunded", fields.BigIntField(default=0)),
                ("description", fields.CharField(max_length=128)),
                ("return_path", fields.CharField(max_length=200)),
                ("lines", fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ("contact", fields.CharField(null=True, max_length=254)),
                ("state", fields.CharField(max_length=16)),
                ("provider_id", fields.CharField(null=True, unique=True, max_length=64)),
                ("confirmation_url", fields.TextField(null=True, unique=False)),
                ("reason", fields.CharField(null=True, max_length=64)),
                ("tries", fields.SmallIntField(default=0)),
                ("opened_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("expires_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("paid_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "payment",
                "app": "models",
                "indexes": [Index(fields=["subject_kind", "subject_id"]), Index(fields=["member_id", "opened_at"])],
                "pk_attr": "id",
                "table_description": "A payment of a member for one thing: a booking, an order. Its id is the acquirer's key of idempotence.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaymentEvent",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid7, unique=True, db_index=True)),
                ("event", fields.CharField(max_length=64)),
                ("object_id", fields.CharField(max_length=64)),
                ("received_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("state", fields.CharField(max_length=16)),
                ("fault", fields.CharField(null=True, max_length=200)),
            ],
            options={
                "table": "payment_event",
                "app": "models",
                "unique_together": (("event", "object_id"),),
                "pk_attr": "id",
                "table_description": "That something happened to an object of the acquirer's. Told again it waits again: the first may have been a lie.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="PaymentRefund",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("payment_id", fields.UUIDField(db_index=True)),
                ("amount", fields.BigIntField()),
                ("reason", fields.CharField(max_length=32)),
                ("state", fields.CharField(max_length=16)),
                ("provider_id", fields.CharField(null=True, unique=True, max_length=64)),
                ("fault", fields.CharField(null=True, max_length=64)),
                ("tries", fields.SmallIntField(default=0)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("first_sent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "payment_refund",
                "app": "models",
                "pk_attr": "id",
                "table_description": "Money of a payment that goes back. Its id follows from the payment and a key, and is the key of idempotence.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Booking",
            name="payment_id",
            field=fields.UUIDField(null=True),
        ),
        ops.RunSQL(SQL, BACK),
    ]
