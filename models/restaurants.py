"""Restaurants that a cloud tells of: their places and menus, the inbox of its events, orders as told, and what was compared."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Restaurant(Model):
    """A restaurant as its cloud names it, how far its changes were read, and which discount type is ours."""

    id = fields.UUIDField(primary_key=True)
    name = fields.CharField(max_length=200)
    tables = fields.JSONField[list[str]]()
    discount_id = fields.UUIDField(null=True)
    mark = fields.BigIntField(null=True)
    looked_at = fields.DatetimeField(null=True)
    synced_at = fields.DatetimeField()
    trouble = fields.CharField(max_length=200, null=True)

    class Meta:
        table = "restaurant"


class RestaurantPlace(Model):
    """A group of terminals. Once an outlet of ours is named, orders closed from then on are its purchases."""

    id = fields.UUIDField(primary_key=True)
    restaurant_id = fields.UUIDField(db_index=True)
    name = fields.CharField(max_length=200)
    outlet = fields.CharField(max_length=64, null=True)
    linked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "restaurant_place"


class RestaurantDish(Model):
    """A product of a restaurant's menu with its group, by which a cloud's order is sorted into services."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    restaurant_id = fields.UUIDField()
    dish_id = fields.UUIDField()
    code = fields.CharField(max_length=64, null=True)
    name = fields.CharField(max_length=200)
    group_id = fields.CharField(max_length=64)
    group_name = fields.CharField(max_length=200)

    class Meta:
        table = "restaurant_dish"
        unique_together = (("restaurant_id", "dish_id"),)


class RestaurantEvent(Model):
    """An event that the cloud posted: what it points at, and never what it says. The same event again only counts."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    key = fields.CharField(max_length=64, unique=True)
    what = fields.CharField(max_length=64)
    restaurant_id = fields.UUIDField(null=True)
    kind = fields.CharField(max_length=8, null=True)  # TABLE | DELIVERY
    order_id = fields.UUIDField(null=True)
    times = fields.IntField(default=1)
    received_at = fields.DatetimeField()
    state = fields.CharField(max_length=8)  # NEW | DONE | ASIDE
    fault = fields.CharField(max_length=200, null=True)
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        table = "restaurant_event"


class RestaurantOrder(Model):
    """An ended order as the cloud told it last. `order_id` is its id at the till where it has one.

    `body` holds what a purchase is made of, and is forgotten once that is done.
    """

    id = fields.UUIDField(primary_key=True)
    restaurant_id = fields.UUIDField()
    outlet = fields.CharField(max_length=64)
    order_id = fields.UUIDField()
    kind = fields.CharField(max_length=8)  # TABLE | DELIVERY
    ending = fields.CharField(max_length=8)  # CLOSED | GONE
    stamp = fields.BigIntField()
    number = fields.CharField(max_length=64)
    closed_at = fields.DatetimeField(null=True)
    net = fields.BigIntField()
    state = fields.CharField(max_length=8)  # NEW | POSTED | TOLD | NOBODYS | GONE | ASIDE
    fault = fields.CharField(max_length=200, null=True)
    purchase_id = fields.UUIDField(null=True)
    body = fields.JSONField[dict[str, object]](null=True)
    told_at = fields.DatetimeField()
    leased_until = fields.DatetimeField(null=True)

    class Meta:
        table = "restaurant_order"
        indexes = (("outlet", "order_id"),)


class RestaurantGuest(Model):
    """A member as the cloud was told of them last; its own id of them is a member's identity."""

    member_id = fields.UUIDField(primary_key=True)
    told_sha256 = fields.BinaryField()
    told_at = fields.DatetimeField()

    class Meta:
        table = "restaurant_guest"


class RestaurantCheck(Model):
    """A day of a restaurant as it was compared last: orders of members and kopecks, theirs and ours."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    restaurant_id = fields.UUIDField()
    day = fields.DateField()
    theirs = fields.IntField()
    theirs_net = fields.BigIntField()
    ours = fields.IntField()
    ours_net = fields.BigIntField()
    mended = fields.IntField()
    checked_at = fields.DatetimeField()

    class Meta:
        table = "restaurant_check"
        unique_together = (("restaurant_id", "day"),)


class RestaurantDifference(Model):
    """An order on which the cloud and our books differ, until a later comparison finds them alike."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    restaurant_id = fields.UUIDField()
    day = fields.DateField()
    order_id = fields.UUIDField()
    what = fields.CharField(max_length=16)  # MISSING_HERE | MISSING_THERE | SUM_DIFFERS | GONE_THERE
    theirs = fields.BigIntField(null=True)
    ours = fields.BigIntField(null=True)
    reason = fields.CharField(max_length=200, null=True)
    found_at = fields.DatetimeField()
    settled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "restaurant_difference"
        unique_together = (("restaurant_id", "order_id"),)
