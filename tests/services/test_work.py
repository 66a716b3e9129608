"""The unit of work: all or nothing, never a lost connection, one kind of error wherever it arises."""

import asyncio
import random
from datetime import datetime

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from models.outbox import Job, LimitCounter
from services.work import Contention, Unreachable, Violation, again, work
from tests.conftest import Server

INSERT = "INSERT INTO limit_counter (key, hits, window_ends_at) VALUES ($1, $2, now())"
COUNT = "SELECT count(*) FROM limit_counter"


async def test_everything_of_a_unit_is_kept(db: None, now: datetime) -> None:
    told: list[str] = []
    async with work() as tx:
        await tx.execute(INSERT, "a", 1)
        assert await tx.enqueue("letter.send", {"letter": "7"}, run_at=now)
        tx.after_commit(lambda: told.append("after"))
        assert told == []
    assert told == ["after"]
    assert await database.fetchval(COUNT) == 1
    job = await Job.get()
    assert (job.name, job.payload, job.status, job.attempts, job.run_at) == (
        "letter.send",
        {"letter": "7"},
        "READY",
        0,
        now,
    )


async def test_a_refusal_inside_keeps_nothing(db: None, now: datetime) -> None:
    told: list[str] = []
    with pytest.raises(Refusal) as refused:
        async with work() as tx:
            await tx.execute(INSERT, "a", 1)
            await tx.enqueue("letter.send", {}, run_at=now)
            tx.after_commit(lambda: told.append("after"))
            raise Refusal(Code.FORBIDDEN, "forbidden")
    assert refused.value.code is Code.FORBIDDEN
    assert told == []
    assert await database.fetchval(COUNT) == 0
    assert await Job.all().count() == 0


