"""Purchases from the scan to the receipt, in as few words as a test needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import count
from uuid import UUID, uuid4

from loyalty.purchases import BasketLine
from models import database
from models.ids import uuid7
from services.purchases import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.quotes import Quoted, quote_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember

_RECEIPTS = count(1)


def dinner(roubles: int, *, service: str = "restaurants", quantity: int = 1000) -> BasketLine:
    """A line of a dinner."""
    return BasketLine(service, "Ужин", quantity, roubles * 100)


async def make_ticket(till: TillFacts, member: MadeMember, now: datetime, *, by_phone: bool = False) -> str:
    """A ticket as a scan gives it, or a told number."""
    ticket = uuid4()
    await database.execute(
        "INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at, by_phone)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(ticket, till.id, uuid7(), member.id, member.card, now, now + timedelta(minutes=10), by_phone),
    )
    return str(ticket)


async def make_quote(
    till: TillFacts, member: MadeMember, lines: Sequence[BasketLine], now: datetime, *, channel: str = "TILL"
) -> Quoted:
    """A quote for a member."""
    return await quote_purchase(
        till, ticket=await make_ticket(till, member, now), lines=lines, channel=channel, now=now
    )


def command(
    quote: UUID, net: int, now: datetime, *, key: str | None = None, receipt: str | None = None
) -> PurchaseCommand:
    """A command to post by a quote, paid by card."""
    return PurchaseCommand(
        key=key or str(uuid4()),
        quote=str(quote),
        receipt_number=receipt or f"{next(_RECEIPTS):06d}",
        closed_at=now,
        tenders=[TenderPaid("CARD", net)] if net else [],
    )


async def make_purchase(
    resources: Resources,
    till: TillFacts,
    member: MadeMember,
    lines: Sequence[BasketLine],
    now: datetime,
    *,
    channel: str = "TILL",
) -> Posted:
    """A posted purchase."""
    quoted = await make_quote(till, member, lines, now, channel=channel)
    made = await post_purchase(resources, till, command(quoted.id, quoted.priced.net, now), now=now)
    assert not isinstance(made, Repriced)
    return made
