"""Redis may be there, be gone, die or freeze: the facts stay right and nobody waits for it."""

import asyncio
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from integrations.redis.accelerator import Accelerator
from integrations.redis.courier import CHANNEL, RedisCourier
from integrations.redis.limits import RememberingLimits
from models import database
from models.ids import uuid7
from services.bus import Bus
from services.limits import PostgresLimits, Verdict
from tests.makers.patience import PATIENCE_SECONDS, until
from tests.makers.redis import RedisServer

INSERT = "INSERT INTO card_activity (member_id, kind, at) VALUES ($1, 'SCANNED', $2)"


@pytest.fixture
def redis() -> Iterator[RedisServer]:
    folder = Path(tempfile.mkdtemp(prefix="kunak-redis-"))
    server = RedisServer(folder)
    server.start()
    yield server
    server.kill()
    shutil.rmtree(folder)


@pytest.fixture
async def accelerator(redis: RedisServer) -> AsyncIterator[Accelerator]:
    opened = Accelerator(redis.url)
    yield opened
    await opened.close()


async def test_a_refusal_is_remembered_and_costs_the_database_nothing(
    db: None, now: datetime, accelerator: Accelerator
) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    first = [await limits.hit("k", limit=2, window_seconds=600, now=now) for _ in range(3)]
    assert [verdict.allowed for verdict in first] == [True, True, False]
    again = [await limits.hit("k", limit=2, window_seconds=600, now=now) for _ in range(20)]
    assert not any(verdict.allowed for verdict in again)
    assert all(595 <= verdict.retry_after_seconds <= 601 for verdict in again)
    assert await database.fetchval("SELECT hits FROM limit_counter WHERE key = 'k'") == 3


async def test_a_cleared_key_is_cleared_in_both_places(db: None, now: datetime, accelerator: Accelerator) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    await limits.lock("k", seconds=60, now=now)
    assert not (await limits.peek("k", limit=5, now=now)).allowed
    await limits.clear("k")
    assert await limits.hit("k", limit=5, window_seconds=60, now=now) == Verdict(allowed=True)


async def test_a_flushed_redis_opens_no_limit(db: None, now: datetime, accelerator: Accelerator) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    for _ in range(3):
        await limits.hit("k", limit=2, window_seconds=600, now=now)
    await accelerator.client.flushall()
    assert not (await limits.hit("k", limit=2, window_seconds=600, now=now)).allowed


async def test_redis_never_names_people(db: None, now: datetime, accelerator: Accelerator) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    await limits.lock("sign-in:anna@mail.test", seconds=60, now=now)
    names = await accelerator.client.keys("*")
    assert len(names) == 1
    assert b"anna" not in names[0]


async def test_a_killed_redis_in_mid_run_changes_no_answer(
    db: None, now: datetime, redis: RedisServer, accelerator: Accelerator
) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    verdicts = []
    for turn in range(10):
        if turn == 4:
            redis.kill()
        verdicts.append((await limits.hit("k", limit=6, window_seconds=600, now=now)).allowed)
    assert verdicts == [True] * 6 + [False] * 4


async def test_a_dead_redis_costs_nothing_and_is_used_again_when_back(
    db: None, now: datetime, redis: RedisServer, accelerator: Accelerator
) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    redis.kill()
    started = time.monotonic()
    for number in range(50):
        assert (await limits.hit(str(number), limit=1, window_seconds=60, now=now)).allowed
    assert time.monotonic() - started < 6.0
    assert accelerator.is_resting
    redis.start()
    await asyncio.sleep(1.1)
    assert await accelerator.ask(lambda client: client.ping(), default=False) is True
    assert not accelerator.is_resting


async def test_a_frozen_redis_costs_three_short_waits_and_then_none(
    db: None, now: datetime, redis: RedisServer, accelerator: Accelerator
) -> None:
    limits = RememberingLimits(PostgresLimits(), accelerator)
    assert (await limits.hit("warm", limit=1, window_seconds=60, now=now)).allowed
    redis.freeze()
    try:
        started = time.monotonic()
        for number in range(20):
            assert (await limits.hit(str(number), limit=1, window_seconds=60, now=now)).allowed
        assert time.monotonic() - started < 6.0
    finally:
        redis.thaw()
    await asyncio.sleep(1.1)
    assert await accelerator.ask(lambda client: client.ping(), default=False) is True


async def both_hear(accelerator: Accelerator) -> None:
    """Return when both processes are subscribed, for the first time or anew."""

    async def subscribed() -> int:
        nobody: list[tuple[bytes | str, int]] = []
        told = await accelerator.ask(lambda client: client.pubsub_numsub(CHANNEL), nobody)
        return sum(count for _, count in told)

    async with asyncio.timeout(PATIENCE_SECONDS):
        while await subscribed() < 2:
            await asyncio.sleep(0.02)


async def test_activity_travels_through_redis_and_past_its_death(
    db: None, now: datetime, redis: RedisServer, accelerator: Accelerator
) -> None:
    other = Accelerator(redis.url)
    here, there = Bus(RedisCourier(accelerator, redis.url)), Bus(RedisCourier(other, redis.url))
    member = uuid7()
    async with here.running(), there.running():
        await both_hear(accelerator)
        stream = there.listen(member)
        next_one = asyncio.ensure_future(anext(stream))
        # What was committed before it listens is not new to a phone.
        await until(lambda: next_one.done() or member in there._listeners)
        for turn in range(4):
            if turn == 1:
                redis.kill()
            if turn == 3:
                redis.start()
                await both_hear(accelerator)
            at = now + timedelta(seconds=turn)
            await database.execute(INSERT, member, at)
            here.publish(member, "SCANNED", None, at)
            async with asyncio.timeout(PATIENCE_SECONDS):
                assert (await next_one).at == at
            next_one = asyncio.ensure_future(anext(stream))
        next_one.cancel()
    await other.close()
