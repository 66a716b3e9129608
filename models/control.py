"""What looked like fraud, what was decided about it, and how far the facts have been looked through."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class FraudSignal(Model):
    """Facts that somebody should look at. `key` names what was found, so that looking twice finds it once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharField(max_length=24)  # loyalty.control.SignalKind
    key = fields.CharField(max_length=200, unique=True)
    member_id = fields.UUIDField(null=True)
    card_id = fields.UUIDField(null=True)
    till_id = fields.UUIDField(null=True)
    partner = fields.CharField(max_length=64, null=True)
    outlet = fields.CharField(max_length=64, null=True)
    at = fields.DatetimeField()
    found_at = fields.DatetimeField()
    facts = fields.JSONField[object]()
    state = fields.CharField(max_length=12)  # OPEN | DISMISSED | CARD_BLOCKED | UNBLOCKED
    decided_at = fields.DatetimeField(null=True)

    class Meta:
        table = "fraud_signal"


class SignalNote(Model):
    """What somebody of the staff wrote or decided about a signal."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    signal_id = fields.UUIDField(db_index=True)
    decision = fields.CharField(max_length=12)  # NOTE | DISMISS | BLOCK_CARD
    note = fields.CharField(max_length=500)
    author = fields.CharField(max_length=254)
    at = fields.DatetimeField()

    class Meta:
        table = "signal_note"


class ControlProgress(Model):
    """Until when the facts have been looked through for one kind of signal."""

    kind = fields.CharField(max_length=120, primary_key=True)
    until = fields.DatetimeField()

    class Meta:
        table = "control_progress"
