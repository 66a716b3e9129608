"""The points of a receipt before it is written: what pays for it and must still stand, and what it earns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from loyalty.points import LinePoints, apply_points, life, spendable
from loyalty.programme import Programme
from loyalty.purchases import Priced
from loyalty.refusals import Code, Refusal
from models.database import Record
from models.ids import uuid7
from services.points import renewing
from services.points.holding import Hold, Spender
from services.points.limits import room_of
from services.tills import TillFacts

POINTS: Final = "POINTS"
ASK_AGAIN_SECONDS: Final = 1


@dataclass(frozen=True, slots=True)
class ReceiptPoints:
    """Points of a receipt: of its lines, and as the posting statement takes them. None where none moves."""

    lines: Sequence[LinePoints] = ()
    item: Mapping[str, Any] | None = None

    @property
    def earned(self) -> int:
        """The points that come of it."""
        return sum(line.earned for line in self.lines)


NOTHING: Final = ReceiptPoints()


def reserved(found: Record) -> Hold | None:
    """The newest reservation of the quote."""
    return None if found["hold_id"] is None else Hold.of(found, "hold_")


def too_much(programme: Programme, hold: Hold | None, priced: Priced) -> bool:
    """Whether the rules of now let points pay less than was put aside: a new price for the guest."""
    terms = programme.points
    return terms is not None and hold is not None and hold.points > spendable(terms, priced.points_lines)


async def points_of(
    till: TillFacts,
    found: Record,
    programme: Programme,
    priced: Priced,
    tenders: Sequence[tuple[str, int]],
    *,
    closed_at: datetime,
    now: datetime,
) -> ReceiptPoints | None:
    """The points of a receipt that is paid with these (kind, kopecks). None when facts moved and must be read again.

    Raises TENDERS_DO_NOT_ADD_UP for points that were not put aside, SPENDING_NOT_CONFIRMED while the guest is asked,
    HOLD_EXPIRED when the points are not there any more.
    """
    terms = programme.points
    if terms is None:
        return NOTHING
    hold = reserved(found)
    paid = sum(amount for kind, amount in tenders if kind == POINTS)
    if paid:
        _check(hold, paid, now)
    if paid and hold is not None and not hold.stands(now):
        spender = Spender(found["member_id"], found["ticket_id"], till.id, till.partner, till.outlet)
        if not await renewing.renew(spender, found["quote"], hold, programme, now=now):
            raise _gone("purchase.hold_expired")
        return None
    money = [(kind, amount) for kind, amount in tenders if kind != POINTS]
    spent = hold.points if hold is not None and paid else 0
    made = await earning_of(programme, found["member_id"], priced, money, spent=spent, at=closed_at)
    if hold is None or not hold.stands(now):
        return made if made.earned else NOTHING
    return replace(made, item={**(made.item or {}), "hold" if paid else "free": hold.id})


def _check(hold: Hold | None, paid: int, now: datetime) -> None:
    if hold is None or hold.worth != paid:
        words = "purchase.points_not_held" if hold is None else "purchase.points_worth"
        raise Refusal(Code.TENDERS_DO_NOT_ADD_UP, words, field="input.tenders")
    if hold.confirmation == "DECLINED":
        raise _gone("purchase.points_declined")
    if not hold.is_agreed and hold.stands(now):
        raise Refusal(
            Code.SPENDING_NOT_CONFIRMED,
            "purchase.points_asked",
            field="input.tenders",
            retryable=True,
            retry_after_seconds=ASK_AGAIN_SECONDS,
        )
    if not hold.is_agreed:
        raise _gone("purchase.points_unanswered")


def _gone(words: str) -> Refusal:
    return Refusal(Code.HOLD_EXPIRED, words, field="input.tenders")


async def earning_of(
    programme: Programme,
    member: UUID,
    priced: Priced,
    money: Sequence[tuple[str, int]],
    *,
    spent: int = 0,
    at: datetime,
) -> ReceiptPoints:
    """What a receipt of a moment earns by its payments in money, (kind, kopecks), besides `spent` points."""
    terms = programme.points
    if terms is None:
        return NOTHING
    room = await room_of(member, terms, at, programme.time_zone)
    left = None if room is None else room.points
    lines = apply_points(terms, priced.points_lines, spent=spent, tenders=money, room=left)
    lived = life(terms, at, programme.time_zone)
    item = {
        "earned": sum(line.earned for line in lines),
        "spent": spent,
        "lot": uuid7(),
        "transaction": uuid7(),
        "activates_at": lived.activates_at,
        "expires_at": lived.expires_at,
    }
    return ReceiptPoints(lines, item if room is None else {**item, "version": room.version})
