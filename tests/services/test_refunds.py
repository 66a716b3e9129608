"""Refunding: never more than was sold, in any order to the same sums, tier and totals following at once."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import permutations
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import crowds, programmes
from services.ledger import check_books, standing_of
from services.purchases import Posted
from services.refunds import RefundCommand, Refunded, RefundWish, find_receipt, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import TRIES, rivals, rivals_told
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.programme_files import text_of
from tests.makers.purchases import dinner, make_purchase


@pytest.fixture
async def scene(db: None, now: datetime) -> tuple[TillFacts, MadeMember]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member


def wish(posted: Posted, *, place: int = 0, quantity: int | None = None, net: int | None = None) -> RefundWish:
    return RefundWish(posted.purchase.lines[place].id, quantity, net)


def returning(posted: Posted, now: datetime, *wishes: RefundWish, number: str | None = None) -> RefundCommand:
    return RefundCommand(
        key=str(uuid4()),
        purchase=posted.purchase.id,
        receipt_number=None,
        business_date=None,
        refund_number=number or str(uuid4()),
        refunded_at=now,
        lines=list(wishes) or None,
    )


async def refused(resources: Resources, till: TillFacts, wanted: RefundCommand, now: datetime, code: Code) -> Refusal:
    before = (
        await database.fetchval("SELECT count(*) FROM refund"),
        await database.fetchval("SELECT count(*) FROM entry"),
    )
    with pytest.raises(Refusal) as caught:
        await refund_purchase(resources, till, wanted, now=now)
    assert caught.value.code is code
    after = (
        await database.fetchval("SELECT count(*) FROM refund"),
        await database.fetchval("SELECT count(*) FROM entry"),
    )
    assert after == before
    assert await database.fetchval("SELECT count(*) FROM once_answer WHERE operation = 'refundPurchase'") == before[0]
    return caught.value


async def test_twenty_refunds_of_sixty_on_a_hundred_return_one(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """F5, I-13: 20 parallel refunds of 60.00 on a line of 100.00."""
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100)], now)
    answers = await rivals_told(
        *(
            partial(refund_purchase, resources, till, returning(posted, now, wish(posted, net=6000)), now=now)
            for _ in range(20)
        ),
    )
    assert len([answer for answer in answers if isinstance(answer, Refunded)]) == 1
    assert {answer.code for answer in answers if isinstance(answer, Refusal)} == {Code.REFUND_EXCEEDS_SALE}
    assert (await standing_of(member.id)).purchases == 4000
    assert await check_books(now) == []


async def test_rivals_with_one_key_make_one_refund(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100, quantity=3000)], now)
    wanted = returning(posted, now, wish(posted, quantity=1000))
    answers = await rivals(*(partial(refund_purchase, resources, till, wanted, now=now) for _ in range(12)))
    assert len({answer.refund.id for answer in answers}) == 1
    await refund_purchase(resources, till, returning(posted, now, wish(posted, quantity=1000)), now=now)
    again = await refund_purchase(resources, till, wanted, now=now + timedelta(days=2))
    assert again == answers[0]
    assert again.purchase.refunded_net == 3333
    changed = replace(wanted, refund_number="another")
    await refused_once(resources, till, changed, now)


async def refused_once(resources: Resources, till: TillFacts, wanted: RefundCommand, now: datetime) -> None:
    with pytest.raises(Refusal) as caught:
        await refund_purchase(resources, till, wanted, now=now)
    assert caught.value.code is Code.KEY_REUSED


async def test_any_order_of_parts_ends_in_the_same_sums(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-14: thirds of 100.01 at 5 %, in every order, come to the kopeck back to zero."""
    till, member = scene
    await make_purchase(resources, till, member, [dinner(150_000)], now)
    parts = (1000, 500, 1500)
    for order in permutations(parts):
        line = replace(dinner(1, quantity=3000), gross=10001)
        posted = await make_purchase(resources, till, member, [line], now)
        answers = [
            await refund_purchase(resources, till, returning(posted, now, wish(posted, quantity=part)), now=now)
            for part in order
        ]
        assert sum(answer.refund.net for answer in answers) == posted.purchase.net == 9501
        assert sum(answer.refund.discount for answer in answers) == posted.purchase.discount == 500
    assert (await standing_of(member.id)).accumulated == 15_000_000
    assert await check_books(now) == []


