"""One refund: the key claimed, the member's standing and the receipt locked, the parts computed, everything moved back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty import refunds as rules
from loyalty.business_days import business_date
from loyalty.cashiers import cashier_of
from loyalty.programme import Programme
from loyalty.refunds import NO_POINTS, Measure, PointsParts, Returned, ReturnedLine, ReturnLine, SoldLine
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean
from models import database, history
from models.history import PurchaseFacts, RefundFacts
from models.ids import uuid7
from services import once, programmes
from services.control import limits
from services.crowds import in_line
from services.families.telling import tell_others
from services.refunds import writing
from services.refunds.finding import check_not_of_shop, find_receipt
from services.resources import Resources
from services.tills import TillFacts
from services.work import again, work

NUMBER_MAX: Final = 64
AHEAD: Final = timedelta(minutes=5)

_ANSWER: Final = "SELECT body_sha256, answer FROM once_answer WHERE id = $1"
_CLAIM: Final = """
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at) VALUES ($1, 'refundPurchase', $2, NULL, $3)
ON CONFLICT (id) DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class RefundWish:
    """A part of one line: a quantity in thousandths or a sum in kopecks, exactly one of the two."""

    line: UUID
    quantity: int | None
    net: int | None


@dataclass(frozen=True, slots=True)
class RefundCommand:
    """What a till asks to return. No lines means all that is left."""

    key: str
    purchase: UUID | None
    receipt_number: str | None
    business_date: date | None
    refund_number: str
    refunded_at: datetime
    lines: Sequence[RefundWish] | None
    cashier: str | None = None  # who stands there, by the till's own sign
    is_told: bool = False  # goods and money have changed hands already: no limit can stop that, a signal may tell of it


@dataclass(frozen=True, slots=True)
class Refunded:
    """A written refund, the receipt after it, and the member's accumulated sum after it."""

    purchase: PurchaseFacts
    refund: RefundFacts
    accumulated: int
    programme: Programme
    tier: str | None = None  # where the sum alone does not tell it


async def refund_purchase(resources: Resources, till: TillFacts, command: RefundCommand, *, now: datetime) -> Refunded:
    """Return all or a part of a receipt of the till's partner, once per key and refund number.

    Raises INVALID_INPUT, KEY_REUSED, NOT_FOUND, AMBIGUOUS_RECEIPT, REFUND_EXCEEDS_SALE, RECEIPT_EXISTS for a refund
    number used that day, CHANNEL_NOT_ALLOWED for an order of the programme's shop, LIMIT_REACHED for what would pass a hard limit of the programme, and BUSY.
    """
    till.require("REFUND")
    key = once.key_text(command.key)
    number = clean(command.refund_number, field="input.refundNumber", length_max=NUMBER_MAX)
    claim = once.claim_of(till.id, "refundPurchase", key)
    wishes = None if command.lines is None else [(wish.line, wish.quantity, wish.net) for wish in command.lines]
    cashier = cashier_of(command.cashier, field="input.cashier")
    facts = (command.purchase, command.receipt_number, command.business_date, number, command.refunded_at, wishes)
    body = once.body_of(*facts, *([] if cashier is None else [f"cashier {cashier}"]))
    told = await _told(claim, body)
    if told is not None:
        return told
    receipt = await find_receipt(
        till, number=command.receipt_number, business_date=command.business_date, purchase=command.purchase
    )
    await check_not_of_shop(till, receipt)
    _check_time(command.refunded_at, receipt, now)
    member = await database.fetchval("SELECT member_id FROM purchase WHERE id = $1", receipt.id)
    async with in_line(member) as patience:
        made = await again(
            lambda: _refund(
                till,
                command,
                number=number,
                claim=claim,
                body=body,
                receipt=receipt,
                member=member,
                patience=patience,
                now=now,
            )
        )
    if made is None:
        told = await _told(claim, body)
        if told is None:
            raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
        return told
    resources.bus.publish(member, "PURCHASE_REFUNDED", receipt.id, now)
    if made.programme.family is not None:
        await tell_others(resources, member, now)
    return made


