"""Nightly runs: one a day of the programme, with a row for each step, so that whoever goes on knows where."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class NightlyRun(Model):
    """The run of one day. `trouble` says why it ended otherwise than it should."""

    day = fields.DateField(primary_key=True)  # in the programme's time zone
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)
    trouble = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "nightly_run"


class NightlyStep(Model):
    """One step of a run: how far it came, what it did, and how long it worked."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    day = fields.DateField()
    place = fields.SmallIntField()
    step = fields.CharField(max_length=32)
    cursor = fields.CharField(max_length=200, default="")  # what the step's next part begins after
    done = fields.BigIntField(default=0)
    parts = fields.IntField(default=0)
    millis = fields.BigIntField(default=0)  # of work, pauses not counted
    starts = fields.SmallIntField(default=0)  # since the last finished part
    trouble = fields.CharField(max_length=200, null=True)
    started_at = fields.DatetimeField()
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "nightly_step"
        unique_together = (("day", "step"),)
