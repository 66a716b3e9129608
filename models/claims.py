"""Receipts that guests claim afterwards, and receipts that restaurants closed without a guest."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class GuestlessReceipt(Model):
    """An order that was closed without a guest: nobody's, until somebody claims it. Nothing in it names a person."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    order_id = fields.UUIDField()
    till_id = fields.UUIDField()
    receipt_number = fields.CharField(max_length=64)
    business_date = fields.DateField()
    closed_at = fields.DatetimeField()
    net = fields.BigIntField()  # kopecks
    body = fields.JSONField[dict[str, object]]()  # its lines and payments as they were sent
    received_at = fields.DatetimeField()
    claim_id = fields.UUIDField(null=True)

    class Meta:
        table = "guestless_receipt"
        unique_together = (("outlet", "order_id"),)


class PurchaseClaim(Model):
    """A receipt that a guest says is theirs: OPEN, MATCHED, then CREDITED, REJECTED or EXPIRED."""

    id = fields.UUIDField(primary_key=True)  # follows from the member's key of repetition
    body_sha256 = fields.BinaryField()
    member_id = fields.UUIDField()
    partner = fields.CharField(max_length=64)
    outlet = fields.CharField(max_length=64)
    receipt_number = fields.CharField(max_length=64)
    business_date = fields.DateField()
    closed_at = fields.DatetimeField()
    net = fields.BigIntField()  # kopecks
    fiscal_drive = fields.CharField(max_length=16, null=True)
    fiscal_document = fields.BigIntField(null=True)
    fiscal_sign = fields.BigIntField(null=True)
    status = fields.CharField(max_length=16)
    service = fields.CharField(max_length=64, null=True)  # what the staff say it was sold as
    reason = fields.CharField(
        max_length=500, null=True
    )  # why it was refused: a key of the catalogue, or the staff's words
    created_at = fields.DatetimeField()
    decided_at = fields.DatetimeField(null=True)
    decided_by = fields.UUIDField(null=True)
    purchase_id = fields.UUIDField(null=True)

    class Meta:
        table = "purchase_claim"
        indexes = (("member_id", "created_at"), ("status", "created_at"))
