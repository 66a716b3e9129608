"""Receipts that wait until a bank confirms an instalment: what they would bring, and words of banks that came first."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Instalment(Model):
    """A receipt that counts and earns nothing before a bank confirms it. Sums in kopecks and points, as of the purchase."""

    purchase_id = fields.UUIDField(primary_key=True)
    member_id = fields.UUIDField()
    state = fields.CharField(max_length=12)  # of loyalty/instalments.py
    until = fields.DatetimeField()
    day = fields.DateField()  # the programme's day of the purchase; read by nobody since days are counted by `closed_at`, dropped a version later
    activates_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    counted_back = fields.BigIntField(default=0)  # returned before it counted
    points_back = fields.BigIntField(default=0)
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.UUIDField(null=True)  # the till that brought the bank's word

    class Meta:
        table = "instalment"


class InstalmentLine(Model):
    """What a line of such a receipt is worth once it counts; `points_back` was returned before."""

    line_id = fields.UUIDField(primary_key=True)
    purchase_id = fields.UUIDField(db_index=True)
    counts = fields.BooleanField()
    earned = fields.BigIntField()
    points_back = fields.BigIntField(default=0)

    class Meta:
        table = "instalment_line"


class InstalmentWord(Model):
    """A bank's word about a receipt that has not come yet."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    receipt_number = fields.CharField(max_length=64)
    business_date = fields.DateField()
    decision = fields.CharField(max_length=12)  # CONFIRMED | CANCELLED
    till_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "instalment_word"
        unique_together = (("outlet", "receipt_number", "business_date"),)
