"""Outgoing webhooks: where partners listen, what they are told, and every attempt to tell it."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.indexes import Index
from tortoise.models import Model

from models.ids import uuid7


class WebhookEndpoint(Model):
    """An address of a partner. Its secrets are sealed; `drained_until` is held by the one worker that delivers to it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    partner = fields.CharField(max_length=64)
    url = fields.CharField(max_length=500)
    events = ArrayField(element_type="text")
    sealed = fields.BinaryField()
    former_sealed = fields.BinaryField(null=True)
    former_until = fields.DatetimeField(null=True)
    status = fields.CharField(max_length=8)  # ACTIVE | DISABLED | ENDED
    reason = fields.CharField(max_length=8, null=True)  # why it is disabled: STAFF | FAILING | GONE
    failures = fields.IntField(default=0)
    failing_since = fields.DatetimeField(null=True)
    paused_until = fields.DatetimeField(null=True)
    drained_until = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    created_by = fields.UUIDField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "webhook_endpoint"


class WebhookEvent(Model):
    """Something a partner is told of. The body is written once, by the worker, and is the same in every attempt."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    partner = fields.CharField(max_length=64)
    kind = fields.CharField(max_length=32)
    subject_id = fields.UUIDField()
    at = fields.DatetimeField()
    body = fields.TextField(null=True)

    class Meta:
        table = "webhook_event"
        indexes = (Index(fields=["partner", "at"]),)


class WebhookDelivery(Model):
    """An event on its way to one address."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event_id = fields.UUIDField()
    endpoint_id = fields.UUIDField()
    status = fields.CharField(max_length=12)  # PENDING | DELIVERED | FAILED
    tries = fields.SmallIntField(default=0)
    next_at = fields.DatetimeField(null=True)
    delivered_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "webhook_delivery"
        unique_together = (("endpoint_id", "event_id"),)


class WebhookAttempt(Model):
    """One request and what came of it: a status, or why there is none."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    delivery_id = fields.UUIDField(db_index=True)
    at = fields.DatetimeField()
    millis = fields.IntField()
    status = fields.SmallIntField(null=True)
    fault = fields.CharField(max_length=24, null=True)
    answer = fields.CharField(max_length=200)

    class Meta:
        table = "webhook_attempt"
