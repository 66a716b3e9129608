"""Orders that were closed without network: queued, sent in any order any number of times, and recorded once."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import database
from services.ledger import check_books, standing_of
from services.resources import Resources
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock, Plugin, closing, dish, plugin_of
from tests.makers.programme import make_programme
from tests.makers.restaurant import OUTLET, make_regular, sold
from tests.makers.scans import waiting
from tests.makers.state import books, state


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


def kept_scan(phone: Phone, at: datetime) -> dict[str, Any]:
    return {"scanId": str(uuid4()), "code": phone.code(at), "scannedAt": at.isoformat()}


def deferred(phone: Phone, at: datetime, *lines: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A commit of an order whose guest was scanned without network a moment before."""
    scan = kept_scan(phone, at - timedelta(minutes=40))
    return {"call": "commit", **closing(str(uuid4()), None, lines, at, scan=scan, **more)}


async def test_a_queue_gives_one_ledger_state_in_any_order(
    plugin: Plugin, phone: Phone, clock: Clock, member: MadeMember
) -> None:
    """C-05, INV-24: the same batch, five times in other orders; then its events one by one, twice."""
    begun = clock()
    clock.move(hours=5)
    quoted, lines = str(uuid4()), [dish("500.00"), dish("300.00", product="tea")]
    clock.at, later = begun, clock.at
    quote = await plugin.ask("quote", order=quoted, ticket=await plugin.scanned(phone), lines=lines)
    clock.at = later
    sales = [
        deferred(phone, begun + timedelta(hours=1, minutes=place), dish(f"{place + 1}00.00")) for place in range(4)
    ]
    events = [
        {"call": "commit", **closing(quoted, quote, lines, begun + timedelta(minutes=30))},
        *sales,
        refund_of(sales[2]["order"], begun + timedelta(hours=2)),
        refund_of(quoted, begun + timedelta(hours=3), {"item": lines[0]["item"], "net": "99.99"}),
        refund_of(quoted, begun + timedelta(hours=3), {"product": "tea", "quantity": "0.5"}),
        {"call": "cancel", "order": sales[3]["order"]},
        {"call": "cancel", "order": str(uuid4())},
    ]
    seeded = random.Random(5)
    told = None
    for _ in range(5):
        seeded.shuffle(events)
        answers = (await plugin.ask("batch", events=events, plugin=plugin.said()))["answers"]
        assert [answer for answer in answers if not answer["done"]] == []
        now_told = await books(member.id)
        assert told in {None, now_told}
        told = now_told
    for event in [*events, *events[::-1]]:
        assert (await plugin.ask("batch", events=[event]))["answers"][0]["done"]
    assert await books(member.id) == told
    assert sorted(net - back for _, net, back in await sold()) == [0, 10_000, 20_000, 40_000, 76_000 - 9_999 - 14_250]
    assert await check_books(clock()) == []


def refund_of(order: str, at: datetime, *lines: dict[str, Any]) -> dict[str, Any]:
    refund = str(uuid4())
    body = {"call": "refund", "order": order, "refund": refund, "number": refund[:8], "refundedAt": at.isoformat()}
    return body | ({"lines": list(lines)} if lines else {})