async def test_the_tier_follows_a_refund_at_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """A-066, I-21: a lifetime window has no end to wait for."""
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100_000), dinner(10)], now)
    made = await refund_purchase(resources, till, returning(posted, now, wish(posted, place=1, net=1000)), now=now)
    assert made.accumulated == 10_000_000
    made = await refund_purchase(resources, till, returning(posted, now, wish(posted, net=1)), now=now)
    assert made.accumulated == 9_999_999
    tier = await database.fetchval("SELECT tier FROM tier_period WHERE until IS NULL")
    assert tier == "dreamer"
    assert await check_books(now) == []


async def test_refunds_behind_new_thresholds_place_by_them(
    db: None, resources: Resources, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-066: for a second after another process has applied a version this one knows the thresholds before it."""
    await make_programme(now)
    till, _ = await make_till(now)
    members = [await make_member(now) for _ in range(10)]
    sold = [await make_purchase(resources, till, member, [dinner(100_000)], now) for member in members]
    file = tmp_path / "lower.yaml"
    file.write_text(text_of("znak-kachestva.yaml").replace("threshold: 100000}", "threshold: 90000}"), encoding="utf-8")
    known = programmes._kept
    assert (await programmes.apply(file, now)).is_new
    monkeypatch.setattr(programmes, "_kept", known)
    assert (await programmes.current(now)).version == 1
    await rivals(
        *(
            partial(refund_purchase, resources, till, returning(each, now, wish(each, net=100)), now=now)
            for each in sold
        )
    )
    assert await database.fetchval("SELECT count(*) FROM tier_period WHERE until IS NULL AND tier = 'pioneer'") == 10
    programmes.refresh()
    assert await check_books(now) == []


async def test_a_refund_that_waited_ends_no_tier_before_it_began(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """The moment of a command is read before it waits for the member's row: periods still follow one another."""
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100_000)], now)
    await refund_purchase(
        resources, till, returning(posted, now, wish(posted, net=100)), now=now - timedelta(seconds=1)
    )
    rows = await database.fetch("SELECT tier, since, until FROM tier_period ORDER BY id")
    assert all(row["until"] is None or row["since"] <= row["until"] for row in rows)
    assert [row["tier"] for row in rows if row["until"] is None] == ["dreamer"]


async def test_the_first_refund_of_a_line_fixes_its_measure(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100, quantity=2000)], now)
    await refund_purchase(resources, till, returning(posted, now, wish(posted, quantity=500)), now=now)
    refusal = await refused(resources, till, returning(posted, now, wish(posted, net=100)), now, Code.INVALID_INPUT)
    assert refusal.field == "input.lines.0.net"
    rest = await refund_purchase(resources, till, returning(posted, now), now=now)
    assert rest.purchase.refunded_net == 10_000
    await refused(resources, till, returning(posted, now), now, Code.REFUND_EXCEEDS_SALE)


async def test_other_outlets_of_the_partner_may_refund_and_others_may_not(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """T23."""
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100, quantity=2000)], now)
    spa, _ = await make_till(now, outlet="igora-spa")
    foreign, _ = await make_till(now, partner="favorit", outlet="favorit")
    await refused(resources, foreign, returning(posted, now), now, Code.NOT_FOUND)
    made = await refund_purchase(resources, spa, returning(posted, now, wish(posted, quantity=1000)), now=now)
    assert made.refund.net == 5000


