"""Restaurants' point-of-sale systems: plugins that call, menu groups, orders with a guest, refunds that came early."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Plugin(Model):
    """A plugin on one terminal: what it last said about itself."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    till_id = fields.UUIDField()
    terminal = fields.CharField(max_length=64)
    version = fields.CharField(max_length=32)
    front_version = fields.CharField(max_length=32, null=True)
    queue = fields.IntField()
    skew_ms = fields.BigIntField()  # our clock minus its own
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "plugin"
        unique_together = (("till_id", "terminal"),)


class MenuGroup(Model):
    """A group of a restaurant's menu that came with an order."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    group_id = fields.CharField(max_length=64)
    name = fields.CharField(max_length=200)
    first_seen_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()

    class Meta:
        table = "menu_group"
        unique_together = (("outlet", "group_id"),)


class MenuService(Model):
    """From when on a menu group is which service; the empty group is the outlet's default. Rows are only added."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    group_id = fields.CharField(max_length=64)
    service = fields.CharField(max_length=64)
    since = fields.DatetimeField()

    class Meta:
        table = "menu_service"
        indexes = (("outlet", "group_id", "since"),)


class PosOrder(Model):
    """An order of a restaurant with its guest. Its id becomes the id of the purchase; `items` are there once it is posted.

    `recorded_as` is the purchase of an order that the cloud had told by another id before its till did.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    order_id = fields.UUIDField()
    till_id = fields.UUIDField()
    member_id = fields.UUIDField(db_index=True)
    card_id = fields.UUIDField()
    ticket_id = fields.UUIDField(null=True)
    bound_at = fields.DatetimeField()
    is_deferred = fields.BooleanField()
    quote_id = fields.UUIDField(null=True)
    reserved_at = fields.DatetimeField(null=True)
    cancelled_at = fields.DatetimeField(null=True)
    items = fields.JSONField[list[dict[str, object]]](null=True)
    recorded_as = fields.UUIDField(null=True)

    class Meta:
        table = "pos_order"
        unique_together = (("outlet", "order_id"),)


class PosRefund(Model):
    """A refund of an order. Without an outcome it waits for its order; the body is kept as it first came."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    outlet = fields.CharField(max_length=64)
    refund_id = fields.UUIDField()
    order_id = fields.UUIDField()
    till_id = fields.UUIDField()
    body = fields.JSONField[dict[str, object]]()
    received_at = fields.DatetimeField()
    outcome = fields.JSONField[dict[str, object]](null=True)

    class Meta:
        table = "pos_refund"
        unique_together = (("outlet", "refund_id"),)
        indexes = (("outlet", "order_id"),)


class DeferredScan(Model):
    """A code that was scanned without network and spent on one order afterwards: a step of a phone serves once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    credential_id = fields.UUIDField()
    step = fields.BigIntField()
    outlet = fields.CharField(max_length=64)
    order_id = fields.UUIDField()
    at = fields.DatetimeField()

    class Meta:
        table = "deferred_scan"
        unique_together = (("credential_id", "step"),)
