"""What makes a database a sandbox: its clock, and the messages that a real one would have sent. Empty everywhere else."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class SandboxClock(Model):
    """The one row that says that this is a sandbox, and what time it is there."""

    id = fields.SmallIntField(primary_key=True, generated=False)
    ahead_millis = fields.BigIntField()  # of the real clock
    played_to = fields.DatetimeField()  # everything due by then is done
    target = fields.DatetimeField(null=True)  # where an advance is going that has not arrived
    made_at = fields.DatetimeField()

    class Meta:
        table = "sandbox_clock"


class SandboxMessage(Model):
    """A letter or a text that stayed here."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    channel = fields.CharField(max_length=8)  # VIBER | SMS | EMAIL
    address = fields.CharField(max_length=254)
    subject = fields.TextField()
    text = fields.TextField()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "sandbox_message"