async def _refund(
    till: TillFacts,
    command: RefundCommand,
    *,
    number: str,
    claim: UUID,
    body: bytes,
    receipt: PurchaseFacts,
    member: UUID,
    patience: float,
    now: datetime,
) -> Refunded | None:
    """The transaction. None when a rival with the same key was first: its answer is then there to be told."""
    async with work() as tx:
        await tx.execute(f"SET LOCAL lock_timeout = '{round(patience * 1000)}ms'")
        if await tx.execute(_CLAIM, claim, body, now) == "INSERT 0 0":
            return None
        held = await writing.lock(tx, member, receipt.id)
        programme = await programmes.settled(tx)  # behind the lock: a version applied meanwhile has moved the tiers
        if not command.is_told:
            await limits.check_return(
                tx, programme.control, till, member=member, purchase=receipt.id, cashier=command.cashier, now=now
            )
        sold = [_sold(row) for row in held.lines]
        returned = rules.refund(sold, _wishes(command))
        refund = RefundFacts(
            uuid7(), number, command.refunded_at, returned.net, returned.discount, _told_points(returned.points)
        )
        day = _day(programme, till, command.refunded_at)
        after = await writing.write(
            tx,
            till=till,
            held=held,
            refund=refund,
            day=day,
            returned=returned,
            programme=programme,
            cashier=command.cashier,
            now=now,
        )
        answer = _answer(
            receipt.id, [*held.refunds, refund.id], reached=after, programme=programme, returned=returned, sold=sold
        )
        await tx.execute(
            "UPDATE once_answer SET answer = $2::jsonb WHERE id = $1", claim, orjson.dumps(answer, default=str).decode()
        )
    return await _read(answer)


def _answer(
    purchase: UUID,
    refunds: Sequence[UUID],
    *,
    reached: writing.Reached,
    programme: Programme,
    returned: Returned,
    sold: Sequence[SoldLine],
) -> dict[str, Any]:
    """What is stored under the key: the state of every line after this refund, so that a replay hears the same."""
    moved = {line.line: line for line in returned.lines}
    lines = {
        line.id: [
            moved[line.id].measure if line.id in moved else line.measure,
            line.refunded_part + (moved[line.id].part if line.id in moved else 0),
            line.refunded_net + (moved[line.id].net if line.id in moved else 0),
            line.refunded_discount + (moved[line.id].discount if line.id in moved else 0),
            *_points_back(line, moved.get(line.id)),
        ]
        for line in sold
    }
    return {
        "purchase": purchase,
        "refunds": refunds,
        "accumulated": reached.accumulated,
        **({} if reached.tier is None else {"tier": reached.tier}),
        "version": programme.version,
        "lines": lines,
    }


def _points_back(line: SoldLine, moved: ReturnedLine | None) -> list[int]:
    """The three sums of points that are given back of a line by now; nothing where points had no part in it."""
    if line.points is None:
        return []
    before, now = line.refunded_points, NO_POINTS if moved is None or moved.points is None else moved.points
    return [before.paid + now.paid, before.spent + now.spent, before.earned + now.earned]


def _told_points(points: PointsParts | None) -> list[int] | None:
    return None if points is None else [points.paid, points.spent, points.earned]


async def _told(claim: UUID, body: bytes) -> Refunded | None:
    found = await database.fetchrow(_ANSWER, claim)
    if found is None or found["answer"] is None:
        return None
    if bytes(found["body_sha256"]) != body:
        raise once.key_reused()
    return await _read(orjson.loads(found["answer"]))


async def _read(answer: dict[str, Any]) -> Refunded:
    whole = await history.any_purchase(UUID(str(answer["purchase"])))
    receipt = whole.as_refunded([str(refund) for refund in answer["refunds"]], answer["lines"])
    programme = await programmes.version(answer["version"])
    return Refunded(receipt, receipt.refunds[-1], answer["accumulated"], programme, answer.get("tier"))


def _sold(row: history.LineFacts) -> SoldLine:
    return SoldLine(
        id=str(row.id),
        quantity=row.quantity,
        net=row.net,
        discount=row.discount,
        accumulates=row.accumulates,
        measure=None if row.refund_measure is None else Measure(row.refund_measure),
        refunded_part=row.refunded_part,
        refunded_net=row.refunded_net,
        refunded_discount=row.refunded_discount,
        points=None if row.points is None else PointsParts(*row.points[:3]),
        refunded_points=NO_POINTS if row.points is None else PointsParts(*row.points[3:]),
    )


def _wishes(command: RefundCommand) -> list[ReturnLine] | None:
    if command.lines is None:
        return None
    return [ReturnLine(str(wish.line), wish.quantity, wish.net) for wish in command.lines]


def _day(programme: Programme, till: TillFacts, at: datetime) -> date:
    outlet = programme.outlets_by_id.get(till.outlet)
    return business_date(at, outlet.time_zone if outlet else programme.time_zone)


def _check_time(refunded_at: datetime, receipt: PurchaseFacts, now: datetime) -> None:
    if not receipt.closed_at - AHEAD <= refunded_at <= now + AHEAD:
        raise Refusal(Code.INVALID_INPUT, "refund.refunded_at", field="input.refundedAt")
