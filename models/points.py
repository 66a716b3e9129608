"""Points of a member: the sums, the lots they came in, and what a till has reserved of them. Whole points everywhere."""

from tortoise import fields
from tortoise.models import Model

from models.ids import uuid7


class MemberPoints(Model):
    """The four balances of a member, moved in the transaction that writes their entries. `debt` is what is owed."""

    member_id = fields.UUIDField(primary_key=True)
    available = fields.BigIntField()
    pending = fields.BigIntField()
    held = fields.BigIntField()
    debt = fields.BigIntField()
    version = fields.BigIntField()
    # Read by nobody since the day is counted from its receipts (services/points/limits.py); dropped a version later.
    earned_on = fields.DateField(null=True)
    earned = fields.BigIntField()
    booked_at = fields.DatetimeField(null=True)  # of the last entry: writing never goes back, though a clock may

    class Meta:
        table = "member_points"


class PointsLot(Model):
    """Points that came together and end together. What is left is in `remaining`; pending ones cannot be spent yet.

    A lot is a member's, or lies in a family's pool and then names who put it there and out of which lot.
    """

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField(null=True)
    family_id = fields.UUIDField(null=True)
    contributor_id = fields.UUIDField(null=True)
    contributed_from = fields.UUIDField(null=True)
    issuer = fields.CharField(max_length=64, null=True)  # the partner; null where the programme gave them
    transaction_id = fields.UUIDField()
    purchase_id = fields.UUIDField(null=True)
    restored_from = fields.UUIDField(null=True)
    issued = fields.BigIntField()
    remaining = fields.BigIntField()
    status = fields.CharField(max_length=8)  # PENDING | ACTIVE
    issued_at = fields.DatetimeField()
    activates_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)

    class Meta:
        table = "points_lot"


class PointsLotMove(Model):
    """What a transaction took from a lot (below zero) or gave back to it. A lot's first points are its `issued`."""

    id = fields.BigIntField(primary_key=True)
    lot_id = fields.UUIDField(db_index=True)
    transaction_id = fields.UUIDField(db_index=True)
    amount = fields.BigIntField()

    class Meta:
        table = "points_lot_move"


class PointsHold(Model):
    """Points that a till has reserved for a quote. It ends once: committed by a receipt, released, or expired."""

    id = fields.UUIDField(primary_key=True, default=uuid7)
    member_id = fields.UUIDField()
    ticket_id = fields.UUIDField()
    quote_id = fields.UUIDField()
    till_id = fields.UUIDField()
    partner = fields.CharField(max_length=64)
    outlet = fields.CharField(max_length=64)
    points = fields.BigIntField()
    worth = fields.BigIntField()  # kopecks
    status = fields.CharField(max_length=12)  # ACTIVE | COMMITTED | RELEASED | EXPIRED
    confirmation = fields.CharField(max_length=12)  # NOT_NEEDED | ASKED | GIVEN | DECLINED
    lives_seconds = fields.IntField()  # once the guest has said yes
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    purchase_id = fields.UUIDField(null=True)
    family_id = fields.UUIDField(null=True)
    from_family = fields.BigIntField(null=True)  # how many of `points` the family's pool gives

    class Meta:
        table = "points_hold"


class PointsHoldLot(Model):
    """What a hold took of which lot, and how much of that a return has given back."""

    id = fields.BigIntField(primary_key=True)
    hold_id = fields.UUIDField(db_index=True)
    lot_id = fields.UUIDField(db_index=True)
    points = fields.BigIntField()
    restored = fields.BigIntField()

    class Meta:
        table = "points_hold_lot"


class PointsGrant(Model):
    """Points that one of the staff gives by hand, or takes (below zero): at once, or once somebody else has said yes."""

    id = fields.UUIDField(primary_key=True)  # follows from the asker's key of repetition
    member_id = fields.UUIDField()
    points = fields.BigIntField()
    reason = fields.CharField(max_length=500)  # the member reads it; emptied with an erasure
    state = fields.CharField(max_length=8)  # WAITING | DONE | REJECTED
    asked_by = fields.UUIDField()
    asked_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)  # until when it waits
    decided_by = fields.UUIDField(null=True)  # the second person; none for what needed none
    decided_at = fields.DatetimeField(null=True)
    decision_reason = fields.CharField(max_length=500, null=True)
    posted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "points_grant"
        indexes = (("member_id", "asked_at"), ("asked_by", "asked_at"), ("asked_at", "id"))
