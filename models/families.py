"""Families: who sits together, who was invited, and the pool they pay from. Whole points everywhere."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Family(Model):
    """Members who share. `available` and `held` are the pool, moved in the transaction that writes their entries."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    available = fields.BigIntField()
    held = fields.BigIntField()
    version = fields.BigIntField()
    booked_at = fields.DatetimeField(null=True)  # of the last entry: writing never goes back, though a clock may
    heir_id = fields.UUIDField(null=True)  # the member who was offered to be the head
    created_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "family"


class FamilySeat(Model):
    """A member's time in a family. A member sits in one at most, and a family has one head while it lasts."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    family_id = fields.UUIDField(db_index=True)
    member_id = fields.UUIDField(db_index=True)
    role = fields.CharField(max_length=8)  # HEAD | ADULT | CHILD
    shows_purchases = fields.BooleanField()
    joined_at = fields.DatetimeField()
    left_at = fields.DatetimeField(null=True)
    left_how = fields.CharField(max_length=12, null=True)  # LEFT | REMOVED | DISSOLVED

    class Meta:
        table = "family_seat"


class FamilyInvite(Model):
    """An open seat: a token that works once, until it ends or is revoked. Only its digest is kept."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    family_id = fields.UUIDField(db_index=True)
    invited_by = fields.UUIDField()
    role = fields.CharField(max_length=8)  # ADULT | CHILD
    token_sha256 = fields.BinaryField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_by = fields.UUIDField(null=True)
    revoked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "family_invite"
