"""Campaigns at restaurants' plugins and on receipts taken without network: promised, paid, told late, and given back."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from models import database
from services.ledger import check_books
from services.pos import menu, orders
from services.pos.orders import Guest
from services.promotions import holding
from services.resources import Resources
from services.tills import till_by_id
from tests.makers.campaigns import bought, make_shop
from tests.makers.offline import TillPage, kept, till_page
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock, Plugin, closing, dish, plugin_of
from tests.makers.purchases import make_quote
from tests.makers.resources import make_resources
from tests.makers.state import books, state

TENTH = "id: tenth, name: Десятая, gives: {percent: 10}, budget: {discount: 1000}, per_member: 5"
LAST = "id: last, name: Последняя, gives: {amount: 10}, budget: {discount: 10}"
GIFT = "id: gift, name: Подарок, when: {basket_min: 500}, gives: {gift_points: 50}, budget: {points: 50}"
DOUBLE = "id: double, name: Двойные, priority: 5, gives: {points_times: 2}, per_member: 1"
LIFT = "id: lift, name: Подъём, gives: {tier: second, days: 10}, budget: {uses: 1}"
RIVALS = 12


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


class House:
    """A restaurant whose programme has campaigns, with a plugin and a page of a till."""

    def __init__(self, plugin: Plugin, page: TillPage, resources: Resources, clock: Clock) -> None:
        self.plugin, self.page, self.resources, self.clock = plugin, page, resources, clock

    async def guest(self) -> tuple[MadeMember, Phone]:
        member = await make_member(self.clock() - timedelta(days=1))
        return member, await make_phone(self.resources, member.id, self.clock())

    async def quote(self, phone: Phone | None, order: str, *lines: dict[str, Any]) -> dict[str, Any]:
        ticket = {} if phone is None else {"ticket": await self.plugin.scanned(phone)}
        return await self.plugin.ask("quote", order=order, lines=list(lines), **ticket)

    async def commit(self, order: str, quote: dict[str, Any] | None, *lines: dict[str, Any], **more: Any) -> Any:
        return await self.plugin.ask("commit", **closing(order, quote, lines, self.clock(), **more))


@pytest.fixture
async def house(db: None, resources: Resources, clock: Clock, tmp_path: Path) -> AsyncIterator[House]:
    await make_shop(clock() - timedelta(days=30), tmp_path, TENTH)
    _, key = await make_till(clock(), partner="inn", outlet="inn", channels=("TILL",))
    await menu.say("inn", menu.DEFAULT, "bar", clock() - timedelta(days=5))
    roomy = make_resources(deferred_per_member_day=100)
    async with plugin_of(roomy, key, clock) as plugin, till_page(roomy, key, clock) as page:
        yield House(plugin, page, roomy, clock)


async def put_in_force(house: House, folder: Path, *campaigns: str) -> None:
    """Other campaigns, some days ago."""
    await make_shop(house.clock() - timedelta(days=3), folder, *campaigns)


async def counters(campaign: str) -> tuple[int, int, int, int]:
    """(kopecks, points, receipts, promises) of a campaign."""
    row = await database.fetchrow(
        "SELECT discount, points, uses, (SELECT count(*) FROM campaign_hold WHERE campaign = $1) AS held"
        " FROM campaign_budget WHERE campaign = $1",
        campaign,
    )
    return (0, 0, 0, 0) if row is None else tuple(row)


async def given() -> list[tuple[str | None, int, int, int, int]]:
    """(campaign, amount, points, and of each what came back) of every application."""
    rows = await database.fetch(
        "SELECT a.campaign, a.amount, a.points, a.refunded_amount, a.refunded_points FROM discount_application AS a"
        " JOIN purchase_line AS l ON l.id = a.line_id ORDER BY l.position, a.campaign"
    )
    return [tuple(row) for row in rows]


def back(order: str, clock: Clock, *lines: dict[str, Any]) -> dict[str, Any]:
    more = {"lines": list(lines)} if lines else {}
    return {"order": order, "refund": str(uuid4()), "number": "R", "refundedAt": clock().isoformat(), **more}


async def test_an_order_from_the_quote_to_the_return(house: House) -> None:
    """A-052, INV-08: what was promised is put aside, paid, kept line by line, told twice alike, and given back exactly."""
    member, phone = await house.guest()
    order, soup, tea = str(uuid4()), dish("1000.00"), dish("333.33", product="tea")
    quote = await house.quote(phone, order, soup, tea)
    assert [line["discount"] for line in quote["lines"]] == ["100.00", "33.33"]
    (told,) = quote["campaigns"]
    assert (told["campaign"], told["name"], told["state"], told["discount"]) == (
        "tenth",
        "Десятая",
        "APPLIED",
        "133.33",
    )
    assert await counters("tenth") == (133_33, 0, 1, 1)
    again = await house.quote(None, order, soup, tea)
    assert await counters("tenth") == (133_33, 0, 1, 1), "another quote takes the place of the first"
    fixed = await house.plugin.ask("reserve", order=order, quote=again["quote"], discount="133.33")
    assert (fixed["result"], fixed["quote"]["campaigns"]) == ("RESERVED", quote["campaigns"])
    posted = await house.commit(order, again, soup, tea)
    assert (posted["result"], posted["purchase"]["discount"]) == ("POSTED", "133.33")
    assert await counters("tenth") == (133_33, 0, 1, 0)
    assert await given() == [("tenth", 100_00, 0, 0, 0), ("tenth", 33_33, 0, 0, 0)]
    before = await state()
    assert await house.commit(order, again, soup, tea) == posted
    assert await state() == before
    part = back(order, house.clock, {"item": soup["item"], "net": "300.00"})
    assert (await house.plugin.ask("refund", **part))["refund"] | {"id": 0} == {
        "id": 0, "number": "R", "net": "300.00", "discount": "33.33",
    }  # fmt: skip
    assert (await given())[0] == ("tenth", 100_00, 0, 33_33, 0)
    assert await counters("tenth") == (100_00, 0, 1, 0)
    await house.plugin.ask("refund", **back(order, house.clock))
    assert await counters("tenth") == (0, 0, 0, 0)
    assert [row[3] for row in await given()] == [100_00, 33_33]
    assert await database.fetchval("SELECT uses FROM campaign_use WHERE member_id = $1", member.id) == 0
    assert await check_books(house.clock()) == []


async def test_a_tier_is_given_with_the_order_and_gone_with_its_return(house: House, tmp_path: Path) -> None:
    """A-226: promised with the quote, given when the order is paid, though the campaign has ended by then."""
    await put_in_force(house, tmp_path, LIFT)
    member, phone = await house.guest()
    order, soup = str(uuid4()), dish("100.00")
    quote = await house.quote(phone, order, soup)
    assert [(one["campaign"], one["state"]) for one in quote["campaigns"]] == [("lift", "APPLIED")]
    await house.plugin.ask("reserve", order=order, quote=quote["quote"], discount="0.00")
    await make_shop(house.clock(), tmp_path, TENTH)
    assert (await house.commit(order, quote, soup))["result"] == "POSTED"
    standing = "SELECT granted_tier FROM member_standing WHERE member_id = $1"
    assert await database.fetchval(standing, member.id) == "second"
    await house.plugin.ask("refund", **back(order, house.clock))
    assert await database.fetchval(standing, member.id) is None
    assert await check_books(house.clock()) == []


async def test_the_last_kopeck_of_a_budget_is_promised_to_exactly_one_table(house: House, tmp_path: Path) -> None:
    """C-06, INV-17: a dozen tables at once; eleven hear why not, and all of them pay what they were told."""
    await put_in_force(house, tmp_path, LAST)
    guests = [await house.guest() for _ in range(RIVALS)]
    tables = [(str(uuid4()), dish("100.00")) for _ in guests]
    quotes = await asyncio.gather(
        *(house.quote(phone, order, line) for (_, phone), (order, line) in zip(guests, tables, strict=True))
    )
    assert sorted(quote["discount"] for quote in quotes) == ["0.00"] * (RIVALS - 1) + ["10.00"]
    assert sorted(quote["campaigns"][0]["state"] for quote in quotes) == ["APPLIED"] + ["OVER"] * (RIVALS - 1)
    fixed = await asyncio.gather(
        *(
            house.plugin.ask("reserve", order=order, quote=quote["quote"], discount=quote["discount"])
            for (order, _), quote in zip(tables, quotes, strict=True)
        )
    )
    assert {one["result"] for one in fixed} == {"RESERVED"}
    answers = await asyncio.gather(
        *(house.commit(order, quote, line) for (order, line), quote in zip(tables, quotes, strict=True))
    )
    assert {answer["result"] for answer in answers} == {"POSTED"}
    assert await counters("last") == (10_00, 0, 1, 0)
    assert await check_books(house.clock()) == []


async def test_a_guest_uses_a_campaign_as_often_as_it_says(house: House, tmp_path: Path) -> None:
    """A cap a member: a dozen bills of one guest at once, two of them with the discount."""
    await put_in_force(house, tmp_path, "id: twice, name: Дважды, gives: {percent: 10}, per_member: 2")
    member, phone = await house.guest()
    ticket = await house.plugin.scanned(phone)
    bills = [(str(uuid4()), dish("100.00")) for _ in range(RIVALS)]
    quotes = await asyncio.gather(
        *(house.plugin.ask("quote", order=order, ticket=ticket, lines=[line]) for order, line in bills)
    )
    assert sorted(quote["discount"] for quote in quotes) == ["0.00"] * (RIVALS - 2) + ["10.00"] * 2
    await asyncio.gather(
        *(house.commit(order, quote, line) for (order, line), quote in zip(bills, quotes, strict=True))
    )
    assert await database.fetchval("SELECT uses FROM campaign_use WHERE member_id = $1", member.id) == 2
    assert await counters("twice") == (20_00, 0, 2, 0)


async def test_who_has_paid_keeps_it_days_later(house: House, tmp_path: Path) -> None:
    """INV-24: quoted, paid without network, told two days later and without a reserve; meanwhile the budget was wanted."""
    await put_in_force(house, tmp_path, LAST)
    (_, phone), (other, theirs) = await house.guest(), await house.guest()
    order, line = str(uuid4()), dish("100.00")
    quote = await house.quote(phone, order, line)
    paid_at = house.clock()
    till, _ = await make_till(house.clock(), partner="inn", outlet="inn")
    assert (await make_quote(till, other, bought(("bar", 100_00)), house.clock())).priced.discount == 0
    house.clock.move(hours=60)
    assert (await house.quote(theirs, str(uuid4()), dish("100.00")))["discount"] == "0.00"
    posted = await house.plugin.ask("commit", **closing(order, quote, [line], paid_at))
    assert posted["purchase"]["discount"] == "10.00"
    assert await counters("last") == (10_00, 0, 1, 0)
    assert await check_books(house.clock()) == []


async def test_what_nobody_closes_is_free_again(house: House, tmp_path: Path) -> None:
    """C-03: cancelled, given to another guest, or left alone for four days."""
    await put_in_force(house, tmp_path, LAST)
    (first, phone), (second, theirs) = await house.guest(), await house.guest()
    order, line = str(uuid4()), dish("100.00")
    assert (await house.quote(phone, order, line))["discount"] == "10.00"
    assert await house.plugin.ask("cancel", order=order) == {"result": "CANCELLED"}
    assert await counters("last") == (0, 0, 0, 0)
    house.clock.move(minutes=1)
    assert (await house.quote(phone, order, line))["discount"] == "10.00"
    assert (await house.quote(theirs, order, line))["discount"] == "10.00", "the order has another guest now"
    rows = await database.fetch("SELECT member_id, uses FROM campaign_use")
    assert {row["member_id"]: row["uses"] for row in rows} == {first.id: 0, second.id: 1}
    assert await holding.sweep(house.clock() + timedelta(days=3, hours=23)) == 0
    assert await holding.sweep(house.clock() + timedelta(days=4, minutes=1)) == 1
    assert await counters("last") == (0, 0, 0, 0)
    # Told all the same: the guest has paid, and the counter says so.
    await house.commit(order, await house.quote(None, order, line), line)
    assert await counters("last") == (10_00, 0, 1, 0)


async def test_what_the_till_did_not_give_is_not_counted(house: House) -> None:
    """The till closed without our discount: no part, no use, and the campaign says so on the receipt."""
    member, phone = await house.guest()
    order, line = str(uuid4()), dish("1000.00")
    quote = await house.quote(phone, order, line)
    without = closing(order, None, [line], house.clock()) | {"quote": quote["quote"]}
    posted = await house.plugin.ask("commit", **without)
    assert posted["purchase"]["discount"] == "0.00"
    assert (await counters("tenth"), await given()) == ((0, 0, 0, 0), [])
    outcomes = await database.fetchval("SELECT outcomes->0->>'state' FROM purchase_promotion")
    assert outcomes == "LOST"
    assert await database.fetchval("SELECT uses FROM campaign_use WHERE member_id = $1", member.id) == 0
    assert await check_books(house.clock()) == []


async def test_a_line_that_came_later_has_the_price_of_its_rule(house: House) -> None:
    """Ordered after the last quote: what was quoted keeps its promise, the rest is what the rules say."""
    _, phone = await house.guest()
    order, soup, tea = str(uuid4()), dish("1000.00"), dish("200.00", product="tea")
    quote = await house.quote(phone, order, soup)
    posted = await house.commit(order, quote, soup, tea)
    assert [line["discount"] for line in posted["purchase"]["lines"]] == ["100.00", "0.00"]
    assert await counters("tenth") == (100_00, 0, 1, 0)
    assert await check_books(house.clock()) == []


async def points_of(member: UUID) -> int:
    found = await database.fetchval("SELECT available FROM member_points WHERE member_id = $1", member)
    return found or 0


async def test_without_network_campaigns_give_points_and_take_nothing_off(house: House, tmp_path: Path) -> None:
    """INV-24, I-18: by the rules of the moment of purchase, though they changed since; told again, nothing moves."""
    await put_in_force(house, tmp_path, TENTH, GIFT, DOUBLE)
    member, phone = await house.guest()
    closed = house.clock()
    house.clock.move(hours=5)
    await make_shop(house.clock() - timedelta(hours=1), tmp_path, "id: other, name: Другая, gives: {percent: 50}")
    receipts = [kept(phone, closed + timedelta(minutes=7 * place), "600.00", service="bar") for place in range(3)]
    answers = await house.page.send(*receipts[::-1])
    assert {one["posted"]["purchase"]["discount"] for one in answers} == {"0.00"}
    # The earliest has the double and the gift: 5 % of 600 twice, and 50; the others what the rule gives.
    assert [one["posted"]["purchase"]["points"]["earned"] for one in answers[::-1]] == [110, 30, 30]
    assert await points_of(member.id) == 170
    assert (await counters("gift"), await counters("double")) == ((0, 50, 1, 0), (0, 0, 1, 0))
    assert await counters("tenth") == (0, 0, 0, 0)
    before = await books(member.id)
    assert await house.page.send(*receipts) == answers[::-1]
    assert await books(member.id) == before
    assert await check_books(house.clock()) == []


async def test_the_last_gift_goes_to_one_of_a_dozen_tills_without_network(house: House, tmp_path: Path) -> None:
    """Budgets hold for what comes late as for what is quoted, and a return takes exactly its share back."""
    await put_in_force(house, tmp_path, GIFT)
    guests = [await house.guest() for _ in range(RIVALS)]
    closed = house.clock()
    house.clock.move(hours=2)
    receipts = [kept(phone, closed, "600.00", service="bar") for _, phone in guests]
    posted = await asyncio.gather(*(house.page.posted(receipt) for receipt in receipts))
    earned = sorted(one["purchase"]["points"]["earned"] for one in posted)
    assert earned == [30] * (RIVALS - 1) + [80]
    assert await counters("gift") == (0, 50, 1, 0)
    assert await check_books(house.clock()) == []


async def test_a_scan_without_network_at_a_restaurant_earns_the_gift_and_a_return_takes_it_back(
    house: House, tmp_path: Path
) -> None:
    """The plugin's queue is the same pass: `is_paid`, the hour of the order, the counters of now."""
    await put_in_force(
        house, tmp_path, GIFT, 'id: night, name: Ночь, when: {hours: "00:00-00:01"}, gives: {gift_points: 7}'
    )
    member, phone = await house.guest()
    closed = house.clock()
    house.clock.move(hours=3)
    scan = {"scanId": str(uuid4()), "code": phone.code(closed - timedelta(minutes=9))}
    scan["scannedAt"] = (closed - timedelta(minutes=9)).isoformat()
    order, line = str(uuid4()), dish("600.00")
    event = {"call": "commit", **closing(order, None, [line], closed, scan=scan)}
    for _ in range(2):
        (told,) = (await house.plugin.ask("batch", events=[event]))["answers"]
        assert (told["done"], told["purchase"]["discount"]) == (True, "0.00")
    assert await points_of(member.id) == 80
    assert await given() == [("gift", 0, 50, 0, 0)]
    await house.plugin.ask("refund", **back(order, house.clock, {"item": line["item"], "net": "300.00"}))
    assert await points_of(member.id) == 40
    assert await counters("gift") == (0, 25, 1, 0)
    await house.plugin.ask("refund", **back(order, house.clock))
    assert (await points_of(member.id), await counters("gift")) == (0, (0, 0, 0, 0))
    assert await check_books(house.clock()) == []


async def test_what_an_earlier_guest_was_promised_ends_with_the_order(house: House, tmp_path: Path) -> None:
    """C-03: another guest took the order, and the network was gone before a price: the promise to the first is free."""
    await put_in_force(house, tmp_path, LAST)
    (_, phone), (second, theirs) = await house.guest(), await house.guest()
    order, line = str(uuid4()), dish("100.00")
    assert (await house.quote(phone, order, line))["discount"] == "10.00"
    till = await till_by_id(await database.fetchval("SELECT till_id FROM pos_order"))
    card = await database.fetchval("SELECT id FROM card WHERE member_id = $1 AND status = 'ACTIVE'", second.id)
    await orders.bind(None, till, UUID(order), Guest(second.id, card, None), house.clock(), is_deferred=False)
    assert await counters("last") == (10_00, 0, 1, 1)
    at = house.clock()
    scan = {"scanId": str(uuid4()), "code": theirs.code(at), "scannedAt": at.isoformat()}
    assert (await house.commit(order, None, line, scan=scan))["purchase"]["discount"] == "0.00"
    assert await counters("last") == (0, 0, 0, 0)
    assert await check_books(house.clock()) == []
