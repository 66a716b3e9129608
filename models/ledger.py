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
    version = fields.BigIntField()

    class Meta:
        table = "member_standing"


class TierPeriod(Model):
    """Which tier a member held from when, and the fact that brought it."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(db_index=True)
    tier = fields.CharField(max_length=64)
    since = fields.DatetimeField()
    until = fields.DatetimeField(null=True)
    reason = fields.CharField(max_length=12)  # JOINED | PURCHASE | REFUND | PROGRAMME
    evidence = fields.UUIDField(null=True)

    class Meta:
        table = "tier_period"
