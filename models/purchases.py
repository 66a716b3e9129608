"""Quotes, purchases and refunds. Money is in kopecks, quantities in thousandths, rates in basis points."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Quote(Model):
    """A priced basket: what a till was promised, by which version and tier."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    till_id = fields.UUIDField()
    ticket_id = fields.UUIDField()
    member_id = fields.UUIDField()
    card_id = fields.UUIDField()
    channel = fields.CharField(max_length=16)
    programme_version = fields.IntField()
    tier = fields.CharField(max_length=64)
    gross = fields.BigIntField()
    discount = fields.BigIntField()
    net = fields.BigIntField()
    lines = fields.JSONField[list[dict[str, object]]]()
    # Where campaigns were tried: what came of them, and the promo codes that were given. Null where none was.
    promotions = fields.JSONField[dict[str, object]](null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    purchase_id = fields.UUIDField(null=True)

    class Meta:
        table = "quote"


class Purchase(Model):
    """A receipt, priced once and kept. Refunds only raise the `refunded_*` columns."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField()
    card_id = fields.UUIDField()
    till_id = fields.UUIDField()
    partner = fields.CharField(max_length=64)
    outlet = fields.CharField(max_length=64)
    channel = fields.CharField(max_length=16)
    receipt_number = fields.CharField(max_length=64)
    business_date = fields.DateField()
    closed_at = fields.DatetimeField()
    posted_at = fields.DatetimeField()
    programme_version = fields.IntField()
    tier = fields.CharField(max_length=64)
    gross = fields.BigIntField()
    discount = fields.BigIntField()
    net = fields.BigIntField()
    accumulated = fields.BigIntField()
    refunded_net = fields.BigIntField(default=0)
    refunded_discount = fields.BigIntField(default=0)
    refunded_accumulated = fields.BigIntField(default=0)
    cashier = fields.CharField(max_length=40, null=True)  # the till's own sign of who stood there

    class Meta:
        table = "purchase"
        unique_together = (("outlet", "receipt_number", "business_date"),)


class PurchaseLine(Model):
    """One line of a receipt. `refund_measure` is fixed by its first refund; `refunded_part` is cumulative in it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purchase_id = fields.UUIDField(db_index=True)
    position = fields.SmallIntField()
    service = fields.CharField(max_length=64)
    name = fields.CharField(max_length=200)
    quantity = fields.BigIntField()
    gross = fields.BigIntField()
    discount = fields.BigIntField()
    net = fields.BigIntField()
    accumulates = fields.BooleanField()
    basis_points = fields.IntField()
    reasons = fields.JSONField[list[dict[str, object]]]()
    refund_measure = fields.CharField(max_length=8, null=True)  # QUANTITY | NET
    refunded_part = fields.BigIntField(default=0)
    refunded_net = fields.BigIntField(default=0)
    refunded_discount = fields.BigIntField(default=0)
    # Kopecks paid with points, the points that took, and the points earned; null where points had no part.
    points_paid = fields.BigIntField(null=True)
    points_spent = fields.BigIntField(null=True)
    points_earned = fields.BigIntField(null=True)
    refunded_points_paid = fields.BigIntField(null=True)
    refunded_points_spent = fields.BigIntField(null=True)
    refunded_points_earned = fields.BigIntField(null=True)

    class Meta:
        table = "purchase_line"


class Tender(Model):
    """How a part of a receipt was paid."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purchase_id = fields.UUIDField(db_index=True)
    kind = fields.CharField(max_length=16)
    amount = fields.BigIntField()

    class Meta:
        table = "tender"


class Refund(Model):
    """A return of all or a part of a receipt."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purchase_id = fields.UUIDField(db_index=True)
    till_id = fields.UUIDField()
    outlet = fields.CharField(max_length=64)
    number = fields.CharField(max_length=64)
    business_date = fields.DateField()
    at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    net = fields.BigIntField()
    discount = fields.BigIntField()
    accumulated = fields.BigIntField()
    cashier = fields.CharField(max_length=40, null=True)  # of the return, who need not be that of the sale

    class Meta:
        table = "refund"
        unique_together = (("outlet", "business_date", "number"),)


class RefundLine(Model):
    """What a refund returned of one line: the part in the line's measure, and the sums it reversed."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    refund_id = fields.UUIDField(db_index=True)
    line_id = fields.UUIDField(db_index=True)
    part = fields.BigIntField()
    net = fields.BigIntField()
    discount = fields.BigIntField()
    points_paid = fields.BigIntField(null=True)
    points_spent = fields.BigIntField(null=True)
    points_earned = fields.BigIntField(null=True)

    class Meta:
        table = "refund_line"
