"""The clockwork of points: idempotent, resumable, in batches, beside a till that spends."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from jobs import points
from jobs.registry import Tools
from jobs.running import KINDS
from models import database
from services.ledger import check_books
from services.points import clockwork
from services.quotes import Quoted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.mail import RememberingMailer
from tests.makers.patience import rivals
from tests.makers.people import make_member, make_till
from tests.makers.points import apply_points, buy, goods, grant, quote, stored
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.state import state

WAITING = ("  life_days: 30\n", "  life_days: 30\n  activation_days: 14\n")


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    await apply_points(tmp_path, now, WAITING)
    made, _ = await make_till(now, partner="shop", outlet="shop-one")
    return made


async def test_points_become_usable_and_end_on_their_days(till: TillFacts, resources: Resources, now: datetime) -> None:
    """E6 (2), (4): usable from the fourteenth local midnight, gone after the last local day, and the minute before not."""
    member = await make_member(now)
    await buy(resources, till, member, [goods(1000)], now)
    row = await database.fetchrow("SELECT activates_at, expires_at FROM points_lot")
    assert row is not None
    begins, ends = row["activates_at"], row["expires_at"]
    assert (begins.isoformat(), ends.isoformat()) == ("2026-03-27T21:00:00+00:00", "2026-04-27T21:00:00+00:00")
    tick = timedelta(minutes=1)
    for moment, steps, expected in (
        (begins - tick, 0, (0, 100, 0, 0)),
        (begins, 1, (100, 0, 0, 0)),
        (ends - tick, 0, (100, 0, 0, 0)),
        (ends, 1, (0, 0, 0, 0)),
        (ends + tick, 0, (0, 0, 0, 0)),
    ):
        assert await clockwork.is_due(moment) is (steps > 0)
        assert await clockwork.settle_due(moment) == steps
        assert await stored(member.id) == expected
        assert await check_books(moment) == []


async def test_twice_and_by_many_workers_is_once(till: TillFacts, resources: Resources, now: datetime) -> None:
    """I-19: batches of two over a crowd, ten workers at once, and then nothing is left to do."""
    members = [await make_member(now) for _ in range(7)]
    for member in members:
        await buy(resources, till, member, [goods(1000)], now)
        await grant(member.id, 50, now, days=10)
    later = now + timedelta(days=20)
    await rivals(*(partial(clockwork.settle_due, later, members_at_once=2) for _ in range(10)))
    await clockwork.settle_due(later)
    assert [await stored(member.id) for member in members] == [(100, 0, 0, 0)] * 7
    before = await state()
    assert await clockwork.settle_due(later) == 0
    assert await state() == before
    assert await check_books(later) == []


async def test_a_member_at_a_till_is_left_to_the_next_round(till: TillFacts, now: datetime) -> None:
    """A row that is held is skipped, and nobody waits for anybody."""
    busy, other = await make_member(now), await make_member(now)
    for member in (busy, other):
        await grant(member.id, 50, now, days=10)
    later = now + timedelta(days=11)
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SELECT 1 FROM member_standing WHERE member_id = $1 FOR UPDATE", busy.id)
        assert await clockwork.settle_due(later) == 1
    assert [await stored(member.id) for member in (busy, other)] == [(50, 0, 0, 0), (0, 0, 0, 0)]
    assert await clockwork.settle_due(later) == 1


async def test_the_clock_and_a_crowd_at_the_till_agree(till: TillFacts, now: datetime) -> None:
    """C-03, I-19: while points end, ten tills reserve them and the clockwork runs; the books balance whoever is first."""
    member = await make_member(now)
    await grant(member.id, 100, now, days=10)
    await grant(member.id, 60, now, days=40)
    edge = now + timedelta(days=10)
    early = edge - timedelta(seconds=1)
    moves = [quote(till, member, [goods(1000)], moment, points=30) for moment in (early, edge) for _ in range(5)]
    told = await asyncio.gather(*moves, *(clockwork.settle_due(edge) for _ in range(5)), return_exceptions=True)
    assert not [fault for fault in told if isinstance(fault, BaseException)]
    assert len([made for made in told if isinstance(made, Quoted)]) == 10
    assert await check_books(edge) == []
    later = edge + timedelta(minutes=10)
    await clockwork.settle_due(later)
    assert await stored(member.id) == (60, 0, 0, 0)
    assert await check_books(later) == []


async def test_the_job_is_written_when_something_is_due(till: TillFacts, now: datetime) -> None:
    """Once a minute at most, by whichever worker; the registry knows it."""
    member = await make_member(now)
    await grant(member.id, 50, now, days=1)
    assert await points.write_due(now) is False
    later = now + timedelta(days=1)
    assert await points.write_due(later) is True
    assert await points.write_due(later + timedelta(seconds=1)) is False
    tools = Tools(resources=make_resources(), mailer=RememberingMailer())
    await KINDS[points.SETTLE].handle({}, tools, later)
    assert await stored(member.id) == (0, 0, 0, 0)
    assert await points.write_due(later + timedelta(minutes=1)) is False


async def test_a_programme_without_points_has_nothing_to_do(db: None, now: datetime) -> None:
    await make_programme(now)
    assert await points.write_due(now) is False
