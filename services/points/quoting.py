"""What a quote says of points: how many may be spent and are put aside, what the rest earns, and why not more."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.families import NotYet
from loyalty.points import LinePoints, PointsLine, PointsReason, PointsReasonCode, apply_points, spendable, why_fewer
from loyalty.programme import Programme
from services.families import pool
from services.families.pool import Purse
from services.points import holding
from services.points.balances import Balance, balance_of
from services.points.holding import Hold, Spender
from services.points.limits import room_of
from services.work import again, work


@dataclass(frozen=True, slots=True)
class QuotedPoints:
    """Points of a quote. `available` counts the quote's own reservation in; `together` is `most` with the family's."""

    available: int
    most: int
    worth: int
    hold: Hold | None
    lines: Sequence[LinePoints]
    reasons: Sequence[PointsReason]
    family: Purse | None = None
    together: int = 0

    @property
    def earns(self) -> int:
        """What the receipt earns when the rest is paid with a kind that earns in full."""
        return sum(line.earned for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many points a guest would spend, the seconds left to wait for the member's row, and whether with the family's."""

    points: int
    patience: float
    family: bool = False


async def reserve(
    spender: Spender, quote: UUID, programme: Programme, lines: Sequence[PointsLine], wish: Wish, *, now: datetime
) -> Hold | None:
    """Put aside as many points as are wished, allowed and there, instead of what the ticket reserved before.

    In a transaction of its own: the quote is written after it, and a reservation without a quote ends by itself. The
    caller stands in the member's line.
    """
    terms = programme.points
    if terms is None:
        return None
    most = min(wish.points, spendable(terms, lines))

    async def once() -> Hold | None:
        async with work() as tx:
            family = await holding.lock(tx, spender.member, wish.patience, whole_family=wish.family)
            await holding.free_ticket(tx, spender.ticket, now)
            await holding.settle(tx, spender.member, now, family=family)
            purse = await pool.locked_purse(tx, spender.member, programme.family, now) if wish.family else None
            return await holding.reserve(
                tx, spender, quote, terms, zone=programme.time_zone, most=most, agreed=False, now=now, purse=purse
            )

    return await again(once)


async def told(
    member: UUID,
    programme: Programme,
    lines: Sequence[PointsLine],
    *,
    wish: Wish | None,
    hold: Hold | None,
    by_phone: bool,
    now: datetime,
) -> QuotedPoints | None:
    """What the quote says of points; None in a programme without. Of a told number's balance nothing is said."""
    terms = programme.points
    if terms is None:
        return None
    balance = await balance_of(member, now)
    room = await room_of(member, terms, now, programme.time_zone)
    held = 0 if hold is None else hold.points
    allowed = spendable(terms, lines)
    made = apply_points(terms, lines, spent=held, tenders=None, room=None if room is None else room.points)
    if by_phone:
        return QuotedPoints(0, 0, terms.worth, None, made, (PointsReason(PointsReasonCode.BY_PHONE),))
    from_family = 0 if hold is None or hold.from_family is None else hold.from_family
    available = balance.available + held - from_family
    purse = await pool.purse_of(member, programme.family, now)
    if purse is not None:
        purse = replace(purse, available=purse.available + from_family)
    together = available + (0 if purse is None else purse.usable)
    return QuotedPoints(
        available=available,
        most=min(available, allowed),
        worth=terms.worth,
        hold=hold,
        lines=made,
        reasons=_reasons(balance, purse, programme.time_zone, wish=wish, allowed=allowed, own=available),
        family=purse,
        together=min(together, allowed),
    )


def _reasons(
    balance: Balance, purse: Purse | None, zone: str, *, wish: Wish | None, allowed: int, own: int
) -> tuple[PointsReason, ...]:
    first = min((lot.activates_at for lot in balance.lots if not lot.usable and lot.activates_at), default=None)
    shares = wish is not None and wish.family and purse is not None
    reasons = why_fewer(
        wished=None if wish is None else wish.points,
        allowed=allowed,
        available=own + (purse.usable if shares and purse is not None else 0),
        debt=balance.debt,
        pending=balance.pending,
        usable_from=None if first is None else business_date(first, zone),
        together=shares,
    )
    if not shares or purse is None or purse.obstacle is None:
        return reasons
    if purse.obstacle is NotYet.CHILD:
        return (*reasons, PointsReason(PointsReasonCode.FAMILY_CHILD))
    return (*reasons, PointsReason(PointsReasonCode.FAMILY_LATER, day=business_date(purse.opens_at, zone)))
