"""Orders of the programme's shop, the vouchers they become, and what goes back of them."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class ShopOrder(Model):
    """An order of one item. Its id follows from the member's idempotency key, and becomes the id of its purchase.

    Sums are kopecks of all pieces together; `valid_until` is the last day, known once it is paid.
    """

    id = fields.UUIDField(primary_key=True)
    body_sha256 = fields.BinaryField()
    member_id = fields.UUIDField()
    partner = fields.CharField(max_length=64)
    outlet = fields.CharField(max_length=64)
    item = fields.CharField(max_length=64)
    state = fields.CharField(max_length=16)  # OFFERED | PAID | ISSUED | CANCELLED
    quantity = fields.SmallIntField()
    programme_version = fields.IntField()
    tier = fields.CharField(max_length=64)
    price = fields.BigIntField()
    discount = fields.BigIntField()
    number = fields.CharField(max_length=16)
    fault = fields.CharField(max_length=16, null=True)
    ordered_at = fields.DatetimeField()
    paid_at = fields.DatetimeField(null=True)
    valid_until = fields.DateField(null=True)
    purchase_id = fields.UUIDField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "shop_order"
        indexes = (("member_id", "ordered_at"),)


class ShopReturn(Model):
    """Vouchers that go back together: first the books, then the money, each once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    order_id = fields.UUIDField()
    state = fields.CharField(max_length=16)  # ASKED | SENT | PAID | STUCK
    net = fields.BigIntField()
    payment_refund_id = fields.UUIDField(null=True)
    asked_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "shop_return"


class ShopVoucher(Model):
    """One piece of an order, and its line of the purchase. The code is kept as a digest, and sealed for its owner."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    order_id = fields.UUIDField()
    position = fields.SmallIntField()
    line_id = fields.UUIDField()
    code_sha256 = fields.BinaryField()
    sealed = fields.BinaryField()
    state = fields.CharField(max_length=16)  # ISSUED | USED | RETURNED
    net = fields.BigIntField()
    ends_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)
    used_till_id = fields.UUIDField(null=True)
    return_id = fields.UUIDField(null=True)
    issued_at = fields.DatetimeField()

    class Meta:
        table = "shop_voucher"
