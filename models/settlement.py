"""Settlement between partners: months that are closed, every fact of points that counted in them, and their sums."""

from tortoise import fields
from tortoise.models import Model


class SettlementPeriod(Model):
    """A closed month. What is in it never changes."""

    month = fields.DateField(primary_key=True)  # its first day
    starts_at = fields.DatetimeField()
    ends_at = fields.DatetimeField()
    closed_at = fields.DatetimeField()
    programme_version = fields.IntField()

    class Meta:
        table = "settlement_period"


class SettlementLine(Model):
    """One fact of one lot in the month that counts it. `due` is what the issuer owes the partner, in kopecks."""

    id = fields.BigIntField(primary_key=True)
    month = fields.DateField()
    transaction_id = fields.UUIDField()
    kind = fields.CharField(max_length=12)  # loyalty.settlement.FactKind
    lot_id = fields.UUIDField(null=True)
    member_id = fields.UUIDField(null=True)
    issuer = fields.CharField(max_length=64)  # empty: the programme itself
    partner = fields.CharField(max_length=64, null=True)
    points = fields.BigIntField()
    price = fields.BigIntField()  # kopecks for a point
    due = fields.BigIntField()
    purchase_id = fields.UUIDField(null=True)
    occurred_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "settlement_line"


class SettlementSum(Model):
    """The lines of a closed month added up, so that reports of years read some rows a month."""

    id = fields.BigIntField(primary_key=True)
    month = fields.DateField()
    kind = fields.CharField(max_length=12)
    issuer = fields.CharField(max_length=64)
    partner = fields.CharField(max_length=64, null=True)
    points = fields.BigIntField()
    due = fields.BigIntField()
    facts = fields.BigIntField()
    late = fields.BigIntField()  # facts that happened before the month

    class Meta:
        table = "settlement_sum"


class SettlementStep(Model):
    """What somebody did with a statement, in their order: what an issuer owes a partner for a closed month."""

    id = fields.UUIDField(primary_key=True)
    month = fields.DateField()
    issuer = fields.CharField(max_length=64)
    partner = fields.CharField(max_length=64)
    step = fields.SmallIntField()  # 1, 2, …
    state = fields.CharField(max_length=12)  # SENT | CONFIRMED | DISPUTED | PAID
    note = fields.CharField(max_length=500, null=True)
    party = fields.CharField(max_length=64, null=True)  # the partner on whose behalf; null: the programme
    author = fields.CharField(max_length=254)
    at = fields.DatetimeField()

    class Meta:
        table = "settlement_step"
