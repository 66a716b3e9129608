"""Cards, the credentials behind their rotating codes, and the tickets a scan is exchanged for."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Card(Model):
    """A card of a member. Its number is printed and shown, and never identifies anybody."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    number = fields.CharField(max_length=32)
    kind = fields.CharField(max_length=8)  # VIRTUAL | PLASTIC | ARCHIVE
    status = fields.CharField(max_length=8)  # ACTIVE | BLOCKED | REPLACED | ARCHIVED
    issued_at = fields.DatetimeField()
    replaced_by = fields.UUIDField(null=True)

    class Meta:
        table = "card"


class QrCredential(Model):
    """The root secret of one device's rotating code, sealed; `last_step` only ever rises."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    card_id = fields.UUIDField()
    session_id = fields.UUIDField(null=True)
    device = fields.CharField(max_length=64)
    handle = fields.CharField(max_length=12, unique=True)
    sealed = fields.BinaryField()
    state = fields.CharField(max_length=8)  # ACTIVE | BLOCKED | REVOKED
    last_step = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()
    keys_issued_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "qr_credential"


class ScanTicket(Model):
    """What an accepted scan gives a till: ten minutes with one member."""

    id = fields.UUIDField(primary_key=True)
    till_id = fields.UUIDField()
    scan_id = fields.UUIDField()
    member_id = fields.UUIDField(db_index=True)
    card_id = fields.UUIDField()
    credential_id = fields.UUIDField(null=True)  # of the phone that showed the code; none where a number was told
    by_phone = fields.BooleanField(db_default=False)  # told a number, showed no code: earns and never spends
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()

    class Meta:
        table = "scan_ticket"
        unique_together = (("till_id", "scan_id"),)