async def test_models_and_statements_share_the_transaction(db: None, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        async with work() as tx:
            await LimitCounter.create(key="m", hits=1, window_ends_at=now)
            await database.execute(INSERT, "d", 1)
            assert await tx.fetchval(COUNT) == 2
            assert await LimitCounter.all().count() == 2
            raise ZeroDivisionError
    assert await LimitCounter.all().count() == 0


async def test_an_error_of_a_statement_names_its_constraint(db: None) -> None:
    with pytest.raises(Violation) as violation:
        async with work() as tx:
            await tx.execute(INSERT, "a", 1)
            await tx.execute(INSERT, "a", 1)
    assert violation.value.constraint == "limit_counter_pkey"
    assert await database.fetchval(COUNT) == 0


async def test_an_error_through_a_model_is_the_same_error(db: None, now: datetime) -> None:
    with pytest.raises(Violation) as violation:
        async with work():
            await LimitCounter.create(key="a", hits=1, window_ends_at=now)
            await LimitCounter.create(key="a", hits=1, window_ends_at=now)
    assert violation.value.constraint == "limit_counter_pkey"


async def test_an_error_of_the_commit_is_the_same_error(db: None) -> None:
    async with work() as tx:
        await tx.execute(
            "CREATE TABLE deferred_probe (a int CONSTRAINT probe_once UNIQUE DEFERRABLE INITIALLY DEFERRED)"
        )
    told: list[str] = []
    try:
        with pytest.raises(Violation) as violation:
            async with work() as tx:
                tx.after_commit(lambda: told.append("never"))
                await tx.execute("INSERT INTO deferred_probe VALUES (1), (1)")
        assert violation.value.constraint == "probe_once"
        assert told == []
    finally:
        await database.execute("DROP TABLE deferred_probe")


async def test_a_repeated_job_is_written_once(db: None, now: datetime) -> None:
    async with work() as tx:
        assert await tx.enqueue("letter.send", {"n": "1"}, run_at=now, dedupe_key="k")
        assert not await tx.enqueue("letter.send", {"n": "2"}, run_at=now, dedupe_key="k")
        assert await tx.enqueue("other.send", {"n": "3"}, run_at=now, dedupe_key="k")
    assert await Job.all().count() == 2


async def test_units_do_not_nest(db: None) -> None:
    with pytest.raises(RuntimeError, match="open already"):
        async with work(), work():
            pass
    assert await database.fetchval("SELECT 1") == 1


async def test_a_callback_that_fails_spoils_nothing(db: None) -> None:
    told: list[str] = []

    def broken() -> None:
        raise ValueError("broken")

    async with work() as tx:
        tx.after_commit(broken)
        tx.after_commit(lambda: told.append("next"))
        await tx.execute(INSERT, "a", 1)
    assert told == ["next"]
    assert await database.fetchval(COUNT) == 1


async def test_a_unit_that_takes_too_long_is_refused_as_busy(db: None) -> None:
    with pytest.raises(Unreachable) as refused:
        async with work(seconds=0.1) as tx:
            await tx.execute(INSERT, "a", 1)
            await asyncio.sleep(5)
    assert (refused.value.code, refused.value.retryable, refused.value.unknown) == (Code.BUSY, True, False)
    assert await database.fetchval(COUNT) == 0


async def test_a_serialization_conflict_is_contention_and_is_repeated_whole(db: None) -> None:
    await database.execute(INSERT, "a", 0)
    tries = 0

    async def rise() -> None:
        nonlocal tries
        tries += 1
        async with work(isolation="repeatable_read") as tx:
            hits = await tx.fetchval("SELECT hits FROM limit_counter WHERE key = 'a'")
            if tries == 1:
                await asyncio.create_task(outside("UPDATE limit_counter SET hits = hits + 10"))
            await tx.execute("UPDATE limit_counter SET hits = $1", hits + 1)

    await again(rise)
    assert tries == 2
    assert await database.fetchval("SELECT hits FROM limit_counter") == 11


async def outside(sql: str) -> None:
    """Run a statement on a connection of its own, whatever unit the caller is in."""
    async with database.lease() as connection:
        await connection.execute(sql)


async def test_contention_without_end_comes_out(db: None) -> None:
    tries = 0

    async def never() -> None:
        nonlocal tries
        tries += 1
        raise Contention

    with pytest.raises(Contention):
        await again(never)
    assert tries == 3


async def test_cancelled_tasks_give_their_connections_back(fresh_database: str) -> None:
    """Ten rounds of 200 tasks cancelled at random moments: nothing is lost and nothing stays open."""
    await database.connect(fresh_database, connections=4, acquire_seconds=5.0)
    chance = random.Random(7)

    async def one() -> None:
        async with work() as tx:
            await tx.execute(INSERT, str(uuid7()), 1)
            await tx.fetchval("SELECT pg_sleep(0.001)")

    for _ in range(10):
        tasks = [asyncio.create_task(one()) for _ in range(200)]
        for task in tasks:
            asyncio.get_running_loop().call_later(chance.random() * 0.2, task.cancel)
        await asyncio.gather(*tasks, return_exceptions=True)
    async with database.lease(), database.lease(), database.lease(), database.lease() as last:
        idle = await last.fetchval(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in%'"
        )
    assert idle == 0


async def test_waiting_for_a_connection_has_an_end(fresh_database: str) -> None:
    await database.connect(fresh_database, connections=1, acquire_seconds=0.1)
    async with database.lease():
        with pytest.raises(Unreachable) as refused:
            await database.fetchval("SELECT 1")
    assert (refused.value.code, refused.value.retry_after_seconds, refused.value.unknown) == (Code.BUSY, 1, False)
    assert await database.fetchval("SELECT 1") == 1


async def test_a_connection_cut_in_mid_statement_is_unknown_and_the_next_one_works(fresh_database: str) -> None:
    await database.connect(fresh_database, connections=2)
    sleeper = asyncio.create_task(database.fetchval("SELECT pg_sleep(2)"))
    await asyncio.sleep(0.1)
    await database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with pytest.raises(Unreachable) as refused:
        await sleeper
    assert refused.value.unknown
    assert await asyncio.gather(*(database.fetchval("SELECT 1") for _ in range(4))) == [1] * 4


async def test_a_migration_beside_a_running_server_is_contention_and_the_unit_is_repeated(fresh_database: str) -> None:
    """A prepared statement that gives other columns than before cannot be mended within a transaction."""
    await database.connect(fresh_database, connections=1)
    tries: list[str] = []

    async def unit() -> int:
        tries.append("begun")
        async with work() as tx:
            return len(await tx.fetch("SELECT * FROM limit_counter"))

    await unit()
    migrating = await database.connection_apart()
    try:
        await migrating.execute("ALTER TABLE limit_counter ADD COLUMN added int")
    finally:
        await migrating.close()
    assert await again(unit) == 0
    assert len(tries) == 3


async def test_a_server_that_only_reads_is_away(fresh_database: str, server: Server) -> None:
    """After a failover the pool may still speak with the old server, which takes nothing any more."""
    name = fresh_database.partition("@/")[2].partition("?")[0]
    await server.run(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    await database.connect(fresh_database, connections=1)
    with pytest.raises(Unreachable) as refused:
        await database.execute(INSERT, "a", 1)
    assert (refused.value.code, refused.value.unknown) == (Code.BUSY, False)
    with pytest.raises(Unreachable):
        async with work() as tx:
            await tx.execute(INSERT, "a", 1)
    assert await database.fetchval(COUNT) == 0


async def test_statements_that_run_too_long_are_contention(db: None) -> None:
    with pytest.raises(Contention):
        async with work() as tx:
            await tx.execute("SET LOCAL statement_timeout = 50")
            await tx.fetchval("SELECT pg_sleep(1)")


async def test_a_mistake_of_ours_stays_visible(db: None) -> None:
    with pytest.raises(Exception, match="no_such_table"):
        await database.fetch("SELECT * FROM no_such_table")
    with pytest.raises(Exception, match="no_such_table"):
        async with work() as tx:
            await tx.fetch("SELECT * FROM no_such_table")
