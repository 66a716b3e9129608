"""A programme with points, and what moves them in as few words as a test needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from loyalty.programme import Programme
from loyalty.purchases import BasketLine
from models import database
from models.ids import uuid7
from services import programmes
from services.points.balances import Balance, balance_of
from services.purchases import Posted, PurchaseCommand, Repriced, TenderPaid, post_purchase
from services.quotes import Quoted, quote_purchase
from services.refunds import RefundCommand, Refunded, RefundWish, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from services.work import work
from tests.makers.people import MadeMember
from tests.makers.purchases import make_ticket

# One point is one rouble; everything earns 10 %, of furniture half may be paid with points, of the café all of it.
POINTS = """\
id: points
name: {ru: Баллы, en: Points}
currency: RUB
time_zone: Europe/Moscow
minimum_age: 18
names_cyrillic_only: false
tier_window: LIFETIME
tier_after_refund: AT_ONCE
tiers:
  - {id: guest, name: {ru: Гость, en: Guest}, threshold: 0}
  - {id: friend, name: {ru: Друг, en: Friend}, threshold: 100000}
points:
  unit:
    name: {ru: Бонусы, en: Bonus points}
    one: {ru: бонус, en: point}
    few: {ru: бонуса, en: points}
    many: {ru: бонусов, en: points}
  worth: 1
  rounding: DOWN
  life_days: 30
  hold_minutes: 10
  tenders: {GIFT_CARD: 0, INSTALMENT: 50}
partners:
  - id: shop
    name: {ru: Магазин, en: Shop}
    kind: SHOP
    outlets:
      - {id: shop-one, name: Первый}
      - {id: shop-two, name: Второй}
    services:
      - {id: furniture, name: Мебель, channels: [TILL]}
      - {id: delivery, name: Доставка, channels: [TILL]}
    rules:
      - {services: [furniture], channels: [TILL], discount: 0, accumulates: true, earns: {guest: 10, friend: 20}, redeem_cap: 50}
      - {services: [delivery], channels: [TILL], discount: 0, accumulates: false}
  - id: cafe
    name: {ru: Кафе, en: Café}
    kind: RESTAURANT
    outlets:
      - {id: cafe, name: Кафе}
    services:
      - {id: food, name: Еда, channels: [TILL]}
    rules:
      - {services: [food], channels: [TILL], discount: 0, accumulates: true, earns: 10, redeem_cap: 100}
documents:
  - {id: offer, kind: OFFER, version: "1", title: Оферта, text: Текст.}
  - {id: data, kind: PERSONAL_DATA, version: "1", title: Данные, text: Текст.}
  - {id: transfer, kind: PARTNER_TRANSFER, version: "1", title: Партнёрам, text: Текст.}
  - {id: mail, kind: MARKETING, version: "1", title: Письма, text: Текст.}
"""


async def apply_points(folder: Path, now: datetime, *changes: tuple[str, str]) -> Programme:
    """Put the programme in force, with changes of its text."""
    text = POINTS
    for written, instead in changes:
        assert text.count(written) == 1, written
        text = text.replace(written, instead)
    file = folder / "points.yaml"
    file.write_text(text, encoding="utf-8")
    programmes.forget()
    applied = await programmes.apply(file, now)
    assert applied.version is not None, applied.checked
    return await programmes.current(now)


def goods(roubles: int, *, service: str = "furniture", quantity: int = 1000) -> BasketLine:
    """A line of furniture."""
    return BasketLine(service, "Матрас", quantity, roubles * 100)


async def quote(
    till: TillFacts,
    member: MadeMember,
    lines: Sequence[BasketLine],
    now: datetime,
    *,
    points: int | None = None,
    ticket: str | None = None,
) -> Quoted:
    """A quote that puts `points` aside."""
    ticket = ticket or await make_ticket(till, member, now)
    return await quote_purchase(till, ticket=ticket, lines=lines, channel="TILL", now=now, points=points)


def paid(quoted: Quoted, now: datetime, *, kind: str = "CARD", key: str | None = None) -> PurchaseCommand:
    """A command to post by a quote: what is put aside in points, the rest in money."""
    hold = None if quoted.points is None else quoted.points.hold
    worth = 0 if hold is None else hold.worth
    tenders = [TenderPaid("POINTS", worth), TenderPaid(kind, quoted.priced.net - worth)]
    return PurchaseCommand(
        key=key or str(uuid4()),
        quote=str(quoted.id),
        receipt_number=uuid4().hex[:12],
        closed_at=now,
        tenders=[tender for tender in tenders if tender.amount],
    )


async def buy(
    resources: Resources,
    till: TillFacts,
    member: MadeMember,
    lines: Sequence[BasketLine],
    now: datetime,
    *,
    points: int | None = None,
    kind: str = "CARD",
) -> Posted:
    """A posted purchase, partly paid with points."""
    quoted = await quote(till, member, lines, now, points=points)
    made = await post_purchase(resources, till, paid(quoted, now, kind=kind), now=now)
    assert not isinstance(made, Repriced)
    return made


async def give_back(
    resources: Resources,
    till: TillFacts,
    made: Posted,
    now: datetime,
    *parts: tuple[int, int],
    cashier: str | None = None,
) -> Refunded:
    """Return (line, thousandths) of a purchase, or all that is left."""
    lines = made.purchase.lines
    command = RefundCommand(
        key=str(uuid4()),
        purchase=made.purchase.id,
        receipt_number=None,
        business_date=None,
        refund_number=uuid4().hex[:12],
        refunded_at=now,
        lines=[RefundWish(lines[place].id, quantity, None) for place, quantity in parts] or None,
        cashier=cashier,
    )
    return await refund_purchase(resources, till, command, now=now)


async def grant(member: UUID, points: int, now: datetime, *, days: int | None = 30) -> None:
    """Points from the programme itself, as a lot of their own, by what the staff's own grants are posted with."""
    made, ends = uuid7(), None if days is None else now + timedelta(days=days)
    async with work() as tx:
        await tx.execute("SELECT grant_points($1, $2, $1, $3, $4, $5, $6)", made, uuid7(), member, points, ends, now)


async def withdraw(member: UUID, points: int, now: datetime) -> None:
    """Points taken back by the programme, as far as they can be spent."""
    await settle(member, now)
    taken = min(points, (await stored(member))[0])
    if taken:
        await grant(member, -taken, now)


async def settle(member: UUID, now: datetime) -> int:
    """Write what time has done; say in how many steps."""
    steps: int = await database.fetchval("SELECT settle_points($1, $2)", member, now)
    return steps


async def sums(member: UUID, now: datetime) -> tuple[int, int, int, int]:
    """(available, pending, held, debt) as they are read."""
    balance: Balance = await balance_of(member, now)
    return balance.available, balance.pending, balance.held, balance.debt


async def stored(member: UUID) -> tuple[int, int, int, int]:
    """(available, pending, held, debt) as they are written."""
    row = await database.fetchrow(
        "SELECT available, pending, held, debt FROM member_points WHERE member_id = $1", member
    )
    return (0, 0, 0, 0) if row is None else (row["available"], row["pending"], row["held"], row["debt"])
