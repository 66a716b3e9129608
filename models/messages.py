"""Messages to members, the attempts to deliver them, what gateways reported, and the codes that some of them carry."""

from tortoise import fields
from tortoise.contrib.postgres.fields import ArrayField
from tortoise.models import Model

from models.ids import uuid7


class Message(Model):
    """One message with its cascade. A code's text is not kept: it is derived when it is written."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    cause = fields.CharField(max_length=12)  # CODE | SERVICE | MARKETING
    code_id = fields.UUIDField(null=True)
    subject = fields.CharField(max_length=200, null=True)
    text = fields.TextField(null=True)
    channels = ArrayField("text")  # the cascade, in its order
    wait_seconds = fields.IntField()  # how long a channel may stay silent before the next has its turn
    dedupe_key = fields.CharField(max_length=128, null=True, unique=True)
    by_day = fields.BooleanField(default=False)  # only between 10 and 20 o'clock where its reader lives
    state = fields.CharField(max_length=12)  # of loyalty/messages.py
    reason = fields.CharField(max_length=24, null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "message"


class DeliveryAttempt(Model):
    """A message given to one gateway for one step of its cascade. `cost` in kopecks, as the gateway said it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    message_id = fields.UUIDField(db_index=True)
    step = fields.SmallIntField()
    channel = fields.CharField(max_length=8)  # VIBER | SMS | EMAIL
    gateway = fields.CharField(max_length=16)
    address = fields.CharField(max_length=254)
    fate = fields.CharField(max_length=12)  # of loyalty/messages.py
    provider_id = fields.CharField(max_length=64, null=True)
    told = fields.CharField(max_length=200, default="")
    segments = fields.SmallIntField(null=True)
    cost = fields.BigIntField(null=True)
    expected = fields.BigIntField(null=True)  # kopecks by the tariff of the settings, before it was handed over
    handed_at = fields.DatetimeField()
    held_until = fields.DatetimeField()  # until then whoever hands it over is given time for the answer
    deadline_at = fields.DatetimeField(null=True)
    changed_at = fields.DatetimeField()

    class Meta:
        table = "delivery_attempt"
        unique_together = (("message_id", "step", "gateway"),)


class DeliveryReport(Model):
    """A body that a gateway posted to us, kept before anybody looks into it. The same body again only counts."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    gateway = fields.CharField(max_length=16)
    body = fields.BinaryField()
    body_sha256 = fields.BinaryField()
    content_type = fields.CharField(max_length=100)
    state = fields.CharField(max_length=12)  # NEW | DONE | QUARANTINED
    fault = fields.CharField(max_length=200, null=True)
    times = fields.IntField(default=1)
    received_at = fields.DatetimeField()
    handled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "delivery_report"


class StoppedAddress(Model):
    """An address that gets no adverts, or nothing at all, by a channel. It is asked before every hand-over."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    channel = fields.CharField(max_length=8)
    address = fields.CharField(max_length=254)
    scope = fields.CharField(max_length=12)  # MARKETING | ALL
    source = fields.CharField(max_length=100)
    at = fields.DatetimeField()

    class Meta:
        table = "stopped_address"
        unique_together = (("channel", "address"),)


class ChannelPreference(Model):
    """What a member wants by a channel. Without a row: everything that his consents allow."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField()
    channel = fields.CharField(max_length=8)
    service = fields.BooleanField()
    marketing = fields.BooleanField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "channel_preference"
        unique_together = (("member_id", "channel"),)


class OneTimeCode(Model):
    """Six digits for one purpose and one request, keyed-hashed. `member_id` null: asked for by nobody we know."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purpose = fields.CharField(max_length=12)  # SIGN_IN | BIND_PHONE | JOIN | CHANGE | CHANGE_EMAIL
    member_id = fields.UUIDField(null=True)
    address = fields.CharField(max_length=254, null=True)  # the phone or e-mail that a code is to prove
    request_sha256 = fields.BinaryField()
    bound_sha256 = fields.BinaryField()
    code_sha256 = fields.BinaryField()
    tries_left = fields.SmallIntField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "one_time_code"
