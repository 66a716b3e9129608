"""The nightly run: once a night whoever begins, gone on with after a kill, its troubles told (E6)."""

import asyncio
import io
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from jobs import nightly as jobs_nightly
from jobs.nightly import STEPS
from jobs.running import KINDS
from models import database
from services import nightly
from services.nightly import Night, Part, Step
from services.resources import Resources
from tests.makers.logs import logged, told
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.people import make_member
from tests.makers.points import apply_points, grant, stored
from tests.makers.programme import make_programme
from tests.makers.state import state

ROOT = Path(__file__).parents[2]
NIGHT = """
import asyncio, sys
from datetime import datetime
from jobs.nightly import STEPS
from models import database
from services import nightly
from services.points import clockwork
from tests.makers.resources import make_resources

async def main():
    await database.connect(sys.argv[1], connections=4)
    steps = [nightly.Step("points.settle", slowly), *STEPS[1:]]
    print(await nightly.go_on(steps, make_resources(), datetime.fromisoformat(sys.argv[2])), flush=True)
    await database.close()

async def slowly(night, cursor):
    count = await clockwork.settle_batch(night.now, members_at_once=5)
    place = int(cursor or 0) + 1
    print(place, flush=True)
    await asyncio.sleep(0.05)
    return nightly.Part(done=count, cursor=str(place), is_over=count == 0)

asyncio.run(main())
"""


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    with logged() as stream:
        yield stream


class Counting:
    """A step of some parts that counts what it did; it may fail at one of them."""

    def __init__(self, parts: int, *, fails_at: int | None = None) -> None:
        self.parts, self.fails_at = parts, fails_at
        self.seen: list[str] = []

    async def advance(self, _night: Night, cursor: str) -> Part:
        place = int(cursor or 0)
        if place == self.fails_at:
            raise RuntimeError("somebody's name")
        self.seen.append(cursor)
        await asyncio.sleep(0)
        return Part(done=10, cursor=str(place + 1), is_over=place + 1 == self.parts)


async def test_a_night_runs_once_and_says_what_it_did(db: None, resources: Resources, now: datetime) -> None:
    """E6: every step in its order; the second call of a day finds it done, the next day has a run of its own."""
    first, second = Counting(3), Counting(1)
    steps = [Step("first", first.advance), Step("second", second.advance)]
    assert await nightly.go_on(steps, resources, now)
    assert await nightly.go_on(steps, resources, now + timedelta(hours=5))
    assert (first.seen, second.seen) == (["", "1", "2"], [""])
    [run] = await nightly.runs(nights=7)
    assert (run.day, run.finished_at, run.trouble) == (date(2026, 3, 14), now, None)
    assert [(step.name, step.done, step.parts) for step in run.steps] == [("first", 30, 3), ("second", 10, 1)]
    assert await nightly.go_on(steps, resources, now + timedelta(days=1))
    assert len(first.seen) == 6


async def test_the_day_is_the_programmes(db: None, resources: Resources) -> None:
    """E6: per the programme's zone. At 22:00 UTC Moscow has the next day already."""
    await make_programme(datetime(2026, 3, 14, tzinfo=UTC))
    assert await nightly.go_on([], resources, datetime(2026, 3, 14, 20, 59, tzinfo=UTC))
    assert not await nightly.is_due(datetime(2026, 3, 14, 20, 59, 59, tzinfo=UTC))
    midnight = datetime(2026, 3, 14, 21, 0, tzinfo=UTC)
    assert await nightly.is_due(midnight)
    assert await nightly.go_on([], resources, midnight)
    assert [run.day for run in await nightly.runs(nights=2)] == [date(2026, 3, 15), date(2026, 3, 14)]


async def test_of_ten_rivals_one_works(db: None, resources: Resources, now: datetime) -> None:
    """Ten at once: one does every part once, the others are told that somebody is at it."""
    slow = Counting(5)
    steps = [Step("slow", slow.advance)]
    answers = await asyncio.gather(*(nightly.go_on(steps, resources, now) for _ in range(10)))
    assert slow.seen == ["", "1", "2", "3", "4"]
    assert answers.count(True) >= 1
    assert [step.done for run in await nightly.runs(nights=2) for step in run.steps] == [50]


