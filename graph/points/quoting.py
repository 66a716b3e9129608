"""Points of quotes and receipts as tills read them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Self
from uuid import UUID

import strawberry

from graph.points.telling import told_reason
from graph.quotes.reasons import Reason
from graph.scalars import Money, Points
from loyalty.points import LinePoints as Part
from loyalty.programme import Programme
from services.points.holding import Hold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graph.words import Locale
    from services.families.pool import Purse
    from services.quotes import Quoted


@strawberry.enum(description="What became of a reservation.")
class PointsHoldStatus(StrEnum):
    """What became of a reservation."""

    ACTIVE = "ACTIVE"
    COMMITTED = "COMMITTED"
    RELEASED = "RELEASED"
    EXPIRED = "EXPIRED"


@strawberry.enum(description="Whether the guest was asked on the phone, and what the answer was.")
class SpendingConfirmation(StrEnum):
    """Whether the guest was asked on the phone."""

    NOT_NEEDED = "NOT_NEEDED"
    ASKED = "ASKED"
    GIVEN = "GIVEN"
    DECLINED = "DECLINED"


@strawberry.type(description="Points put aside for a quote. They are free again by themselves at `expiresAt`.")
class PointsHold:
    """Points put aside for a quote."""

    id: UUID
    points: Points
    worth: Money
    expires_at: datetime
    status: PointsHoldStatus
    confirmation: SpendingConfirmation
    from_family: Points = strawberry.field(description="How many of them the family's pool gives.")

    @classmethod
    def of(cls, hold: Hold, now: datetime) -> Self:
        """The reservation as of now: one that ran out counts so, whoever has come to write it."""
        ran_out = hold.status == "ACTIVE" and not hold.stands(now)
        return cls(
            id=hold.id,
            points=Points(hold.points),
            worth=Money(hold.worth),
            expires_at=hold.expires_at,
            status=PointsHoldStatus.EXPIRED if ran_out else PointsHoldStatus(hold.status),
            confirmation=SpendingConfirmation(hold.confirmation),
            from_family=Points(hold.from_family or 0),
        )


@strawberry.type(description="Points of one line: the money they pay, how many that takes, how many it earns.")
class LinePoints:
    """Points of one line."""

    paid: Money
    spent: Points
    earned: Points

    @classmethod
    def of(cls, part: Part) -> Self:
        """The points of a line of a quote."""
        return cls(paid=Money(part.paid), spent=Points(part.spent), earned=Points(part.earned))


@strawberry.type(description="The pool of the guest's family as this till may use it.")
class QuoteFamily:
    """The pool of the guest's family."""

    available: Points = strawberry.field(description="What it has, this quote's own reservation included.")
    max: Points = strawberry.field(
        description="The most that may be spent on this basket, own points and these together."
    )
    usable: bool = strawberry.field(description="False: a child's seat or a new one; the reasons say which.")

    @classmethod
    def of(cls, purse: Purse | None, together: int) -> Self | None:
        """The pool; None for a guest without a family."""
        if purse is None:
            return None
        return cls(available=Points(purse.available), max=Points(together), usable=purse.obstacle is None)


@strawberry.type(description="What may be spent on a basket and is put aside, and what the rest earns.")
class QuotePoints:
    """What may be spent on a basket."""

    available: Points = strawberry.field(description="What the guest has, this quote's own reservation included.")
    max: Points = strawberry.field(description="The most that may be spent on this basket.")
    max_worth: Money
    earns: Points = strawberry.field(description="When the rest is paid with a kind that earns in full.")
    hold: PointsHold | None
    to_pay: Money = strawberry.field(description="Net less the worth of the hold: what other kinds of payment sum to.")
    reasons: list[Reason] = strawberry.field(description="Why not more.")
    family: QuoteFamily | None = strawberry.field(description="Null for a guest without a family that has a pool.")

    @classmethod
    def of(cls, quoted: Quoted, locale: Locale, now: datetime) -> Self | None:
        """The points of a quote; None in a programme without."""
        points = quoted.points
        if points is None:
            return None
        told = [told_reason(reason, quoted.programme, locale) for reason in points.reasons]
        return cls(
            available=Points(points.available),
            max=Points(points.most),
            max_worth=Money(points.most * points.worth),
            earns=Points(points.earns),
            hold=None if points.hold is None else PointsHold.of(points.hold, now),
            to_pay=Money(quoted.priced.net - (0 if points.hold is None else points.hold.worth)),
            reasons=[Reason(code=code, text=text) for code, text in told],
            family=QuoteFamily.of(points.family, points.together),
        )


@strawberry.type(description="What points had to do with a receipt, and what returns have done to that.")
class PurchasePoints:
    """What points had to do with a receipt."""

    earned: Points
    spent: Points
    paid: Money
    taken_back: Points
    given_back: Points

    @classmethod
    def of(cls, lines: Sequence[Sequence[int] | None], programme: Programme) -> Self | None:
        """The sums of a receipt's lines; None in a programme without points."""
        if programme.points is None:
            return None
        paid, spent, earned, _, given, taken = (sum(line[place] for line in lines if line) for place in range(6))
        return cls(
            earned=Points(earned),
            spent=Points(spent),
            paid=Money(paid),
            taken_back=Points(taken),
            given_back=Points(given),
        )


@strawberry.type(description="Points of a return, and the money that goes to the guest.")
class RefundPoints:
    """Points of a return."""

    taken_back: Points
    given_back: Points
    paid: Money = strawberry.field(description="What points had paid of it.")
    to_return: Money = strawberry.field(description="The money for the guest: net less what points had paid.")

    @classmethod
    def of(cls, points: Sequence[int] | None, net: int) -> Self | None:
        """The points of a refund; None where they had no part in it."""
        if points is None:
            return None
        paid, given, taken = points
        return cls(taken_back=Points(taken), given_back=Points(given), paid=Money(paid), to_return=Money(net - paid))
