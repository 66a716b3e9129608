"""Receipts a till page took without network: any number of times, in any order, from two tabs, one state of the books."""

import asyncio
import random
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from models import database
from services.ledger import check_books, standing_of
from services.pos.offline import RECEIPTS_MAX
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.offline import TillPage, kept, till_page
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase
from tests.makers.resources import make_resources
from tests.makers.restaurant import OUTLET, make_regular, sold
from tests.makers.state import books, state

IDENTIFY = """mutation($scanId: UUID!, $code: String!) { identify(scanId: $scanId, code: $code) {
  ... on Identified { ticket } ... on Problem { code } } }"""


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
async def till(member: MadeMember, clock: Clock) -> tuple[TillFacts, str]:
    return await make_till(clock(), outlet=OUTLET)


@pytest.fixture
async def page(till: tuple[TillFacts, str], resources: Resources, clock: Clock) -> AsyncIterator[TillPage]:
    async with till_page(resources, till[1], clock) as made:
        yield made


async def test_a_batch_gives_one_ledger_state_in_any_order(
    page: TillPage, phone: Phone, clock: Clock, member: MadeMember
) -> None:
    """A-234, C-05, INV-24: the same batch, five times in other orders; then each receipt alone, there and back."""
    begun = clock()
    clock.move(hours=5)
    receipts = [kept(phone, begun + timedelta(minutes=7 * place), f"{place + 1}00.00") for place in range(6)]
    answered: dict[str, Any] = {}
    seeded, told = random.Random(7), None
    for _ in range(5):
        seeded.shuffle(receipts)
        answers = {one["idempotencyKey"]: one["posted"] for one in await page.send(*receipts)}
        assert answers == (answered or answers)
        answered, state_now = answers, await books(member.id)
        assert told in {None, state_now}
        told = state_now
    for receipt in [*receipts, *receipts[::-1]]:
        await page.posted(receipt)
    assert await books(member.id) == told
    assert sorted(net for _, net, _ in await sold()) == [10_000 * place for place in range(1, 7)]
    assert await check_books(clock()) == []


async def test_two_orders_of_arrival_end_alike(resources: Resources, clock: Clock, db: None) -> None:
    """INV-24, I-18: a batch first heard backwards, one by one, leaves the sums and the tier of one heard at once."""
    ends = []
    await make_programme(clock() - timedelta(days=30))
    begun = clock()
    _, key = await make_till(begun, outlet=OUTLET)
    clock.move(hours=3)
    async with till_page(resources, key, clock) as page:
        for backwards in (False, True):
            member = await make_member(begun)
            phone = await make_phone(resources, member.id, begun)
            amounts = ("60000.00", "50000.00", "1000.00")
            receipts = [
                kept(phone, begun + timedelta(minutes=9 * place + 5), each) for place, each in enumerate(amounts)
            ]
            if backwards:
                posted = [await page.posted(one) for one in receipts[::-1]][::-1]
            else:
                posted = [one["posted"] for one in await page.send(*receipts)]
            assert {one["purchase"]["discount"] for one in posted} == {"0.00"}
            standing = await standing_of(member.id)
            tiers = await database.fetch("SELECT tier FROM purchase WHERE member_id = $1", member.id)
            ends.append((standing.accumulated, {row["tier"] for row in tiers}))
    assert ends[0] == ends[1] == (11_100_000, {"dreamer"})


async def test_two_tabs_send_the_same_queue_at_once(page: TillPage, phone: Phone, clock: Clock) -> None:
    """C-05, K3: both hear the same answers, and each receipt is there once."""
    at = clock()
    clock.move(hours=1)
    receipts = [kept(phone, at + timedelta(minutes=5 * place)) for place in range(4)]
    told = await asyncio.gather(*(page.send(*receipts) for _ in range(3)))
    for answers in told:
        problems = [one["problem"] for one in answers if one["problem"]]
        assert all(problem["retryable"] for problem in problems), problems
    assert [one["posted"] is not None for one in await page.send(*receipts)] == [True] * 4
    assert len(await sold()) == 4
    assert await check_books(clock()) == []