async def test_a_failing_step_goes_on_where_it_was_and_then_lets_the_others_by(
    db: None, resources: Resources, now: datetime, lines: io.StringIO
) -> None:
    """Five starts without a finished part; then it is left with its trouble, which rings, and names nobody's data."""
    bad, good = Counting(3, fails_at=1), Counting(1)
    steps = [Step("bad", bad.advance), Step("good", good.advance)]
    assert not await nightly.go_on(steps, resources, now)
    assert (bad.seen, good.seen) == ([""], [])
    for _ in range(nightly.STARTS):
        assert not await nightly.go_on(steps, resources, now)
    assert await nightly.go_on(steps, resources, now)
    assert (bad.seen, good.seen) == ([""], [""])
    [run] = await nightly.runs(nights=2)
    assert run.trouble == "bad: RuntimeError"
    assert "nightly run ended with trouble" in lines.getvalue()
    assert "somebody" not in "".join(str(line.get("reason")) for line in told(lines))


async def test_a_mended_step_goes_on_after_its_last_part(db: None, resources: Resources, now: datetime) -> None:
    bad = Counting(3, fails_at=2)
    assert not await nightly.go_on([Step("bad", bad.advance)], resources, now)
    bad.fails_at = None
    assert await nightly.go_on([Step("bad", bad.advance)], resources, now)
    assert bad.seen == ["", "1", "2"]


async def test_what_a_night_left_is_overtaken_by_the_next(db: None, resources: Resources, now: datetime) -> None:
    bad = Counting(2, fails_at=1)
    assert not await nightly.go_on([Step("bad", bad.advance)], resources, now)
    assert await nightly.go_on([], resources, now + timedelta(days=1))
    newest, older = await nightly.runs(nights=2)
    assert (newest.trouble, older.trouble) == (None, "not finished before the next night")


async def test_books_that_do_not_balance_ring(
    db: None, resources: Resources, now: datetime, lines: io.StringIO, tmp_path: Path
) -> None:
    """E6 (8), C-14: balances are compared with entries every night; a difference rings, and no month is closed over it."""
    await apply_points(tmp_path, now)
    member = await make_member(now)
    await grant(member.id, 50, now)
    later = now + timedelta(days=40)
    await database.execute("UPDATE member_points SET available = available + 10")
    assert await nightly.go_on(STEPS, resources, later)
    [run] = await nightly.runs(nights=1)
    assert run.trouble is not None
    assert run.trouble.startswith("books.check: ")
    assert "settlement.close: the books do not balance" in run.trouble
    assert "the books do not balance" in lines.getvalue()
    assert {step.name: step.trouble for step in run.steps}["audit.check"] is None
    assert await database.fetchval("SELECT count(*) FROM settlement_period") == 0
    await database.execute("UPDATE member_points SET available = available - 10")
    assert await nightly.go_on(STEPS, resources, later + timedelta(days=1))
    assert await database.fetchval("SELECT count(*) FROM settlement_period") == 1


async def test_the_job_is_written_while_the_night_waits(db: None, resources: Resources, now: datetime) -> None:
    """Once a minute at most, not while somebody is at work, and not when tonight is done."""
    assert await jobs_nightly.write_due(now)
    assert not await jobs_nightly.write_due(now)
    assert jobs_nightly.RUN in KINDS

    async def looks(_night: Night, _cursor: str) -> Part:
        assert not await nightly.is_due(now)
        return Part()

    assert await nightly.go_on([Step("looks", looks)], resources, now)
    assert not await jobs_nightly.write_due(now + timedelta(minutes=1))


@pytest.mark.torture
async def test_a_killed_night_is_gone_on_with_and_doubles_nothing(
    fresh_database: str, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """E6: SIGKILL in the middle of settling; whoever comes next goes on at that part, and the end is that of one run."""
    await database.connect(fresh_database, connections=6)
    await apply_points(tmp_path, now)
    members = [await make_member(now) for _ in range(100)]
    for member in members:
        await grant(member.id, 50, now, days=1)
        await grant(member.id, 30, now, days=90)
    later = now + timedelta(days=2)
    victim = subprocess.Popen(
        [sys.executable, "-c", NIGHT, fresh_database, later.isoformat()], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    for _ in range(6):
        await asyncio.to_thread(victim.stdout.readline)
    victim.kill()
    victim.wait()
    victim.stdout.close()
    [run] = await nightly.runs(nights=1)
    begun = run.steps[0]
    assert (run.finished_at, begun.finished_at) == (None, None)
    assert 5 <= begun.parts < 20
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await nightly.is_due(later):
            await asyncio.sleep(0.05)
    assert await nightly.go_on(STEPS, resources, later)
    [run] = await nightly.runs(nights=1)
    assert run.steps[0].parts > begun.parts
    assert run.trouble is None
    assert [await stored(member.id) for member in members] == [(30, 0, 0, 0)] * 100
    expired = "SELECT count(*) FROM ledger_transaction WHERE kind = 'POINTS_EXPIRED'"
    assert await database.fetchval(expired) == 100
    before = await state()
    assert await nightly.go_on(STEPS, resources, later)
    assert await state() == before
