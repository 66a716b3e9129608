"""Limits count in PostgreSQL, in running windows."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from models import database
from services.limits import PostgresLimits, Verdict, sweep
from services.work import work
from tests.makers.patience import rivals

YES = Verdict(allowed=True)


async def test_the_limit_is_the_last_that_passes(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    verdicts = [await limits.hit("k", limit=3, window_seconds=60, now=now) for _ in range(5)]
    assert verdicts == [YES] * 3 + [Verdict(allowed=False, retry_after_seconds=60)] * 2


async def test_a_window_ends_and_a_new_one_begins(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    for _ in range(2):
        await limits.hit("k", limit=1, window_seconds=60, now=now)
    late = now + timedelta(seconds=59)
    assert await limits.hit("k", limit=1, window_seconds=60, now=late) == Verdict(allowed=False, retry_after_seconds=1)
    assert await limits.hit("k", limit=1, window_seconds=60, now=now + timedelta(seconds=60)) == YES


async def test_keys_do_not_touch_each_other(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    assert await limits.hit("a", limit=1, window_seconds=60, now=now) == YES
    assert await limits.hit("b", limit=1, window_seconds=60, now=now) == YES
    assert not (await limits.hit("a", limit=1, window_seconds=60, now=now)).allowed


async def test_fifty_at_once_are_counted_fifty_times(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    verdicts = await rivals(*(partial(limits.hit, "k", limit=20, window_seconds=60, now=now) for _ in range(50)))
    assert sum(verdict.allowed for verdict in verdicts) == 20
    assert await database.fetchval("SELECT hits FROM limit_counter WHERE key = 'k'") == 50


async def test_peeking_counts_nothing(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    assert await limits.peek("k", limit=1, now=now) == YES
    assert await limits.hit("k", limit=1, window_seconds=60, now=now) == YES
    assert await limits.peek("k", limit=1, now=now) == Verdict(allowed=False, retry_after_seconds=60)
    assert await database.fetchval("SELECT hits FROM limit_counter WHERE key = 'k'") == 1


async def test_a_lock_refuses_whatever_the_count_and_ends(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    await limits.lock("k", seconds=90, now=now)
    assert await limits.hit("k", limit=100, window_seconds=60, now=now) == Verdict(
        allowed=False, retry_after_seconds=90
    )
    assert await limits.hit("k", limit=100, window_seconds=60, now=now + timedelta(seconds=90)) == YES


async def test_a_cleared_key_starts_anew(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    await limits.lock("k", seconds=90, now=now)
    await limits.clear("k")
    assert await limits.hit("k", limit=1, window_seconds=60, now=now) == YES


async def test_counting_inside_a_unit_is_a_mistake(db: None, now: datetime) -> None:
    async with work():
        with pytest.raises(RuntimeError, match="outside a unit of work"):
            await PostgresLimits().hit("k", limit=1, window_seconds=60, now=now)


async def test_only_counters_that_refuse_nobody_are_swept(db: None, now: datetime) -> None:
    limits = PostgresLimits()
    await limits.hit("old", limit=1, window_seconds=1, now=now)
    await limits.hit("young", limit=1, window_seconds=600, now=now)
    await limits.lock("locked", seconds=600, now=now)
    assert await sweep(now + timedelta(seconds=60)) == 1
    assert await database.fetchval("SELECT string_agg(key, ',' ORDER BY key) FROM limit_counter") == "locked,young"
