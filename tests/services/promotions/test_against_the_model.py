"""Campaigns with bounds on PostgreSQL against counters kept by hand: any sales, orders, cancels, closings, returns and nights."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import database
from services.ledger import check_books
from services.pos import menu
from services.pos.closing import ClosedLine, ClosedOrder, close_order
from services.pos.menu import MenuLine
from services.pos.orders import cancel
from services.pos.quoting import OrderQuote, quote_order
from services.promotions import holding
from services.purchases import Posted, Repriced, TenderPaid, post_purchase
from services.refunds import RefundCommand, RefundWish, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.campaigns import bought, make_shop
from tests.makers.ground import Ground
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.purchases import command, make_quote, make_ticket
from tests.makers.stories import lived

GUESTS: Final = 2
MOST, USES, EACH = 70_00, 6, 3
# Ten roubles off from fifty on: seventy in all, six receipts, three of a guest.
CAMPAIGN: Final = (
    f"id: ten, name: Десять, when: {{basket_min: 50}}, gives: {{amount: 10}}, budget: {{discount: {MOST // 100}, uses: {USES}}},"
    f" per_member: {EACH}"
)
GIVES: Final = 10_00
Step = tuple[str, int, int]
steps = st.one_of(
    st.tuples(st.just("sell"), st.integers(0, GUESTS - 1), st.sampled_from([49_00, 50_00, 133_33])),
    st.tuples(st.just("order"), st.integers(0, GUESTS - 1), st.sampled_from([49_00, 50_00, 133_33])),
    st.tuples(st.just("close"), st.integers(0, 9), st.sampled_from([0, 1])),
    st.tuples(st.just("cancel"), st.integers(0, 9), st.just(0)),
    st.tuples(st.just("return"), st.integers(0, 9), st.sampled_from([0, 333, 500])),
    st.tuples(st.just("night"), st.just(0), st.just(0)),
)


@dataclass
class Sale:
    """A receipt with what it was given: kopecks off, of so much in thousandths is back."""

    guest: int
    purchase: UUID
    line: UUID
    given: int
    back: int = 0


@dataclass
class Table:
    """An order with its quote."""

    guest: int
    order: UUID
    line: MenuLine
    quote: OrderQuote
    promised: int


@dataclass
class Naive:
    """The counters of the campaign, kept by hand."""

    sales: list[Sale] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)

    @property
    def discount(self) -> int:
        """Kopecks: what receipts keep, and what tables are promised."""
        kept = sum(one.given - one.given * one.back // 1000 for one in self.sales)
        return kept + sum(one.promised for one in self.tables)

    def uses(self, guest: int | None = None) -> int:
        """Receipts that are not back, and tables, of a guest or of all."""
        used = [*(one.guest for one in self.sales if one.given and one.back < 1000)]
        used += [one.guest for one in self.tables if one.promised]
        return len(used) if guest is None else used.count(guest)

    def price(self, guest: int, amount: int) -> int:
        """What a basket of one line is given now."""
        fits = self.discount + GIVES <= MOST and self.uses() < USES and self.uses(guest) < EACH
        return GIVES if amount >= 50_00 and fits else 0


class Story:
    """One life of the campaign, lived twice."""

    def __init__(self, resources: Resources, till: TillFacts, guests: list[MadeMember], now: datetime) -> None:
        self.resources, self.till, self.guests, self.now = resources, till, guests, now
        self.naive = Naive()

    async def take(self, what: str, one: int, other: int) -> None:
        """One step in both."""
        self.now += timedelta(minutes=1)
        if what == "sell":
            await self.sell(one, other)
        elif what == "order":
            await self.order(one, other)
        elif what == "close" and self.naive.tables:
            await self.close(self.naive.tables.pop(one % len(self.naive.tables)), gives=bool(other))
        elif what == "cancel" and self.naive.tables:
            assert await cancel(self.till, self.naive.tables.pop(one % len(self.naive.tables)).order, self.now)
        elif what == "return" and self.naive.sales:
            await self.give_back(self.naive.sales[one % len(self.naive.sales)], other)
        elif what == "night":
            self.now += timedelta(days=5)
            await holding.sweep(self.now)
            self.naive.tables.clear()
        await self.check()

    async def sell(self, guest: int, amount: int) -> None:
        quoted = await make_quote(self.till, self.guests[guest], bought(("bar", amount)), self.now)
        given = self.naive.price(guest, amount)
        assert quoted.priced.discount == given
        made = await post_purchase(
            self.resources, self.till, command(quoted.id, quoted.priced.net, self.now), now=self.now
        )
        assert not isinstance(made, Repriced)
        self.naive.sales.append(sale_of(guest, made, given))

    async def order(self, guest: int, amount: int) -> None:
        line = MenuLine(uuid4(), None, menu.DEFAULT, "", "Обед", 1000, amount)
        order, ticket = uuid4(), await make_ticket(self.till, self.guests[guest], self.now)
        made = await quote_order(self.till, order=order, ticket=UUID(ticket), lines=[line], now=self.now)
        promised = self.naive.price(guest, amount)
        assert made.quoted.priced.discount == promised
        self.naive.tables.append(Table(guest, order, line, made, promised))

    async def close(self, table: Table, *, gives: bool) -> None:
        off = table.promised if gives else 0
        paid = table.line.amount - off
        closed = ClosedOrder(
            table.order, table.quote.quoted.id, None, str(table.order)[:12], self.now,
            [ClosedLine(table.line, off)], [TenderPaid("CARD", paid)],
        )  # fmt: skip
        made = await close_order(self.resources, self.till, closed, now=self.now)
        assert made is not None
        assert made.purchase.discount == off
        self.naive.sales.append(Sale(table.guest, made.purchase.id, made.purchase.lines[0].id, off))

    async def give_back(self, sale: Sale, part: int) -> None:
        left = 1000 - sale.back
        back = min(part, left) or left
        if not back:
            return
        wish = RefundWish(sale.line, back, None)
        wanted = RefundCommand(str(uuid4()), sale.purchase, None, None, uuid4().hex[:12], self.now, [wish])
        await refund_purchase(self.resources, self.till, wanted, now=self.now)
        sale.back += back

    async def check(self) -> None:
        """The counters are those kept by hand, and within their bounds."""
        row = await database.fetchrow("SELECT discount, uses FROM campaign_budget WHERE campaign = 'ten'")
        assert ((0, 0) if row is None else tuple(row)) == (self.naive.discount, self.naive.uses())
        assert self.naive.discount <= MOST
        for place, guest in enumerate(self.guests):
            uses = await database.fetchval("SELECT uses FROM campaign_use WHERE member_id = $1", guest.id)
            assert (uses or 0) == self.naive.uses(place) <= EACH


def sale_of(guest: int, made: Posted, given: int) -> Sale:
    return Sale(guest, made.purchase.id, made.purchase.lines[0].id, given)


async def make_bar(now: datetime, tmp_path: Path) -> TillFacts:
    await make_shop(now - timedelta(days=9), tmp_path, CAMPAIGN)
    till, _ = await make_till(now, partner="inn", outlet="inn", channels=("TILL",))
    await menu.say("inn", menu.DEFAULT, "bar", now - timedelta(days=5))
    return till


@pytest.fixture
def ground(db: None, now: datetime, tmp_path: Path) -> Ground[TillFacts]:
    return Ground(lambda: make_bar(now, tmp_path))


@lived
@given(story=st.lists(steps, min_size=3, max_size=14))
async def test_any_commands_leave_the_counters_of_the_naive_ones(
    ground: Ground[TillFacts], resources: Resources, now: datetime, story: list[Step]
) -> None:
    """INV-08, C-06: what is promised, paid, cancelled, forgotten and returned is counted once, within every bound."""
    till = await ground()
    await database.execute("TRUNCATE campaign_hold, campaign_use, campaign_budget")
    life = Story(resources, till, [await make_member(now) for _ in range(GUESTS)], now)
    for what, one, other in story:
        await life.take(what, one, other)
    assert [found for found in await check_books(life.now) if not found.subject.startswith("member ")] == []
