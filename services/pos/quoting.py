"""Pricing an order: by the engine and the quotes of every till, for the guest the order is bound to.

What a price takes of campaigns with a bound is put aside for the order: a guest who has paid by it keeps it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.purchases import BasketLine, Priced, price, prices_alike
from loyalty.refusals import Code, Refusal
from models import database
from services import programmes, quotes
from services.identify import not_accepted
from services.pos import menu, orders
from services.pos.menu import CHANNEL, MenuLine
from services.pos.orders import Guest, Order
from services.promotions import holding
from services.promotions.pricing import Basket, price_basket
from services.quotes import Quoted, QuotedFor
from services.tiers.reading import grant_of, stands
from services.tills import TillFacts

PROMISED: Final = timedelta(hours=72)
"""How long the quote of an order is kept: a receipt that was closed without network still finds what it was promised."""
TRIES: Final = 8

_STANDING: Final = """
SELECT m.status AS member_status, c.status AS card_status, b.amount AS accumulated,
    s.granted_tier, s.granted_until FROM member AS m
JOIN card AS c ON c.id = $2 JOIN member_standing AS s ON s.member_id = m.id
JOIN balance AS b ON b.account_id = s.qualifying_account WHERE m.id = $1
"""
_QUOTE: Final = "SELECT lines, gross, discount, net, promotions, created_at, expires_at FROM quote WHERE id = $1"


@dataclass(frozen=True, slots=True)
class OrderQuote:
    """A priced order; `unmapped` names menu groups that were sold as the outlet's default.

    `items` are those of the lines, in their order; none where a kept quote was priced again.
    """

    quoted: Quoted
    tier: Tier
    items: tuple[UUID, ...] = ()
    unmapped: tuple[str, ...] = ()


async def quote_order(
    till: TillFacts, *, order: UUID, ticket: UUID | None, lines: Sequence[MenuLine], now: datetime
) -> OrderQuote:
    """Price an order for its guest; a ticket binds one to it first. Moves nothing.

    Raises TICKET_EXPIRED, NOT_FOUND for an order without a guest, QUOTE_USED for a closed one, CARD_NOT_ACCEPTED,
    CHANNEL_NOT_ALLOWED, SERVICE_NOT_SOLD_HERE and INVALID_INPUT with the path of the line.
    """
    till.require("EARN")
    if CHANNEL not in till.channels:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "pos.channel")
    await menu.note_groups(till, lines, now)
    known = await orders.find(till, order)
    guest = await _guest(till, known, ticket, now)
    programme = await programmes.current(now)
    sold = await menu.sort_lines(till, programme, lines, now)
    basket = basket_of(lines, sold.services)
    await _priced(till, programme, guest, basket, order=None, now=now)
    # Nothing is written before everything is known to be right; a ticket that came with an earlier quote is there.
    is_bound = known is not None and known.cancelled_at is None and known.guest.ticket == guest.ticket
    bound = known if is_bound else None
    if bound is None:
        bound = await orders.bind(None, till, order, guest, now, is_deferred=False)
    quoted, tier = await _promise(till, programme, bound, basket, now)
    return OrderQuote(quoted, tier, tuple(line.item for line in lines), sold.unmapped)


async def reserve_order(
    till: TillFacts, *, order: UUID, quote: UUID, discount: int, now: datetime
) -> tuple[OrderQuote, bool]:
    """Fix the price of an order before money is taken: (the price that holds, whether it is fixed).

    It is not where the price has changed since, or the till applied another sum than the quote's discount.

    Raises NOT_FOUND for an order without a guest, QUOTE_USED for a closed one, QUOTE_EXPIRED for a quote that a newer
    one has replaced.
    """
    bound = await orders.find(till, order)
    if bound is None or bound.cancelled_at is not None:
        raise orders.no_guest()
    _check_open(bound, now)
    if bound.quote != quote:
        raise Refusal(Code.QUOTE_EXPIRED, "pos.quote_replaced", field="quote")
    row = await database.fetchrow(_QUOTE, quote)
    if row is None:
        raise Refusal(Code.QUOTE_EXPIRED, "purchase.quote_expired", field="quote")
    programme = await programmes.current(now)
    before = Priced.of(quotes.read_lines(row["lines"]))
    basket = [BasketLine(line.service, line.name, line.quantity, line.gross) for line in before.lines]
    # In the moment of the quote: an hour that ends meanwhile takes no promise back.
    fresh, tier = await _priced(till, programme, bound.guest, basket, order=bound.id, now=now, at=row["created_at"])
    if not prices_alike(before, fresh):
        quoted, tier = await _promise(till, programme, bound, basket, now)
        return OrderQuote(quoted, tier), False
    same = OrderQuote(Quoted(quote, row["expires_at"], fresh, programme), tier)
    if discount != fresh.discount:
        return same, False
    await orders.priced(bound, quote, reserved_at=bound.reserved_at or now)
    return same, True


def priced_by(
    programme: Programme,
    till: TillFacts,
    tier: str,
    lines: Sequence[MenuLine],
    services: Sequence[str],
    *,
    channel: str = CHANNEL,
) -> Priced:
    """The price of an order's lines by a version and a tier. Fields of refusals are those of the order."""
    return price(programme, partner=till.partner, channel=channel, tier=tier, lines=basket_of(lines, services))


