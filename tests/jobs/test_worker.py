"""Jobs run at least once, later after each failure, and are given up in the open."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from integrations.ports import Refused, Unavailable
from jobs import restaurants, running
from jobs.registry import JobKind, Payload, Tools, registry
from jobs.worker import Worker, back_off
from loyalty.refusals import Code, Refusal
from models import database
from models.outbox import Job
from services import outbox
from services.work import work
from tests.makers.mail import RememberingMailer
from tests.makers.patience import until
from tests.makers.resources import make_resources


class Moment:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> datetime:
        self.now += timedelta(seconds=seconds)
        return self.now


class Handler:
    """Notes what it was given, and fails as it is told."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.failures: list[Exception] = []

    async def __call__(self, payload: Payload, tools: Tools, now: datetime) -> None:
        self.seen.append(dict(payload))
        if self.failures:
            raise self.failures.pop(0)


def make_worker(handler: Handler, clock: Moment, **kind: Any) -> Worker:
    tools = Tools(resources=make_resources(), mailer=RememberingMailer())
    return Worker(registry([JobKind(name="test.do", handle=handler, **kind)]), tools, clock)


async def enqueue(now: datetime, *, dedupe_key: str | None = None, **payload: object) -> None:
    async with work() as tx:
        await tx.enqueue("test.do", payload, run_at=now, dedupe_key=dedupe_key)


async def turn(worker: Worker, clock: Moment) -> int:
    taken = await worker.take(clock())
    await worker.settled()
    return taken


