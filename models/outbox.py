"""What leaves after a commit: jobs for the worker, activity for the phones, answers for repeated calls, counters."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Job(Model):
    """A piece of work, written in the transaction that wants it and done by a worker at least once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    name = fields.CharField(max_length=64)
    payload = fields.JSONField[dict[str, object]]()
    dedupe_key = fields.CharField(max_length=128, null=True)
    status = fields.CharField(max_length=8, default="READY")  # READY | DONE | DEAD
    run_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)
    attempts = fields.SmallIntField(default=0)
    deaths = fields.SmallIntField(default=0)  # leases that ran out because their worker was gone
    error = fields.CharField(max_length=500, null=True)
    created_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "job"
        unique_together = (("name", "dedupe_key"),)


class CardActivity(Model):
    """What happened to a member's card, for the phone that listens."""

    id = fields.BigIntField(primary_key=True)
    member_id = fields.UUIDField()
    kind = fields.CharField(max_length=20)  # SCANNED | PURCHASE_POSTED | PURCHASE_REFUNDED
    purchase_id = fields.UUIDField(null=True)
    at = fields.DatetimeField()

    class Meta:
        table = "card_activity"
        indexes = (("member_id", "at"),)


class OnceAnswer(Model):
    """The stored answer of an idempotent command. `id` is a digest of caller, operation and key."""

    id = fields.UUIDField(primary_key=True)
    operation = fields.CharField(max_length=32)
    body_sha256 = fields.BinaryField()
    answer = fields.JSONField[dict[str, object]](null=True)
    created_at = fields.DatetimeField()

    class Meta:
        table = "once_answer"


class LimitCounter(Model):
    """Hits of one subject in its running window. `locked_until` holds a subject that failed too often."""

    key = fields.CharField(max_length=200, primary_key=True)
    hits = fields.IntField()
    window_ends_at = fields.DatetimeField()
    locked_until = fields.DatetimeField(null=True)

    class Meta:
        table = "limit_counter"
