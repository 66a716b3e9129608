"""Hotels whose rooms are booked in the cabinet, bookings of members, and what the booking engine told about them."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Hotel(Model):
    """A hotel as its engine told of it last, and how far its list of changed bookings was read."""

    property_id = fields.CharField(max_length=32, primary_key=True)
    card = fields.JSONField[dict[str, object]]()
    synced_at = fields.DatetimeField()
    mark = fields.TextField(null=True)
    looked_at = fields.DatetimeField(null=True)

    class Meta:
        table = "hotel"


class HotelPicture(Model):
    """A copy of a picture of a hotel: guests load nothing from the engine."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    source = fields.CharField(max_length=500, unique=True)
    kind = fields.CharField(max_length=16)  # image/png | image/jpeg | image/webp
    body = fields.BinaryField()
    fetched_at = fields.DatetimeField()

    class Meta:
        table = "hotel_picture"


class Booking(Model):
    """A booking of a member. Its id follows from the member's idempotency key, and becomes the id of its purchase.

    `price` is public, in kopecks, for all rooms together; `terms` holds the token that books, once; `payment_id` is money
    that we took before it was booked.
    """

    id = fields.UUIDField(primary_key=True)
    body_sha256 = fields.BinaryField()
    member_id = fields.UUIDField()
    partner = fields.CharField(max_length=64)
    property_id = fields.CharField(max_length=32)
    state = fields.CharField(max_length=20)
    arrival = fields.DateField()
    departure = fields.DateField()
    programme_version = fields.IntField()
    tier = fields.CharField(max_length=64)
    stays = fields.JSONField[list[dict[str, object]]]()
    terms = fields.JSONField[dict[str, object]]()
    corporate = fields.CharField(max_length=32, null=True)
    remarks = fields.JSONField[list[str]]()
    price = fields.BigIntField()
    discount = fields.BigIntField()
    tax = fields.BigIntField()
    asked_price = fields.BigIntField()
    way = fields.CharField(max_length=64, null=True)
    number = fields.CharField(max_length=64, null=True, unique=True)
    payment_url = fields.TextField(null=True)
    tries = fields.SmallIntField(default=0)
    sent_at = fields.DatetimeField(null=True)
    fault = fields.CharField(max_length=32, null=True)
    expected_penalty = fields.BigIntField(null=True)
    penalty = fields.BigIntField(null=True)
    offered_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    left_at = fields.DatetimeField(null=True)
    counts_at = fields.DatetimeField(null=True)
    purchase_id = fields.UUIDField(null=True)
    payment_id = fields.UUIDField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "booking"
        indexes = (("member_id", "offered_at"),)


class BookingEvent(Model):
    """An event that the engine posted, as it came; `event_id` is its own, and the same event comes more than once."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    event_id = fields.CharField(max_length=64, unique=True)
    kind = fields.CharField(max_length=64)
    number = fields.CharField(max_length=64, null=True)
    property_id = fields.CharField(max_length=32, null=True)
    happened_at = fields.DatetimeField(null=True)
    received_at = fields.DatetimeField()
    state = fields.CharField(max_length=16)  # NEW | DONE | ASIDE
    fault = fields.CharField(max_length=200, null=True)
    tries = fields.SmallIntField(default=0)

    class Meta:
        table = "booking_event"
