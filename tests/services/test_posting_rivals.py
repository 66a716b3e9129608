"""Posting in a crowd: rivals make one purchase, a line has an end, and one held row stops nobody else."""

import asyncio
from datetime import datetime
from functools import partial

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import crowds
from services.ledger import check_books, standing_of
from services.purchases import Posted, post_purchase
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.patience import rivals, rivals_told
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import command, dinner, make_quote
from tests.services.test_posting import counts


@pytest.fixture
async def scene(db: None, now: datetime) -> tuple[TillFacts, MadeMember]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member


@pytest.mark.parametrize("keys", [1, 10])
async def test_ten_rivals_post_one_receipt_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, keys: int
) -> None:
    """INV-07, INV-16."""
    till, member = scene
    quote = await make_quote(till, member, [dinner(500)], now)
    rivals = [command(quote.id, 50000, now, key=f"key {place % keys}", receipt="000127") for place in range(10)]
    answers = await rivals_told(*(partial(post_purchase, resources, till, rival, now=now) for rival in rivals))
    posted = [answer for answer in answers if isinstance(answer, Posted)]
    refusals = {answer.code for answer in answers if isinstance(answer, Refusal)}
    assert len(posted) == (10 if keys == 1 else 1)
    assert refusals == (set() if keys == 1 else {Code.RECEIPT_EXISTS})
    assert len({answer.purchase.id for answer in posted}) == 1
    assert (await counts())["purchase"] == 1
    assert (await standing_of(member.id)).purchases == 50000
    assert await check_books(now) == []


async def test_rivals_of_many_members_all_end_well(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    till, _ = scene
    members = [await make_member(now) for _ in range(12)]
    quotes = [await make_quote(till, member, [dinner(700)], now) for member in members for _ in range(4)]
    answers = await rivals(
        *(partial(post_purchase, resources, till, command(quote.id, 70000, now), now=now) for quote in quotes)
    )
    assert all(isinstance(answer, Posted) for answer in answers)
    for member in members:
        assert (await standing_of(member.id)).accumulated == 280_000
    assert await check_books(now) == []


async def test_a_crowd_of_one_member_stands_in_line(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """Sixty-four wait; all are served, none takes the pool away from others."""
    till, member = scene
    quotes = [await make_quote(till, member, [dinner(10)], now) for _ in range(50)]
    answers = await asyncio.gather(
        *(post_purchase(resources, till, command(quote.id, 1000, now), now=now) for quote in quotes)
    )
    assert all(isinstance(answer, Posted) for answer in answers)
    assert (await standing_of(member.id)).accumulated == 50_000


async def test_a_row_held_elsewhere_is_waited_for_two_seconds_at_most_and_by_its_own_receipts_alone(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another process may hold the row of a member: BUSY in time, neighbours go on, a replay never queues."""
    monkeypatch.setattr(crowds, "WAIT_SECONDS", 1.2)
    till, held = scene
    other = await make_member(now)
    answered = command((await make_quote(till, held, [dinner(10)], now)).id, 1000, now)
    told = await post_purchase(resources, till, answered, now=now)
    quotes = [await make_quote(till, member, [dinner(10)], now) for member in (held, other, held)]
    stuck, free, next_in_line = (command(quote.id, 1000, now) for quote in quotes)
    clock = asyncio.get_running_loop().time
    before = await counts()
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE", held.id)
        began = clock()
        waiting = [
            asyncio.create_task(post_purchase(resources, till, one, now=now)) for one in (stuck, free, next_in_line)
        ]
        assert await post_purchase(resources, till, answered, now=now) == told
        assert isinstance(await waiting[1], Posted)
        assert clock() - began < 1.0
        for one in (waiting[0], waiting[2]):
            with pytest.raises(Refusal) as caught:
                await one
            assert (caught.value.code, caught.value.retryable) == (Code.BUSY, True)
            assert caught.value.retry_after_seconds
        assert clock() - began < 1.9
    assert {table: count - before[table] for table, count in (await counts()).items()} == before
    assert isinstance(await post_purchase(resources, till, stuck, now=now), Posted)
