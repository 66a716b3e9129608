"""Payments that an acquirer takes for something of ours, what is given back of them, and what the acquirer posted."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Payment(Model):
    """A payment of a member for one thing: a booking, an order. Its id is the acquirer's key of idempotence.

    Sums are kopecks; `refunded` is given back or on the way. `contact` gets the receipt, where one is sent.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    subject_kind = fields.CharField(max_length=32)
    subject_id = fields.UUIDField()
    member_id = fields.UUIDField()
    amount = fields.BigIntField()
    refunded = fields.BigIntField(default=0)
    description = fields.CharField(max_length=128)
    return_path = fields.CharField(max_length=200)
    lines = fields.JSONField[list[dict[str, object]]]()
    contact = fields.CharField(max_length=254, null=True)
    state = fields.CharField(max_length=16)
    provider_id = fields.CharField(max_length=64, null=True, unique=True)
    confirmation_url = fields.TextField(null=True)
    reason = fields.CharField(max_length=64, null=True)
    tries = fields.SmallIntField(default=0)
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "payment"
        indexes = (("subject_kind", "subject_id"), ("member_id", "opened_at"))


class PaymentRefund(Model):
    """Money of a payment that goes back. Its id follows from the payment and a key, and is the key of idempotence.

    Until somebody has it asked for anew: `key` is the one of the last time.
    """

    id = fields.UUIDField(primary_key=True)
    key = fields.UUIDField(null=True)
    payment_id = fields.UUIDField(db_index=True)
    amount = fields.BigIntField()
    reason = fields.CharField(max_length=32)
    state = fields.CharField(max_length=16)
    provider_id = fields.CharField(max_length=64, null=True, unique=True)
    fault = fields.CharField(max_length=64, null=True)
    tries = fields.SmallIntField(default=0)
    asked_at = fields.DatetimeField()
    first_sent_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "payment_refund"


class PaymentEvent(Model):
    """That something happened to an object of the acquirer's. Told again it waits again: the first may have been a lie."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event = fields.CharField(max_length=64)
    object_id = fields.CharField(max_length=64)
    received_at = fields.DatetimeField()
    state = fields.CharField(max_length=16)  # NEW | DONE | ASIDE
    fault = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "payment_event"
        unique_together = (("event", "object_id"),)
