"""What became of calls of outside systems, added up by the hour, and what gateways said of their accounts."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class SystemCalls(Model):
    """An hour of calls of one outside system by every process. The newest failure is told; an answer ends `held_until`."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    system = fields.CharField(max_length=24)
    hour = fields.DatetimeField()
    answered = fields.IntField()
    failed = fields.IntField()
    answered_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)
    fault = fields.CharField(max_length=16, null=True)  # of services/status/contacts.py
    detail = fields.CharField(max_length=200, null=True)
    held_until = fields.DatetimeField(null=True)  # until then a process leaves the system alone

    class Meta:
        table = "system_calls"
        unique_together = (("system", "hour"),)


class GatewayAccount(Model):
    """A gateway's account as it was read last: kopecks, none where it cannot be read, and below which it rings."""

    gateway = fields.CharField(max_length=16, primary_key=True)
    balance = fields.BigIntField(null=True)
    alarm = fields.BigIntField()
    read_at = fields.DatetimeField()

    class Meta:
        table = "gateway_account"