async def test_without_network_nothing_is_taken_off(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """Security 3.8, T43: a kept scan collects; a discount that nobody quoted is refused, whatever time is claimed."""
    at = clock()
    clock.move(hours=2)
    sale = deferred(phone, at, dish("1000.00"))
    sale["lines"][0]["discount"], sale["tenders"] = "50.00", [{"kind": "CARD", "amount": "950.00"}]
    before = await database.fetchval("SELECT count(*) FROM purchase")
    assert await plugin.refused("commit", **sale) == (400, "INVALID_INPUT", "lines")
    assert await database.fetchval("SELECT count(*) FROM purchase") == before
    sale["lines"][0]["discount"], sale["tenders"] = "0.00", [{"kind": "CARD", "amount": "1000.00"}]
    posted = await plugin.ask("commit", **sale)
    assert (posted["purchase"]["discount"], posted["purchase"]["accumulated"]) == ("0.00", "1000.00")
    reasons = await database.fetchval(
        "SELECT reasons FROM purchase_line WHERE purchase_id = $1", posted["purchase"]["id"]
    )
    assert "not_given" in reasons


async def test_a_kept_code_fits_its_own_half_minute(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources
) -> None:
    """T43: the code itself tells when it was shown; one code is one order, and opens nothing online afterwards."""
    at = clock()
    shown = at - timedelta(minutes=40)
    code = phone.code(shown)
    sale = deferred(phone, at, dish("10.00"))
    for claimed in (shown + timedelta(minutes=2), shown - timedelta(hours=3)):
        wrong = sale | {"scan": sale["scan"] | {"scannedAt": claimed.isoformat()}}
        assert (await plugin.refused("commit", **wrong))[1] == "CARD_NOT_ACCEPTED"
    assert await sold() == []
    assert (await plugin.ask("commit", **sale))["result"] == "POSTED"
    again = deferred(phone, at, dish("20.00")) | {"scan": sale["scan"] | {"scanId": str(uuid4())}}
    assert (await plugin.refused("commit", **again))[1] == "CARD_NOT_ACCEPTED"
    clock.at = shown
    assert (await plugin.refused("identify", code=code, scanId=str(uuid4())))[1] == "CARD_NOT_ACCEPTED"
    clock.at = at + timedelta(hours=73)
    late = deferred(phone, at, dish("30.00"))
    assert await plugin.refused("commit", **late) == (400, "INVALID_INPUT", "closedAt")
    other = await make_member(clock())
    theirs = await make_phone(resources, other.id, clock())
    assert (await plugin.ask("commit", **deferred(theirs, clock(), dish("1.00"))))["result"] == "POSTED"


@pytest.mark.parametrize("shown", [timedelta(days=-5), timedelta(hours=1)])
async def test_a_kept_code_of_long_ago_or_of_later_binds_nobody(
    plugin: Plugin, phone: Phone, clock: Clock, shown: timedelta
) -> None:
    """T43: a code that was seen once would otherwise be good for as long as its phone keeps its root."""
    clock.move(days=5)
    sale = deferred(phone, clock(), dish("10.00"))
    at = clock() + shown
    scan = {"scanId": str(uuid4()), "code": phone.code(at), "scannedAt": at.isoformat()}
    before = await state()
    assert await plugin.refused("commit", **(sale | {"scan": scan})) == (400, "INVALID_INPUT", "scan.scannedAt")
    assert await state() == before


async def test_wrong_kept_codes_are_counted_like_any(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """T1: a queue is no way round the limits of guessing."""
    stranger = Phone(phone.credential, phone.handle, bytes(32), phone.session)
    events = [deferred(stranger, clock() - timedelta(minutes=place), dish("1.00")) for place in range(8)]
    answers = (await plugin.ask("batch", events=events))["answers"]
    codes = [answer["problem"]["code"] for answer in answers]
    assert codes == ["CARD_NOT_ACCEPTED"] * 5 + ["LIMIT_REACHED"] * 3
    assert await sold() == []


async def test_a_burst_of_kept_codes_is_no_way_round_the_limits(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """T1: the right one among many is recognised before the wrong ones are counted, and binds nobody after them."""
    stranger = Phone(phone.credential, phone.handle, bytes(32), phone.session)
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM qr_credential FOR UPDATE")
        guesses = [
            asyncio.create_task(plugin.refused("commit", **deferred(stranger, clock(), dish("1.00")))) for _ in range(8)
        ]
        await waiting(elsewhere, len(guesses))
        right = asyncio.create_task(plugin.refused("commit", **deferred(phone, clock(), dish("1.00"))))
        await waiting(elsewhere, len(guesses) + 1)
    told = [code for _, code, _ in await asyncio.gather(*guesses, right)]
    assert (told.count("CARD_NOT_ACCEPTED"), told.count("LIMIT_REACHED")) == (5, 4)
    assert await sold() == []


async def test_a_days_kept_scans_of_a_member_have_an_end(
    member: MadeMember, clock: Clock, phone: Phone, resources: Resources
) -> None:
    from tests.makers.resources import make_resources  # noqa: PLC0415 - other numbers for this test alone

    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    async with plugin_of(make_resources(deferred_per_member_day=3), key, clock) as plugin:
        events = [deferred(phone, clock() - timedelta(minutes=place), dish("1.00")) for place in range(5)]
        answers = (await plugin.ask("batch", events=events))["answers"]
        assert [answer["done"] for answer in answers] == [True] * 3 + [False] * 2
        assert {answer["problem"]["code"] for answer in answers[3:]} == {"LIMIT_REACHED"}
        clock.move(hours=25)
        assert [answer["done"] for answer in (await plugin.ask("batch", events=events))["answers"]] == [True] * 5
    assert len(await sold()) == 5


async def test_rules_and_tier_are_those_of_the_purchase(
    plugin: Plugin, phone: Phone, clock: Clock, member: MadeMember
) -> None:
    """I-18: an order closed before a new version of the programme is a receipt of the version before."""
    at = clock()
    clock.move(hours=1)
    await make_programme(clock(), "znak-kachestva-2022.yaml")
    clock.move(hours=1)
    early = await plugin.ask("commit", **deferred(phone, at, dish("10.00")))
    late = await plugin.ask("commit", **deferred(phone, clock(), dish("10.00")))
    rows = await database.fetch("SELECT id::text, programme_version, tier FROM purchase WHERE outlet = $1", OUTLET)
    versions = {row["id"]: (row["programme_version"], row["tier"]) for row in rows}
    assert versions[early["purchase"]["id"]] == (1, "pioneer")
    assert versions[late["purchase"]["id"]][0] == 2
    assert await check_books(clock()) == []


async def test_a_lost_answer_of_a_scan_is_no_second_guest(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """The scan arrived, its answer did not, and the till went on without network."""
    scan = {"scanId": str(uuid4()), "code": phone.code(clock())}
    await plugin.ask("identify", **scan)
    at = clock()
    clock.move(minutes=30)
    kept = {**scan, "scannedAt": at.isoformat()}
    body = closing(str(uuid4()), None, [dish("10.00")], at + timedelta(minutes=5), scan=kept)
    assert (await plugin.ask("commit", **body))["result"] == "POSTED"


async def test_a_wrong_clock_is_moved_to_ours(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """A terminal two hours ahead says so with `sentAt`: its receipts and kept scans are set right; without it, it is believed."""
    ahead = timedelta(hours=2)
    at = clock()
    clock.move(minutes=50)
    body = deferred(phone, at + timedelta(minutes=45), dish("10.00"))
    body["closedAt"] = (at + timedelta(minutes=45) + ahead).isoformat()
    body["scan"]["scannedAt"] = (datetime.fromisoformat(body["scan"]["scannedAt"]) + ahead).isoformat()
    before = await state()
    assert await plugin.refused("commit", **body) == (400, "INVALID_INPUT", "closedAt")
    assert await state() == before
    said = plugin.said(sentAt=(clock() + ahead).isoformat(), queue=7)
    assert (await plugin.ask("commit", **body, plugin=said))["result"] == "POSTED"
    closed_at = await database.fetchval("SELECT closed_at FROM purchase WHERE outlet = $1", OUTLET)
    assert closed_at == at + timedelta(minutes=45)
    row = await database.fetchrow("SELECT terminal, queue, skew_ms FROM plugin")
    assert row is not None
    assert tuple(row) == ("hall", 7, -7_200_000)
    del said["sentAt"]
    assert (await plugin.ask("hello", plugin=said))["clockSkewMillis"] == 0


async def test_one_broken_event_stops_none(plugin: Plugin, phone: Phone, clock: Clock, member: MadeMember) -> None:
    """6.4: of a list with a broken item the good ones are done."""
    good = deferred(phone, clock(), dish("10.00"))
    events: list[Any] = [{"call": "launch"}, {}, good | {"closedAt": "yesterday"}, good]
    answers = (await plugin.ask("batch", events=events))["answers"]
    assert [answer["done"] for answer in answers] == [False, False, False, True]
    assert [answer["problem"]["field"] for answer in answers[:3]] == [
        "events.0.call",
        "events.1.call",
        "events.2.closedAt",
    ]
    assert await plugin.refused("batch", events=[]) == (400, "INVALID_INPUT", "events")
    assert await plugin.refused("batch", events=[good, None]) == (400, "INVALID_INPUT", "events.1")
    assert (await standing_of(member.id)).accumulated == 10_001_000
