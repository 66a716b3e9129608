"""What a quote says of points: how many may be spent and are put aside, what the rest earns, and why not more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from loyalty.business_days import business_date
from loyalty.points import LinePoints, PointsLine, PointsReason, PointsReasonCode, apply_points, spendable, why_fewer
from loyalty.programme import Programme
from services.points import holding
from services.points.balances import Balance, balance_of
from services.points.holding import Hold, Spender
from services.points.limits import room_of
from services.work import again, work


@dataclass(frozen=True, slots=True)
class QuotedPoints:
    """Points of a quote. `available` counts the quote's own reservation in."""

    available: int
    most: int
    worth: int
    hold: Hold | None
    lines: Sequence[LinePoints]
    reasons: Sequence[PointsReason]

    @property
    def earns(self) -> int:
        """What the receipt earns when the rest is paid with a kind that earns in full."""
        return sum(line.earned for line in self.lines)


@dataclass(frozen=True, slots=True)
class Wish:
    """How many points a guest would spend, and the seconds left to wait for the member's row."""

    points: int
    patience: float


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
            await holding.lock(tx, spender.member, wish.patience)
            await holding.free_ticket(tx, spender.ticket, now)
            await holding.settle(tx, spender.member, now)
            return await holding.reserve(
                tx, spender, quote, terms, zone=programme.time_zone, most=most, agreed=False, now=now
            )

    return await again(once)


async def told(
    member: UUID,
    programme: Programme,
    lines: Sequence[PointsLine],
    *,
    wished: int | None,
    hold: Hold | None,
    by_phone: bool,
    now: datetime,
) -> QuotedPoints | None:
    """What the quote says of points; None in a programme without. Of a told number's balance nothing is said."""
    terms = programme.points
    if terms is None:
        return None
    balance = await balance_of(member, now)
    room = await room_of(member, terms, business_date(now, programme.time_zone))
    held = 0 if hold is None else hold.points
    available = balance.available + held
    allowed = spendable(terms, lines)
    made = apply_points(terms, lines, spent=held, tenders=None, room=None if room is None else room.points)
    if by_phone:
        return QuotedPoints(0, 0, terms.worth, None, made, (PointsReason(PointsReasonCode.BY_PHONE),))
    return QuotedPoints(
        available=available,
        most=min(available, allowed),
        worth=terms.worth,
        hold=hold,
        lines=made,
        reasons=_reasons(balance, programme.time_zone, wished=wished, allowed=allowed, available=available),
    )


def _reasons(
    balance: Balance, zone: str, *, wished: int | None, allowed: int, available: int
) -> tuple[PointsReason, ...]:
    first = min((lot.activates_at for lot in balance.lots if not lot.usable and lot.activates_at), default=None)
    return why_fewer(
        wished=wished,
        allowed=allowed,
        available=available,
        debt=balance.debt,
        pending=balance.pending,
        usable_from=None if first is None else business_date(first, zone),
    )
