"""The interface for plugins, call by call: what each answers, and how it refuses what is wrong."""

from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from models import database
from services.ledger import check_books, standing_of
from services.pos import menu
from services.resources import Resources
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock, Plugin, closing, dish, plugin_of
from tests.makers.purchases import dinner, make_purchase
from tests.makers.resources import make_resources
from tests.makers.restaurant import OUTLET, make_regular, sold, take_phones
from tests.makers.state import state


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def member(db: None, clock: Clock, resources: Resources) -> MadeMember:
    return await make_regular(resources, clock)


@pytest.fixture
async def phone(member: MadeMember, resources: Resources, clock: Clock) -> Phone:
    return await make_phone(resources, member.id, clock())


@pytest.fixture
async def plugin(member: MadeMember, resources: Resources, clock: Clock) -> AsyncIterator[Plugin]:
    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    async with plugin_of(resources, key, clock) as made:
        yield made


async def test_an_order_from_the_scan_to_the_return(
    plugin: Plugin, phone: Phone, clock: Clock, member: MadeMember
) -> None:
    """A-087: hello, identify, quote, reserve, commit, refund; the same books as any till's."""
    told = await plugin.ask("hello", plugin=plugin.said())
    assert (told["outlet"]["id"], told["codes"]) == (OUTLET, {"prefix": "91", "digits": 24})
    ticket, order = await plugin.scanned(phone), str(uuid4())
    soup, fish = dish("1000.00"), dish("333.33", quantity="0.750", product="fish")
    quote = await plugin.ask("quote", order=order, ticket=ticket, lines=[soup, fish])
    assert (quote["gross"], quote["discount"], quote["net"]) == ("1333.33", "66.67", "1266.66")
    assert [line["discount"] for line in quote["lines"]] == ["50.00", "16.67"]
    assert quote["unmappedGroups"] == ["hot"]
    fixed = await plugin.ask("reserve", order=order, quote=quote["quote"], discount=quote["discount"])
    assert fixed["result"] == "RESERVED"
    before = (await standing_of(member.id)).accumulated
    posted = await plugin.ask("commit", **closing(order, quote, [soup, fish], clock()))
    assert (posted["result"], posted["purchase"]["net"]) == ("POSTED", "1266.66")
    assert (await standing_of(member.id)).accumulated - before == 126_666
    back = {
        "order": order,
        "refund": str(uuid4()),
        "number": "R-1",
        "refundedAt": clock().isoformat(),
        "lines": [{"item": fish["item"], "net": "100.00"}],
    }
    returned = await plugin.ask("refund", **back)
    assert (returned["result"], returned["refund"]["net"]) == ("REFUNDED", "100.00")
    assert await plugin.ask("refund", **back) == returned
    assert (await standing_of(member.id)).accumulated - before == 116_666
    assert await check_books(clock()) == []


async def test_a_till_of_many_channels_tells_what_orders_are_priced_by(
    phone: Phone, resources: Resources, clock: Clock
) -> None:
    """A-087: a stay by phone, by letter or at the desk is nothing to a plugin, and would stand there three times."""
    _, key = await make_till(clock(), outlet=OUTLET)
    async with plugin_of(resources, key, clock) as many:
        told = await many.ask("identify", code=f"\x02{phone.code(clock())}\x03", scanId=str(uuid4()))
    assert [rule["service"] for rule in told["rules"]] == ["restaurants", "ski", "spa", "ice-palace"]


@pytest.mark.parametrize(
    "code",
    [
        "4600702063406",
        "\ufeff2200123456789\r\n",
        "%B4276550012345678^PETROV/PETR^2512?",
        ";6010123400001234=2512?",
        "9" * 24,
        "91" + "0" * 22,
        "",
        "x" * 900,
    ],
)
async def test_foreign_codes_pass_by(plugin: Plugin, code: str) -> None:
    """A product's barcode, a foreign track: not ours, nothing written and nothing counted."""
    await plugin.ask("hello", plugin=plugin.said())
    before = await state(everything=True)
    assert await plugin.ask("identify", code=code, scanId=str(uuid4())) == {"ours": False}
    assert await state(everything=True) == before