async def test_it_earns_by_the_rules_and_the_tier_of_its_moment(
    page: TillPage, phone: Phone, clock: Clock, member: MadeMember
) -> None:
    """Security 3.8, I-18: nothing is taken off, what counts is counted, and the version is the one then in force."""
    at = clock()
    clock.move(hours=1)
    await make_programme(clock(), "znak-kachestva-2022.yaml")
    clock.move(hours=1)
    early = await page.posted(kept(phone, at, "1000.00"))
    late = await page.posted(kept(phone, clock(), "1000.00"))
    spa = await page.posted(kept(phone, at + timedelta(minutes=20), "500.00", service="spa"))
    assert (early["purchase"]["gross"], early["purchase"]["discount"], early["purchase"]["accumulated"]) == (
        "1000.00",
        "0.00",
        "1000.00",
    )
    assert "not_given" in {reason["code"] for reason in early["purchase"]["lines"][0]["reasons"]}
    assert spa["purchase"]["lines"][0]["accumulates"] is False
    assert spa["purchase"]["accumulated"] == "0.00"
    rows = await database.fetch("SELECT id::text, programme_version, tier FROM purchase WHERE outlet = $1", OUTLET)
    versions = {row["id"]: (row["programme_version"], row["tier"]) for row in rows}
    assert versions[early["purchase"]["id"]] == (1, "pioneer")
    assert versions[late["purchase"]["id"]][0] == 2
    assert await check_books(clock()) == []


async def test_each_receipt_has_its_own_answer(page: TillPage, phone: Phone, clock: Clock, member: MadeMember) -> None:
    """6.4: the good ones are recorded, each of the others says what is wrong with it, by its place in the batch."""
    at = clock()
    clock.move(hours=3)

    def moment(place: int) -> datetime:
        return at + timedelta(minutes=6 * place)

    line = {"service": "restaurants", "name": "Ужин", "quantity": "1", "amount": "100.00"}
    wrong = [
        (kept(phone, moment(1), service="nothing"), "SERVICE_NOT_SOLD_HERE", "lines.0.service"),
        (kept(phone, moment(2), channel="SHOP"), "CHANNEL_NOT_ALLOWED", "channel"),
        (kept(phone, moment(3), tenders=[{"kind": "CARD", "amount": "99.99"}]), "TENDERS_DO_NOT_ADD_UP", "tenders"),
        (kept(phone, moment(4), tenders=[{"kind": "POINTS", "amount": "100.00"}]), "INVALID_INPUT", "tenders.0.kind"),
        (kept(phone, moment(5), lines=[line | {"quantity": "0"}]), "INVALID_INPUT", "lines.0.quantity"),
        (kept(phone, moment(6), lines=[], tenders=[]), "INVALID_INPUT", "lines"),
        (kept(phone, moment(7), receiptNumber=" "), "INVALID_INPUT", "receiptNumber"),
        (kept(phone, at - timedelta(hours=73)), "INVALID_INPUT", "closedAt"),
        (kept(phone, clock() + timedelta(minutes=6)), "INVALID_INPUT", "closedAt"),
    ]
    good = kept(phone, moment(8), "10.00")
    answers = await page.send(*(receipt for receipt, _, _ in wrong), good)
    told = [(one["problem"]["code"], one["problem"]["field"]) for one in answers[:-1]]
    assert told == [(code, f"input.receipts.{place}.{field}") for place, (_, code, field) in enumerate(wrong)]
    assert answers[-1]["posted"]["purchase"]["net"] == "10.00"
    assert [net for _, net, _ in await sold()] == [1_000]
    assert (await standing_of(member.id)).accumulated == 10_001_000


async def test_a_mended_receipt_goes_under_its_own_key(page: TillPage, phone: Phone, clock: Clock) -> None:
    """After a refusal the key is free and the scan still its own; a recorded one with another body is KEY_REUSED."""
    at = clock()
    clock.move(hours=1)
    receipt = kept(phone, at, service="nothing")
    assert (await page.refused(receipt))[0] == "SERVICE_NOT_SOLD_HERE"
    mended = receipt | {"lines": [receipt["lines"][0] | {"service": "restaurants"}]}
    posted = await page.posted(mended)
    before = await state()
    for changed in ({"receiptNumber": "another"}, {"channel": "DESK"}, {"closedAt": clock().isoformat()}):
        assert (await page.refused(mended | changed))[0] == "KEY_REUSED"
    assert await state() == before
    assert (await page.posted(mended))["purchase"] == posted["purchase"]


async def test_a_receipt_that_stands_is_not_written_again(
    page: TillPage, phone: Phone, till: tuple[TillFacts, str], member: MadeMember, resources: Resources
) -> None:
    """INV-16: the same number of the same day, posted online before: no second one under another number."""
    made = await make_purchase(resources, till[0], member, [dinner(100)], page.clock())
    page.clock.move(minutes=30)
    receipt = kept(phone, page.clock(), receiptNumber=made.purchase.receipt_number)
    assert await page.refused(receipt) == ("RECEIPT_EXISTS", "input.receipts.0.receiptNumber")
    assert len(await sold()) == 1


