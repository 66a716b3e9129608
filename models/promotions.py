"""Campaigns as they were used: what a receipt was given, what of a budget and of a guest's uses is gone, and promo codes."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class DiscountApplication(Model):
    """What one source gave on one line: kopecks off and gift points. For a line with any, the amounts sum to its discount."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    purchase_id = fields.UUIDField(db_index=True)
    line_id = fields.UUIDField()
    source = fields.CharField(max_length=8)  # TIER | CAMPAIGN | COUPON
    campaign = fields.CharField(max_length=64, null=True)
    coupon_id = fields.UUIDField(null=True)
    programme_version = fields.IntField()
    amount = fields.BigIntField()
    points = fields.BigIntField()
    refunded_amount = fields.BigIntField(default=0)
    refunded_points = fields.BigIntField(default=0)
    is_counted = fields.BooleanField()  # whether the campaign's budget and uses were moved by it
    gives_back = fields.BooleanField()  # whether a return moves them back
    returned_at = fields.DatetimeField(null=True)  # when all of the line was back

    class Meta:
        table = "discount_application"


class PurchasePromotion(Model):
    """What came of every campaign that was tried for a receipt, as it was told at the till."""

    purchase_id = fields.UUIDField(primary_key=True)
    outcomes = fields.JSONField[list[dict[str, object]]]()

    class Meta:
        table = "purchase_promotion"


class CampaignBudget(Model):
    """What a campaign with a bound has given, in all versions together. Kopecks, points, receipts."""

    campaign = fields.CharField(primary_key=True, max_length=64)
    discount = fields.BigIntField()
    points = fields.BigIntField()
    uses = fields.BigIntField()

    class Meta:
        table = "campaign_budget"


class CampaignTotal(Model):
    """What a campaign gave on all receipts up to its last adding up, less what came back. Receipts, kopecks, points."""

    campaign = fields.CharField(primary_key=True, max_length=64)
    receipts = fields.BigIntField()
    discount = fields.BigIntField()
    points = fields.BigIntField()

    class Meta:
        table = "campaign_total"


class CampaignChange(Model):
    """What a receipt or a return changed of it since, waiting to be added up. A trigger of `discount_application` writes it."""

    id = fields.BigIntField(primary_key=True)
    campaign = fields.CharField(max_length=64)
    receipts = fields.BigIntField()
    discount = fields.BigIntField()
    points = fields.BigIntField()

    class Meta:
        table = "campaign_change"


class CampaignUse(Model):
    """How many receipts of one member a counted campaign took part in."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    campaign = fields.CharField(max_length=64)
    member_id = fields.UUIDField()
    uses = fields.BigIntField()

    class Meta:
        table = "campaign_use"
        unique_together = (("member_id", "campaign"),)


class CampaignHold(Model):
    """What an order of a restaurant is promised of a counted campaign. It stands in the counters until it is closed or freed."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    order_id = fields.UUIDField()
    member_id = fields.UUIDField()
    campaign = fields.CharField(max_length=64)
    discount = fields.BigIntField()
    points = fields.BigIntField()
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "campaign_hold"
        unique_together = (("order_id", "campaign"),)


class CouponBatch(Model):
    """Promo codes that were made together. The codes themselves leave once, in the file of their making."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    campaign = fields.CharField(max_length=64)
    label = fields.CharField(max_length=100)
    codes = fields.IntField()
    uses = fields.IntField()  # of each code
    ends_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    cancelled_at = fields.DatetimeField(null=True)

    class Meta:
        table = "coupon_batch"


class Coupon(Model):
    """One promo code, known by a keyed digest alone. With a holder it serves that member only."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    batch_id = fields.UUIDField(db_index=True)
    digest = fields.BinaryField()
    holder_id = fields.UUIDField(null=True)
    uses_left = fields.IntField()

    class Meta:
        table = "coupon"


class CampaignBacktest(Model):
    """A back-test that the staff asked for: how far it is, and what it found. `heard_at` is its last sign of life."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    campaign = fields.CharField(max_length=64)
    since = fields.DateField()  # business dates, both inclusive
    until = fields.DateField()
    with_codes = fields.BooleanField()
    programme_version = fields.IntField()
    asked_by = fields.UUIDField(null=True)
    asked_at = fields.DatetimeField()
    heard_at = fields.DatetimeField()
    done = fields.IntField()
    total = fields.IntField(null=True)  # null until it has begun
    result = fields.JSONField[dict[str, object]](null=True)
    fault = fields.CharField(max_length=8, null=True)  # FAILED | GONE
    finished_at = fields.DatetimeField(null=True)

    class Meta:
        table = "campaign_backtest"