def basket_of(lines: Sequence[MenuLine], services: Sequence[str]) -> list[BasketLine]:
    """The lines of an order as they are priced."""
    return [
        BasketLine(service, line.name, line.quantity, line.amount)
        for line, service in zip(lines, services, strict=True)
    ]


async def _priced(
    till: TillFacts,
    programme: Programme,
    guest: Guest,
    basket: Sequence[BasketLine],
    *,
    order: UUID | None,
    now: datetime,
    at: datetime | None = None,
) -> tuple[Priced, Tier]:
    """The price of a basket for a guest, by the hours of `at`, and the tier. What the order has put aside is there for it."""
    found = await database.fetchrow(_STANDING, guest.member, guest.card)
    if found is None or (found["member_status"], found["card_status"]) != ("ACTIVE", "ACTIVE"):
        raise not_accepted()
    tier = (await stands(programme, guest.member, found["accumulated"], grant_of(found), now)).tier
    own = {} if order is None or programme.promotions is None else await holding.own(order, guest.member)
    standing = (CHANNEL, tier.id, found["accumulated"])
    made = Basket(guest.member, till.partner, till.outlet, *standing, basket, at or now, own=own)
    return (await price_basket(programme, made)).priced, tier


async def _promise(
    till: TillFacts, programme: Programme, bound: Order, basket: Sequence[BasketLine], now: datetime
) -> tuple[Quoted, Tier]:
    """Price, put aside what the price takes of campaigns, and keep the quote; again where others were first."""
    guest = bound.guest
    for _ in range(TRIES):
        priced, tier = await _priced(till, programme, guest, basket, order=bound.id, now=now)
        life = PROMISED + quotes.KEPT
        # Without campaigns nothing is put aside; what an earlier version promised is given back by cancelling or by time.
        if programme.promotions is not None and not await holding.hold(
            bound.id, guest.member, programme, priced, now=now, life=life
        ):
            continue
        made_for = QuotedFor(till, guest.ticket or bound.id, guest.member, guest.card, CHANNEL)
        quoted = await quotes.keep(made_for, programme, tier.id, priced, now, life=PROMISED)
        await orders.priced(bound, quoted.id, reserved_at=None)
        return quoted, tier
    raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)


async def _guest(till: TillFacts, known: Order | None, ticket: UUID | None, now: datetime) -> Guest:
    if known is not None and known.items is not None:
        raise orders.closed()
    if ticket is not None:
        if known is None or known.guest.ticket != ticket or known.cancelled_at is not None:
            return await orders.guest_of_ticket(till, ticket, now)
    elif known is None or known.cancelled_at is not None:
        raise orders.no_guest()
    _check_open(known, now)
    return known.guest


def _check_open(bound: Order, now: datetime) -> None:
    if bound.items is not None:
        raise orders.closed()
    if bound.bound_at + orders.ORDER_LIFE < now:
        raise Refusal(Code.TICKET_EXPIRED, "quote.ticket_expired", field="order")
