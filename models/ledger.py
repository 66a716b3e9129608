"""The double-entry ledger: accounts, transactions, entries, and the balances that follow from them."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class Account(Model):
    """An account of an owner for one purpose in one unit (QRUB: qualifying kopecks; PTS: points)."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    owner_kind = fields.CharField(max_length=12)  # MEMBER | PARTNER | PROGRAMME
    owner = fields.CharField(max_length=64)
    purpose = fields.CharField(max_length=24)
    unit = fields.CharField(max_length=8)

    class Meta:
        table = "account"
        unique_together = (("owner_kind", "owner", "purpose", "unit"),)


class Balance(Model):
    """The sum of a member's entries, kept in the transaction that writes them. Shared accounts are summed instead."""

    account_id = fields.UUIDField(primary_key=True)
    amount = fields.BigIntField()
    version = fields.BigIntField()
    booked_at = fields.DatetimeField(null=True)  # of its last entry: writing never goes back, though a clock may

    class Meta:
        table = "balance"


class LedgerTransaction(Model):
    """One movement of value and what caused it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    kind = fields.CharField(max_length=24)  # PURCHASE | REFUND | POINTS_…
    cause_id = fields.UUIDField()
    reverses = fields.UUIDField(null=True)
    occurred_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()

    class Meta:
        table = "ledger_transaction"
        unique_together = (("kind", "cause_id"),)


class Entry(Model):
    """One signed amount on one account. The entries of a transaction sum to zero in every unit."""

    id = fields.BigIntField(primary_key=True)
    transaction_id = fields.UUIDField(db_index=True)
    account_id = fields.UUIDField(db_index=True)
    unit = fields.CharField(max_length=8)
    amount = fields.BigIntField()

    class Meta:
        table = "entry"


class MemberStanding(Model):
    """The row every money command of a member locks first, with the totals the cabinet shows."""

    member_id = fields.UUIDField(primary_key=True)
    qualifying_account = fields.UUIDField()
    purchases = fields.BigIntField()
    saved = fields.BigIntField()
    version = fields.BigIntField()  # rises with every change of what counts and of the grant
    granted_tier = fields.CharField(max_length=64, null=True)  # the grant in force, so that pricing reads one row
    granted_until = fields.DatetimeField(null=True)
    tier_until = fields.DatetimeField(null=True)  # when time alone changes the tier, and the clock must write it down

    class Meta:
        table = "member_standing"


class TierPeriod(Model):
    """Which tier a member held from when, and the fact that brought it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    tier = fields.CharField(max_length=64)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    reason = fields.CharField(
        max_length=12
    )  # JOINED | PURCHASE | REFUND | PROGRAMME | GRANT | GRANT_ENDED | WINDOW | IMPORT | FAMILY | MERGED | CAMPAIGN
    evidence = fields.UUIDField(null=True)  # the receipt, the refund or the grant

    class Meta:
        table = "tier_period"


class TierGrant(Model):
    """A tier given by hand or by a campaign until a moment, with its reason. Only its withdrawal is ever added to it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    tier = fields.CharField(max_length=64)
    until = fields.DatetimeField()
    reason = fields.CharField(max_length=500)
    granted_at = fields.DatetimeField()
    granted_by = fields.UUIDField(null=True)  # one of the staff; none: the operator's terminal
    withdrawn_at = fields.DatetimeField(null=True)
    withdrawn_by = fields.UUIDField(null=True)
    campaign = fields.CharField(max_length=64, null=True)  # which gave it, and the receipt it was given with
    purchase_id = fields.UUIDField(null=True)

    class Meta:
        table = "tier_grant"
