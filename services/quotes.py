"""Quotes: what a basket would cost this guest here and now. Nothing moves but the quote itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.programme import Programme
from loyalty.promotions.occasion import Part
from loyalty.purchases import BasketLine, Priced, PricedLine
from loyalty.reasons import Reason
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import programmes
from services.crowds import in_line
from services.identify import not_accepted
from services.points import quoting
from services.points.holding import Spender
from services.points.quoting import QuotedPoints, Wish
from services.promotions import writing as promotions
from services.promotions.codes import NO_CODES, Codes, Given
from services.promotions.codes import read as read_codes
from services.promotions.pricing import Basket, price_basket
from services.tickets import expired, ticket_id
from services.tiers.reading import grant_of, stands
from services.tills import TillFacts, place_of

QUOTE_LIFE: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=1)
SWEPT_AT_ONCE: Final = 5_000

_TICKET: Final = """
SELECT t.member_id, t.card_id, t.expires_at, t.by_phone, m.status AS member_status, c.status AS card_status,
    b.amount AS accumulated, s.granted_tier, s.granted_until
FROM scan_ticket AS t JOIN member AS m ON m.id = t.member_id JOIN card AS c ON c.id = t.card_id
JOIN member_standing AS s ON s.member_id = t.member_id JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE t.id = $1 AND t.till_id = $2
"""
_INSERT: Final = """
INSERT INTO quote (id, till_id, ticket_id, member_id, card_id, channel, programme_version, tier, gross, discount, net,
    lines, promotions, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::jsonb, $13::jsonb, $14, $15)
"""
_SWEEP_QUOTES: Final = """
DELETE FROM quote WHERE id IN (SELECT id FROM quote WHERE purchase_id IS NULL AND expires_at < $1 LIMIT $2)
"""
_SWEEP_TICKETS: Final = (
    "DELETE FROM scan_ticket WHERE id IN (SELECT id FROM scan_ticket WHERE expires_at < $1 LIMIT $2)"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A kept quote: priced lines, and until when a till may post by it."""

    id: UUID
    expires_at: datetime
    priced: Priced
    programme: Programme
    points: QuotedPoints | None = None


@dataclass(frozen=True, slots=True)
class QuotedFor:
    """Whom and what a quote was made for; a fresh price is kept under the same ticket."""

    till: TillFacts
    ticket: UUID
    member: UUID
    card: UUID
    channel: str
    by_phone: bool = False
    codes: Codes = NO_CODES


async def quote_purchase(
    till: TillFacts,
    *,
    ticket: str,
    lines: Sequence[BasketLine],
    channel: str,
    now: datetime,
    points: int | None = None,
    promo: Given | None = None,
    family: bool = False,
) -> Quoted:
    """Price a basket for the guest of a ticket. Moves nothing, unless it is to put `points` aside for it.

    With `family` the pool of the guest's family gives what his own points do not.

    Raises CHANNEL_NOT_ALLOWED (a channel the till has not), TICKET_EXPIRED (also for a ticket of another till),
    CARD_NOT_ACCEPTED for a card that was blocked after its scan, SERVICE_NOT_SOLD_HERE and INVALID_INPUT with the path
    of the line, for points in a programme without and for a promo code that opens nothing; LIMIT_REACHED after many.
    """
    till.require("EARN")
    if points is not None:
        till.require("SPEND")
    if channel not in till.channels:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "quote.channel_not_of_till", field="input.channel")
    found = await database.fetchrow(_TICKET, ticket_id(ticket), till.id)
    if found is None or found["expires_at"] <= now:
        raise expired()
    if (found["member_status"], found["card_status"]) != ("ACTIVE", "ACTIVE"):
        raise not_accepted()
    programme = await programmes.current(now)
    place_of(till, programme)
    if points is not None and (programme.points is None or points < 0):
        words = "quote.points_below_zero" if programme.points else "purchase.no_points"
        raise Refusal(Code.INVALID_INPUT, words, field="input.points")
    member = found["member_id"]
    tier = (await stands(programme, member, found["accumulated"], grant_of(found), now)).tier
    codes = await read_codes(promo, programme, till.id, member, now)
    made_for = QuotedFor(till, ticket_id(ticket), member, found["card_id"], channel, found["by_phone"], codes)
    standing = (channel, tier.id, found["accumulated"])
    priced = (
        await price_basket(programme, Basket(member, till.partner, till.outlet, *standing, lines, now, codes))
    ).priced
    if points is None or found["by_phone"]:
        return await keep(made_for, programme, tier.id, priced, now)
    async with in_line(made_for.member) as patience:
        return await keep(made_for, programme, tier.id, priced, now, wish=Wish(points, patience, family))


async def keep(
    made_for: QuotedFor,
    programme: Programme,
    tier: str,
    priced: Priced,
    now: datetime,
    *,
    wish: Wish | None = None,
    life: timedelta = QUOTE_LIFE,
) -> Quoted:
    """Write a quote down; it may be posted by as long as it lives. With a wish for points, put them aside for it: then in line."""
    quote, ends, till, lines = uuid7(), now + life, made_for.till, priced.points_lines
    hold = None
    if wish is not None:
        spender = Spender(made_for.member, made_for.ticket, till.id, till.partner, till.outlet)
        hold = await quoting.reserve(spender, quote, programme, lines, wish, now=now)
    await database.execute(
        _INSERT,
        *(quote, till.id, made_for.ticket, made_for.member, made_for.card, made_for.channel, programme.version),
        *(tier, priced.gross, priced.discount, priced.net, orjson.dumps(stored_lines(priced)).decode()),
        *(promotions.stored(priced, made_for.codes), now, ends),
    )
    said = await quoting.told(
        made_for.member, programme, lines, wish=wish, hold=hold, by_phone=made_for.by_phone, now=now
    )
    return Quoted(quote, ends, priced, programme, said)


async def sweep(now: datetime) -> int:
    """Delete quotes that nobody posted by and the tickets of scans long ago; gives their number."""
    swept = 0
    for statement in (_SWEEP_QUOTES, _SWEEP_TICKETS):
        count = SWEPT_AT_ONCE
        while count == SWEPT_AT_ONCE:
            count = int((await database.execute(statement, now - KEPT, SWEPT_AT_ONCE)).rpartition(" ")[2])
            swept += count
    return swept


def stored_lines(priced: Priced) -> list[dict[str, Any]]:
    """The lines as a quote keeps them and a receipt's rows are made from."""
    return [
        {
            "service": line.service,
            "name": line.name,
            "quantity": line.quantity,
            "gross": line.gross,
            "discount": line.discount,
            "net": line.net,
            "accumulates": line.accumulates,
            "basis_points": line.basis_points,
            "reasons": [reason.stored() for reason in line.reasons],
            **({"parts": [[part.campaign, part.amount, part.points] for part in line.parts]} if line.parts else {}),
            **({"earns": line.earns} if line.parts else {}),
        }
        for line in priced.lines
    ]


def read_lines(stored: str) -> tuple[PricedLine, ...]:
    """The lines of a kept quote."""
    return tuple(
        PricedLine(
            **line
            | {
                "reasons": tuple(Reason.of(reason) for reason in line["reasons"]),
                "parts": tuple(Part(*part) for part in line.get("parts", ())),
            }
        )
        for line in orjson.loads(stored)
    )