async def test_a_receipt_is_found_by_number_and_day(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(1)], now)
    number, day = posted.purchase.receipt_number, posted.purchase.business_date
    spa, _ = await make_till(now, outlet="igora-spa")
    assert (await find_receipt(till, number=number, business_date=None)).id == posted.purchase.id
    assert (await find_receipt(spa, number=number, business_date=day)).id == posted.purchase.id
    for asked in ((spa, None), (till, day + timedelta(days=1))):
        with pytest.raises(Refusal) as caught:
            await find_receipt(asked[0], number=number, business_date=asked[1])
        assert caught.value.code is Code.NOT_FOUND
    await again_next_day(posted.purchase.id)
    with pytest.raises(Refusal) as caught:
        await find_receipt(till, number=number, business_date=None)
    assert caught.value.code is Code.AMBIGUOUS_RECEIPT
    assert (await find_receipt(till, number=number, business_date=day)).id == posted.purchase.id


async def again_next_day(purchase: UUID) -> None:
    columns = (
        "member_id, card_id, till_id, partner, outlet, channel, receipt_number, posted_at, programme_version, tier"
    )
    await database.execute(
        f"INSERT INTO purchase (id, {columns}, business_date, closed_at, gross, discount, net, accumulated, refunded_net,"
        f" refunded_discount, refunded_accumulated) SELECT $2, {columns}, business_date + 1, closed_at + interval '1 day',"
        " 0, 0, 0, 0, 0, 0, 0 FROM purchase WHERE id = $1",
        *(purchase, uuid4()),
    )


async def test_a_refund_number_is_used_once_a_day(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100)], now)
    rivals = [returning(posted, now, wish(posted, net=100), number="R-1") for _ in range(10)]
    answers = await rivals_told(*(partial(refund_purchase, resources, till, rival, now=now) for rival in rivals))
    assert len([answer for answer in answers if isinstance(answer, Refunded)]) == 1
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    assert {(refusal.code, refusal.field) for refusal in refusals} == {(Code.RECEIPT_EXISTS, "input.refundNumber")}
    later = now + timedelta(days=1)
    again = await refund_purchase(
        resources, till, returning(posted, later, wish(posted, net=100), number="R-1"), now=later
    )
    assert again.purchase.refunded_net == 200


async def test_times_of_refunds(scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime) -> None:
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100)], now)
    for at in (now - timedelta(hours=1), now + timedelta(minutes=6)):
        refusal = await refused(
            resources, till, replace(returning(posted, now), refunded_at=at), now, Code.INVALID_INPUT
        )
        assert refusal.field == "input.refundedAt"
    nameless = replace(returning(posted, now), purchase=None)
    assert (await refused(resources, till, nameless, now, Code.INVALID_INPUT)).field == "input.receiptNumber"


async def test_a_row_held_elsewhere_is_waited_for_two_seconds_at_most(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """BUSY in time and nothing changed; an answered key is told again without waiting."""
    monkeypatch.setattr(crowds, "WAIT_SECONDS", 0.4)
    till, member = scene
    posted = await make_purchase(resources, till, member, [dinner(100)], now)
    answered = returning(posted, now, wish(posted, net=1000))
    told = await refund_purchase(resources, till, answered, now=now)
    clock = asyncio.get_running_loop().time
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE", member.id)
        took: list[float] = []
        while (
            len(took) < TRIES and min(took, default=1.0) >= 0.9
        ):  # the best of some: a machine that stalls is no wait of ours
            began = clock()
            busy = await refused(resources, till, returning(posted, now, wish(posted, net=1000)), now, Code.BUSY)
            assert (busy.retryable, busy.retry_after_seconds) == (True, 1)
            assert await refund_purchase(resources, till, answered, now=now) == told
            took.append(clock() - began)
        assert min(took) < 0.9


async def test_sales_and_refunds_of_one_member_at_once_keep_the_books(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-22: what stands is what was bought less what came back, whoever was first."""
    till, member = scene
    sold = [await make_purchase(resources, till, member, [dinner(900)], now) for _ in range(10)]
    await rivals(
        *(partial(make_purchase, resources, till, member, [dinner(900)], now) for _ in range(15)),
        *(partial(refund_purchase, resources, till, returning(each, now), now=now) for each in sold),
    )
    assert (await standing_of(member.id)).accumulated == 15 * 90_000
    assert await check_books(now) == []