async def test_a_code_fits_its_own_half_minute_and_one_receipt(page: TillPage, phone: Phone, clock: Clock) -> None:
    """T43: a claimed time gets no guest; a code that served one receipt serves no other, and opens nothing online."""
    at = clock()
    clock.move(hours=2)
    receipt = kept(phone, at)
    moved = (at - timedelta(minutes=40)).isoformat()
    before = await state()
    answer = await page.refused(receipt | {"scan": receipt["scan"] | {"scannedAt": moved}})
    assert answer == ("CARD_NOT_ACCEPTED", None)
    assert await state() == before
    await page.posted(receipt)
    other = kept(phone, at) | {"scan": receipt["scan"] | {"scanId": str(uuid4())}}
    assert (await page.refused(other))[0] == "CARD_NOT_ACCEPTED"
    assert len(await sold()) == 1


async def test_a_scan_of_long_ago_is_refused_before_anything(page: TillPage, phone: Phone, clock: Clock) -> None:
    """T43: 96 hours for the scan, 72 for the receipt."""
    clock.move(days=5)
    receipt = kept(phone, clock(), scanned=timedelta(hours=97))
    before = await state()
    assert await page.refused(receipt) == ("INVALID_INPUT", "input.receipts.0.scan.scannedAt")
    assert await state() == before


async def test_a_wrong_clock_is_set_right_by_what_it_shows_now(page: TillPage, phone: Phone, clock: Clock) -> None:
    """A tablet two hours ahead: its receipts and scans are moved; forty seconds are taken as they are."""
    at = clock()
    clock.move(hours=1)
    ahead = timedelta(hours=2)
    receipt = kept(phone, at + timedelta(minutes=45), ahead=ahead)
    before = await state()
    assert await page.refused(receipt) == ("INVALID_INPUT", "input.receipts.0.closedAt")
    assert await state() == before
    page.ahead = ahead
    posted = await page.posted(receipt)
    assert datetime.fromisoformat(posted["purchase"]["closedAt"]) == at + timedelta(minutes=45)
    clock.move(seconds=9)
    assert (await page.posted(receipt))["purchase"] == posted["purchase"]
    page.ahead = slow = timedelta(seconds=-40)
    told = await page.posted(kept(phone, at + timedelta(minutes=20), ahead=slow))
    assert datetime.fromisoformat(told["purchase"]["closedAt"]) == at + timedelta(minutes=20) + slow


async def test_a_scan_that_was_answered_before_the_network_went_is_the_same_guest(
    page: TillPage, phone: Phone, clock: Clock
) -> None:
    """The scan arrived, perhaps its answer too, and the price did not: the receipt goes on without network."""
    scan = {"scanId": str(uuid4()), "code": phone.code(clock())}
    body = {"query": IDENTIFY, "variables": scan}
    answer = await page.client.post("/graphql", json=body, headers={"Authorization": f"Till {page.key}"})
    assert answer.json()["data"]["identify"]["ticket"]
    scanned_at = clock()
    clock.move(minutes=30)
    receipt = kept(phone, scanned_at + timedelta(minutes=2), scan=scan | {"scannedAt": scanned_at.isoformat()})
    assert (await page.posted(receipt))["purchase"]["discount"] == "0.00"


async def test_a_batch_has_a_size_and_a_day_its_limit(
    member: MadeMember, phone: Phone, clock: Clock, till: tuple[TillFacts, str]
) -> None:
    """T43: a cap on one member's kept scans of a day; a batch without end or without receipts is refused whole."""
    at = clock()
    clock.move(hours=4)
    async with till_page(make_resources(deferred_per_member_day=3), till[1], clock) as page:
        receipts = [kept(phone, at + timedelta(minutes=3 * place)) for place in range(5)]
        before = await state()
        for many in (0, RECEIPTS_MAX + 1):
            told: Any = await page.ask(*(receipts * 11)[:many])
            assert (told["code"], told["field"]) == ("INVALID_INPUT", "input.receipts")
        assert await state() == before
        answers = await page.send(*receipts)
        assert [one["posted"] is not None for one in answers] == [True] * 3 + [False] * 2
        assert {one["problem"]["code"] for one in answers[3:]} == {"LIMIT_REACHED"}
        assert all(one["problem"]["retryable"] for one in answers[3:])
        clock.move(hours=25)
        assert all(one["posted"] for one in await page.send(*receipts))
    assert len(await sold()) == 5


async def test_a_queue_belongs_to_its_till(page: TillPage, phone: Phone, clock: Clock) -> None:
    """T26: a device that has become another till cannot record at the wrong place; a key that is none gets nowhere."""
    other, _ = await make_till(clock(), outlet="igora-spa")
    before = await state()
    told = await page.ask(kept(phone, clock()), till=other.id)
    assert (told["code"], told["field"]) == ("FORBIDDEN", "input.till")
    assert await state() == before
    page.key = "kt_" + "a" * 43
    before = await state()
    assert (await page.ask(kept(phone, clock())))["code"] == "UNAUTHENTICATED"
    assert await state() == before