async def test_a_due_job_is_done_and_gone(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    await enqueue(now, letter="1")
    await enqueue(now + timedelta(seconds=60), letter="2")
    worker = make_worker(handler, clock)
    assert await turn(worker, clock) == 1
    assert handler.seen == [{"letter": "1"}]
    assert [job.payload for job in await Job.all()] == [{"letter": "2"}]
    clock.pass_by(60)
    assert await turn(worker, clock) == 1
    assert await Job.all().count() == 0


async def test_a_job_with_a_key_is_done_once_ever(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    worker = make_worker(handler, clock)
    for _ in range(3):
        await enqueue(now, dedupe_key="today")
        await turn(worker, clock)
    assert len(handler.seen) == 1
    assert await outbox.sweep(now + timedelta(days=29)) == 0
    assert await outbox.sweep(now + timedelta(days=31)) == 1


async def test_a_failed_job_comes_back_later_each_time(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    handler.failures = [
        Unavailable("the relay was not reached"),
        RuntimeError("anna@mail.test"),
        Refusal(Code.BUSY, "busy"),
    ]
    await enqueue(now)
    worker = make_worker(handler, clock)
    await turn(worker, clock)
    job = await Job.get()
    assert (job.status, job.attempts, job.error) == ("READY", 1, "unavailable: the relay was not reached")
    assert timedelta(seconds=4) <= job.run_at - now <= timedelta(seconds=6)
    assert await turn(worker, clock) == 0
    clock.pass_by(6)
    await turn(worker, clock)
    job = await Job.get()
    assert (job.attempts, job.error) == (2, "failed: RuntimeError")
    assert timedelta(seconds=8) <= job.run_at - clock() <= timedelta(seconds=12)
    clock.pass_by(12)
    await turn(worker, clock)
    assert (await Job.get()).error == "told no: BUSY"
    clock.pass_by(24)
    await turn(worker, clock)
    assert await Job.all().count() == 0
    assert len(handler.seen) == 4


async def test_after_its_last_attempt_a_job_is_dead_and_can_be_replayed(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    handler.failures = [Unavailable("away")] * 3
    await enqueue(now, letter="7")
    worker = make_worker(handler, clock, attempts_max=3)
    for _ in range(5):
        await turn(worker, clock)
        clock.pass_by(4000)
    assert len(handler.seen) == 3
    [dead] = await outbox.dead()
    assert (dead.name, dead.payload, dead.attempts, dead.error) == ("test.do", {"letter": "7"}, 3, "unavailable: away")
    assert await outbox.replay([dead.id], now=clock()) == [dead.id]
    assert await outbox.dead() == []
    await turn(worker, clock)
    assert len(handler.seen) == 4
    assert await Job.all().count() == 0


async def test_what_the_other_side_refuses_is_not_tried_again(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    handler.failures = [Refused("the relay answered 550")]
    await enqueue(now)
    await turn(make_worker(handler, clock), clock)
    [dead] = await outbox.dead()
    assert (dead.attempts, dead.error) == (1, "refused: the relay answered 550")


async def test_twenty_workers_share_a_hundred_jobs_without_doubling(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    for number in range(100):
        await enqueue(now, number=number)
    workers = [make_worker(handler, clock) for _ in range(20)]
    await asyncio.gather(*(turn(worker, clock) for worker in workers))
    assert sorted(one["number"] for one in handler.seen) == list(range(100))
    assert await Job.all().count() == 0


async def test_a_lease_that_ran_out_is_taken_over_and_the_late_worker_changes_nothing(db: None, now: datetime) -> None:
    clock = Moment(now)
    await enqueue(now)
    terms = [JobKind(name="test.do", handle=Handler()).terms]
    [late] = await outbox.lease(terms, count=5, now=now)
    assert await outbox.lease(terms, count=5, now=clock.pass_by(59)) == []
    [taken] = await outbox.lease(terms, count=5, now=clock.pass_by(1))
    assert (late.attempt, taken.attempt) == (1, 2)
    assert not await outbox.finish(late, now=clock())
    assert not await outbox.give_up(late, error="late", now=clock())
    assert not await outbox.postpone(late, until=clock(), error="late")
    assert not await outbox.release(late)
    assert (await Job.get()).status == "READY"
    assert await outbox.finish(taken, now=clock())
    assert await Job.all().count() == 0


async def test_a_job_that_ends_its_worker_three_times_is_buried(db: None, now: datetime) -> None:
    clock = Moment(now)
    await enqueue(now)
    await enqueue(now, other="fine")
    terms = [JobKind(name="test.do", handle=Handler()).terms]
    for attempt in (1, 2, 3):
        leased = await outbox.lease(terms, count=5, now=clock())
        poison = next(job for job in leased if job.payload == {})
        assert poison.attempt == attempt
        for job in leased:
            if job is not poison:
                await outbox.finish(job, now=clock())
        clock.pass_by(61)
        assert await outbox.bury(terms, now=clock()) == (1 if attempt == 3 else 0)
    assert await outbox.lease(terms, count=5, now=clock()) == []
    [dead] = await outbox.dead()
    assert dead.error == "its worker was gone 3 times, 3 attempts"


async def test_a_handler_that_takes_longer_than_its_lease_is_stopped(db: None, now: datetime) -> None:
    class Slow(Handler):
        async def __call__(self, payload: Payload, tools: Tools, now: datetime) -> None:
            await super().__call__(payload, tools, now)
            await asyncio.sleep(60)

    clock = Moment(now)
    await enqueue(now)
    await turn(make_worker(Slow(), clock, lease=timedelta(seconds=0.1)), clock)
    assert (await Job.get()).error == "took longer than its lease"


async def test_a_worker_that_is_asked_to_stop_finishes_what_it_began(db: None, now: datetime) -> None:
    begun = asyncio.Event()

    class Steady(Handler):
        async def __call__(self, payload: Payload, tools: Tools, now: datetime) -> None:
            begun.set()
            await asyncio.sleep(0.3)
            await super().__call__(payload, tools, now)

    handler, clock, stop = Steady(), Moment(now), asyncio.Event()
    await enqueue(now)
    running = asyncio.create_task(make_worker(handler, clock).run(stop))
    await begun.wait()
    stop.set()
    await running
    assert len(handler.seen) == 1
    assert await Job.all().count() == 0


async def test_a_cancelled_job_is_given_back_uncounted(db: None, now: datetime) -> None:
    begun = asyncio.Event()

    class Endless(Handler):
        async def __call__(self, payload: Payload, tools: Tools, now: datetime) -> None:
            begun.set()
            await asyncio.sleep(600)

    clock = Moment(now)
    await enqueue(now)
    worker = make_worker(Endless(), clock)
    await worker.take(clock())
    await begun.wait()
    for task in worker._running:
        task.cancel()
    await worker.settled()
    job = await Job.get()
    assert (job.attempts, job.leased_until, job.deaths) == (0, None, 0)


async def test_jobs_of_unknown_names_are_left_for_a_worker_that_knows_them(db: None, now: datetime) -> None:
    async with work() as tx:
        await tx.enqueue("future.do", {}, run_at=now)
    clock = Moment(now)
    assert await turn(make_worker(Handler(), clock), clock) == 0
    assert (await Job.get()).attempts == 0


async def test_one_bad_job_does_not_hold_up_the_others(db: None, now: datetime) -> None:
    handler, clock = Handler(), Moment(now)
    handler.failures = [RuntimeError("first")]
    for number in range(10):
        await enqueue(now + timedelta(seconds=number / 100), number=number)
    clock.pass_by(1)
    await turn(make_worker(handler, clock), clock)
    assert len(handler.seen) == 10
    assert await Job.all().count() == 1


@pytest.mark.parametrize(("attempt", "seconds"), [(1, 5), (2, 10), (5, 80), (30, 3600)])
def test_waits_double_up_to_an_hour(attempt: int, seconds: int) -> None:
    for _ in range(20):
        assert seconds * 0.8 <= back_off(attempt).total_seconds() <= seconds * 1.2


def test_a_name_belongs_to_one_kind() -> None:
    kind = JobKind(name="test.do", handle=Handler())
    with pytest.raises(ValueError, match=r"test\.do"):
        registry([kind, kind])


async def test_the_database_going_away_does_not_end_the_worker(fresh_database: str, now: datetime) -> None:
    await database.connect(fresh_database, connections=3)
    handler, clock, stop = Handler(), Moment(now), asyncio.Event()
    running = asyncio.create_task(make_worker(handler, clock).run(stop))
    await asyncio.sleep(0.2)
    async with database.lease() as connection:
        await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    await enqueue(now)
    await until(lambda: handler.seen)
    stop.set()
    await running


def test_what_waits_for_others_has_places_of_its_own() -> None:
    """Partners' addresses and the restaurants' cloud hold up no code and no letter; every kind is run by one worker."""
    sets = [set(running.OURS), set(running.APART), set(running.CLOUD)]
    assert set().union(*sets) == set(running.KINDS)
    assert sum(map(len, sets)) == len(running.KINDS)
    assert {kind.name for kind in restaurants.KINDS} == set(running.CLOUD)