async def test_our_codes_that_open_nothing_are_refused_alike(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """A-128, T1: used, late, of nobody: one refusal; a repeated scan hears its ticket."""
    code, scan = phone.code(clock()), str(uuid4())
    first = await plugin.ask("identify", code=code, scanId=scan)
    assert await plugin.ask("identify", code=code, scanId=scan) == first
    assert first["guest"] == {"firstName": "Анна", "tier": {"id": "pioneer", "name": "Первооткрыватель"}}
    stranger = Phone(phone.credential, "000000000001", phone.root, phone.session)
    for wrong in (code, phone.code(clock(), later=-9), stranger.code(clock())):
        before = await state()
        assert await plugin.refused("identify", code=wrong, scanId=str(uuid4())) == (409, "CARD_NOT_ACCEPTED", None)
        assert await state() == before


async def test_a_told_number_earns_where_the_programme_takes_numbers(
    plugin: Plugin, phone: Phone, member: MadeMember, clock: Clock, tmp_path: Path
) -> None:
    """A-223, A-087: however it is typed; a lost answer hears its ticket again, and the order is priced and recorded as any."""
    await take_phones(tmp_path, clock)
    scan = str(uuid4())
    found = await plugin.ask("identify", phone=member.phone, scanId=scan)
    assert found["guest"] == {"firstName": "А•••", "tier": {"id": "pioneer", "name": "Первооткрыватель"}}
    assert await plugin.ask("identify", phone=f" 8 {member.phone[2:]}", scanId=scan) == found
    scanned = await plugin.ask("identify", code=phone.code(clock()), scanId=str(uuid4()))
    assert found.keys() == scanned.keys()
    assert found["rules"] == scanned["rules"]
    order, lines = str(uuid4()), [dish("1000.00")]
    quote = await plugin.ask("quote", order=order, ticket=found["ticket"], lines=lines)
    posted = await plugin.ask("commit", **closing(order, quote, lines, clock()))
    assert (posted["result"], posted["purchase"]["accumulated"]) == ("POSTED", "950.00")
    assert await sold() == [(order[:6], 95_000, 0)]
    paid = closing(str(uuid4()), quote, lines, clock(), tenders=[{"kind": "POINTS", "amount": "950.00"}])
    assert await plugin.refused("commit", **paid) == (400, "INVALID_INPUT", "tenders.0.kind")


async def test_a_told_number_is_refused_in_its_words(
    plugin: Plugin, member: MadeMember, clock: Clock, tmp_path: Path
) -> None:
    """A-223, T2: none where the programme takes none, none beside a code, no number, nobody's, too many: nothing moves."""
    stranger, known = "+7 999 000-00-01", member.phone
    no = (403, "FORBIDDEN", "phone")
    assert await told_in_vain(plugin, phone=known) == no
    await take_phones(tmp_path, clock)
    assert await told_in_vain(plugin, phone=known, code="4600702063406") == (400, "INVALID_INPUT", "phone")
    for text in ("", "12", "не номер", "1" * 40, "+7 (800) 555-35-35", 79000000001):
        assert await told_in_vain(plugin, phone=text) == (400, "INVALID_INPUT", "phone"), text
    assert await told_in_vain(plugin, phone=stranger) == (409, "CARD_NOT_ACCEPTED", "phone")
    strict = make_resources(phones_per_till_hour=1)
    async with plugin_of(strict, plugin.key, clock) as again:
        assert await told_in_vain(again, phone=known) == (429, "LIMIT_REACHED", None)
        answer = await again.send("identify", {"phone": known, "scanId": str(uuid4())})
        assert answer.json()["retryAfterSeconds"] > 0
    assert "message" in answer.json()


async def told_in_vain(plugin: Plugin, **body: object) -> tuple[int, str, str | None]:
    """The refusal of what must give no ticket and move nothing."""
    before = await state()
    refusal = await plugin.refused("identify", scanId=str(uuid4()), **body)
    assert await state() == before
    return refusal


async def test_a_later_guest_of_an_order_replaces_the_earlier(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources
) -> None:
    other = await make_member(clock())
    theirs = await make_phone(resources, other.id, clock())
    order, lines = str(uuid4()), [dish("100.00")]
    old = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    new = await plugin.ask("quote", order=order, ticket=await plugin.scanned(theirs), lines=lines)
    assert (old["discount"], new["discount"]) == ("5.00", "0.00")
    # The guest who is off the order gets nothing of it, though a terminal may still hold the old quote.
    assert await plugin.ask("commit", **closing(order, old, lines, clock())) == {"result": "NO_GUEST"}
    assert (await plugin.ask("commit", **closing(order, new, lines, clock())))["result"] == "POSTED"
    clock.move(minutes=1)
    closed = await plugin.refused("quote", order=order, ticket=await plugin.scanned(theirs), lines=lines)
    assert closed == (409, "QUOTE_USED", "order")


async def test_a_split_bill_is_an_order_each(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """A table with several bills: one ticket serves each bill of its guest; a bill without a guest is nobody's."""
    ticket = await plugin.scanned(phone)
    parts = {str(uuid4()): [dish(f"{amount}.00")] for amount in (100, 200, 300)}
    quotes = {
        order: await plugin.ask("quote", order=order, ticket=ticket, lines=parts[order]) for order in [*parts][:2]
    }
    results = [
        (await plugin.ask("commit", **closing(order, quotes.get(order), lines, clock(), number=f"{place}")))["result"]
        for place, (order, lines) in enumerate(parts.items())
    ]
    assert results == ["POSTED", "POSTED", "NO_GUEST"]
    assert await sold() == [("0", 9500, 0), ("1", 19000, 0)]


async def test_another_terminal_finds_the_guest_of_an_order(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources
) -> None:
    """iiko tells every terminal of a group of one order; the guest was scanned at one of them."""
    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    bar = Plugin(plugin.client, key, clock, "bar")
    order, lines = str(uuid4()), [dish("100.00")]
    assert await bar.ask("order", order=order) == {"hasGuest": False, "quote": None, "reserved": False, "closed": False}
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    assert (await bar.ask("order", order=order))["quote"] == quote["quote"]
    posted = await bar.ask("commit", **closing(order, quote, lines, clock()))
    assert await plugin.ask("commit", **closing(order, quote, lines, clock())) == posted
    assert (await bar.ask("order", order=order))["closed"]
    _, foreign = await make_till(clock(), outlet="igora-bar", channels=("TILL",))
    assert not (await Plugin(plugin.client, foreign, clock).ask("order", order=order))["hasGuest"]


async def test_a_changed_order_is_quoted_again_and_a_changed_price_is_told(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources, member: MadeMember
) -> None:
    """The last check before money: the newest quote, the sum that was applied, the rules of now."""
    order, soup, fish = str(uuid4()), dish("100.00"), dish("200.00")
    first = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=[soup])
    clock.move(minutes=40)
    second = await plugin.ask("quote", order=order, lines=[soup, fish])
    refused = await plugin.refused("reserve", order=order, quote=first["quote"], discount=first["discount"])
    assert refused == (409, "QUOTE_EXPIRED", "quote")
    told = await plugin.ask("reserve", order=order, quote=second["quote"], discount="14.99")
    assert (told["result"], told["quote"]["quote"]) == ("PRICE_CHANGED", second["quote"])
    desk, _ = await make_till(clock(), outlet="igora-spa")
    await make_purchase(resources, desk, member, [dinner(500_000)], clock())
    told = await plugin.ask("reserve", order=order, quote=second["quote"], discount=second["discount"])
    assert (told["result"], told["quote"]["discount"]) == ("PRICE_CHANGED", "30.00")
    fresh = told["quote"]
    told = await plugin.ask("reserve", order=order, quote=fresh["quote"], discount="30.00")
    assert told["result"] == "RESERVED"


async def test_what_was_paid_stands_though_tier_and_rules_have_moved(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources, member: MadeMember
) -> None:
    """I-18: the receipt keeps the version and tier it was quoted by; the books go on from the sum of now."""
    order, lines = str(uuid4()), [dish("100.00")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    desk, _ = await make_till(clock(), outlet="igora-spa")
    await make_purchase(resources, desk, member, [dinner(500_000)], clock())
    posted = await plugin.ask("commit", **closing(order, quote, lines, clock()))
    assert (posted["purchase"]["discount"], posted["progress"]["tier"]["id"]) == ("5.00", "traveller")
    row = await database.fetchrow("SELECT tier, net FROM purchase WHERE outlet = $1", OUTLET)
    assert row is not None
    assert tuple(row) == ("pioneer", 9500)
    assert await check_books(clock()) == []


async def test_a_group_is_the_service_an_operator_said(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """A menu group is mapped as data, from when it was said on; the rest falls to the default and is reported."""
    order, ticket = str(uuid4()), await plugin.scanned(phone)
    lines = [dish("100.00"), dish("100.00", group={"id": "ski", "name": "Прокат"}), dish("1.00", group=None)]
    quote = await plugin.ask("quote", order=order, ticket=ticket, lines=lines)
    assert [line["service"] for line in quote["lines"]] == ["restaurants"] * 3
    assert quote["unmappedGroups"] == ["hot", "ski"]
    await menu.say(OUTLET, "ski", "ski", clock())
    quote = await plugin.ask("quote", order=order, lines=lines)
    assert [line["service"] for line in quote["lines"]] == ["restaurants", "ski", "restaurants"]
    assert [line["accumulates"] for line in quote["lines"]] == [True, False, True]
    clock.move(seconds=1)
    await menu.say(OUTLET, "ski", "spa", clock())
    posted = await plugin.ask("commit", **closing(order, quote, lines, clock()))
    assert [line["service"] for line in posted["purchase"]["lines"]] == ["restaurants", "ski", "restaurants"]
    seen = {group.id: group.service for group in await menu.groups(OUTLET, clock())}
    assert seen == {"": "restaurants", "hot": None, "ski": "spa"}


async def test_without_a_default_an_unmapped_group_is_refused(
    member: MadeMember, resources: Resources, clock: Clock
) -> None:
    _, key = await make_till(clock(), outlet="igora-bar", channels=("TILL",))
    phone = await make_phone(resources, member.id, clock())
    async with plugin_of(resources, key, clock) as bar:
        ticket = await bar.scanned(phone)
        told = await bar.refused("quote", order=str(uuid4()), ticket=ticket, lines=[dish("1.00")])
        assert told == (409, "SERVICE_NOT_SOLD_HERE", "lines.0.group")


async def test_a_refund_before_its_sale_waits_for_it(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """Security §5: refund before sale is parked and applied on arrival."""
    order, lines = str(uuid4()), [dish("100.00", quantity="2")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    back = {"order": order, "refund": str(uuid4()), "number": "R-1", "refundedAt": clock().isoformat()}
    half = back | {"lines": [{"item": lines[0]["item"], "quantity": "1"}]}
    assert await plugin.ask("refund", **half) == {"result": "WAITING"}
    posted = await plugin.ask("commit", **closing(order, quote, lines, clock()))
    assert posted["purchase"]["refunded"] == "0.00"
    told = await plugin.ask("refund", **half)
    assert (told["result"], told["purchase"]["refunded"]) == ("REFUNDED", "47.50")
    rest = await plugin.ask("refund", **(back | {"refund": str(uuid4())}))
    assert (rest["refund"]["net"], rest["purchase"]["status"]) == ("47.50", "REFUNDED")
    assert rest["refund"]["number"].startswith("R-1-")
    assert await check_books(clock()) == []


async def test_a_return_from_a_closed_shift_names_dishes(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """A closed shift's storno has no items of the order: dishes are taken from their lines one after another."""
    order = str(uuid4())
    lines = [dish("100.00"), dish("50.00", product="tea"), dish("100.00")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    await plugin.ask("commit", **closing(order, quote, lines, clock()))
    clock.move(days=3)
    back = {"order": order, "refund": str(uuid4()), "number": "R-9", "refundedAt": clock().isoformat()}
    told = await plugin.ask("refund", **back, lines=[{"product": "soup", "net": "150.00"}])
    assert told["refund"]["net"] == "150.00"
    rows = await database.fetch("SELECT refunded_net FROM purchase_line ORDER BY refunded_net")
    assert [row["refunded_net"] for row in rows if row["refunded_net"]] == [5500, 9500]
    more = {**back, "refund": str(uuid4())}
    assert await plugin.refused("refund", **more, lines=[{"product": "soup", "net": "40.01"}]) == (
        *(409, "REFUND_EXCEEDS_SALE"),
        "lines.0.net",
    )
    assert await plugin.refused("refund", **more, lines=[{"product": "wine", "net": "1.00"}]) == (
        *(400, "INVALID_INPUT"),
        "lines.0.item",
    )
    assert await database.fetchval("SELECT count(*) FROM pos_refund") == 1


async def test_a_deleted_order_gives_its_guest_back(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    order, lines = str(uuid4()), [dish("100.00")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    assert await plugin.ask("cancel", order=order) == {"result": "CANCELLED"}
    assert await plugin.ask("cancel", order=order) == {"result": "CANCELLED"}
    assert not (await plugin.ask("order", order=order))["hasGuest"]
    assert await plugin.refused("quote", order=order, lines=lines) == (404, "NOT_FOUND", "order")
    # A commit that was on its way wins: the guest paid with it, in whatever order the two arrive.
    assert (await plugin.ask("commit", **closing(order, quote, lines, clock())))["result"] == "POSTED"
    assert await plugin.ask("cancel", order=order) == {"result": "NOTHING_TO_CANCEL"}
    assert await plugin.ask("cancel", order=str(uuid4())) == {"result": "NOTHING_TO_CANCEL"}


async def test_one_order_with_other_lines_is_refused(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """I-09."""
    order, lines = str(uuid4()), [dish("100.00"), dish("10.00")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    posted = await plugin.ask("commit", **closing(order, quote, lines, clock()))
    before = await state()
    told = await plugin.refused("commit", **closing(order, quote, lines[:1], clock()))
    assert told == (422, "KEY_REUSED", "order")
    assert await state() == before
    assert await plugin.ask("commit", **closing(order, quote, lines[::-1], clock(), number="other")) == posted


async def test_discounts_that_are_not_ours_are_refused(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """T43: the whole quote, however spread, or none; never a till's own."""
    order, lines = str(uuid4()), [dish("100.00"), dish("200.00")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    body = closing(order, quote, lines, clock())
    for first, second in (("5.01", "10.00"), ("15.01", "0.00"), ("0.00", "9.99")):
        body["lines"][0]["discount"], body["lines"][1]["discount"] = first, second
        paid = 30_000 - round((float(first) + float(second)) * 100)
        body["tenders"] = [{"kind": "CARD", "amount": f"{paid / 100:.2f}"}]
        before = await state()
        assert await plugin.refused("commit", **body) == (400, "INVALID_INPUT", "lines")
        assert await state() == before
    body["lines"][0]["discount"], body["lines"][1]["discount"] = "5.50", "9.50"
    body["tenders"] = [{"kind": "CARD", "amount": "285.00"}]
    posted = await plugin.ask("commit", **body)
    assert [line["discount"] for line in posted["purchase"]["lines"]] == ["5.00", "10.00"]


async def test_two_orders_of_a_day_may_have_one_number(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    ticket = await plugin.scanned(phone)
    receipts = []
    for _ in range(2):
        order, lines = str(uuid4()), [dish("100.00")]
        quote = await plugin.ask("quote", order=order, ticket=ticket, lines=lines)
        posted = await plugin.ask("commit", **closing(order, quote, lines, clock(), number="57"))
        receipts.append((posted["purchase"]["receiptNumber"], order))
    assert [number for number, _ in receipts] == ["57", f"57-{receipts[1][1][:8]}"]
