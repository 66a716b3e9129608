"""Members and receipts by the million: written in bulk by two sessions, the indexes of their tables made afterwards."""

import asyncio
import os
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from api.postgres import USER, Postgres
from models import database
from services.ledger import QUALIFIED
from services.tills import TillFacts

SQL: Final = Path(__file__).parent / "sql" / "grow.sql"
CHUNK: Final = 10_000
AT_ONCE: Final = 2
SESSION: Final = (
    "-c session_replication_role=replica -c statement_timeout=0 -c work_mem=64MB -c maintenance_work_mem=1GB"
)
GROWN: Final = "member contact card account balance member_standing tier_period purchase purchase_line tender ledger_transaction entry"
# Those that a key or a UNIQUE constraint stands on stay.
INDEXES: Final = """
SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS made
FROM pg_index AS i JOIN pg_class AS t ON t.oid = i.indrelid
WHERE t.relname = ANY ($1) AND NOT EXISTS (SELECT 1 FROM pg_constraint AS c WHERE c.conindid = i.indexrelid)
"""
# A load is one long checkpoint's worth of writing, and is begun again if the machine dies.
HASTE: Final = {
    "max_wal_size": "'32GB'",
    "checkpoint_timeout": "'1h'",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


async def load(
    postgres: Postgres,
    first: int,
    last: int,
    till: TillFacts,
    *,
    receipts: int,
    service: str,
    tell: Callable[[str], None],
) -> float:
    """Write members `first` to `last` with their receipts and give the seconds it took, indexes and VACUUM included.

    Triggers and foreign keys that real receipts pass are not asked; `grow.sql` writes what they would.
    """
    started = time.perf_counter()
    facts = {"receipts": receipts, "till": till.id, "partner": till.partner, "outlet": till.outlet, "service": service}
    facts |= {"shared": QUALIFIED, "tier": "dreamer"}
    chunks = [(low, min(low + CHUNK - 1, last)) for low in range(first, last + 1, CHUNK)]
    places = asyncio.Semaphore(AT_ONCE)
    written = first - 1

    async def write(low: int, high: int) -> None:
        nonlocal written
        async with places:
            given = facts | {"first": low, "last": high}
            await asyncio.to_thread(
                _psql, postgres, "--single-transaction", "--file", str(SQL),
                *(word for name, value in given.items() for word in ("--set", f"{name}={value}")),
            )  # fmt: skip
        written += high - low + 1
        passed = time.perf_counter() - started
        tell(f"members {written:,} of {last:,}, receipts {written * receipts:,}, {passed:.0f} s")

    async with _in_haste(), _without_indexes(postgres, tell):
        await asyncio.gather(*(write(low, high) for low, high in chunks))
    tell("VACUUM ANALYZE")
    await asyncio.to_thread(_psql, postgres, "--command", "VACUUM ANALYZE")
    return time.perf_counter() - started


@asynccontextmanager
async def _in_haste() -> AsyncIterator[None]:
    """What a server of real guests must not do: nothing is measured meanwhile."""
    for name, value in HASTE.items():
        await database.execute(f"ALTER SYSTEM SET {name} = {value}")
    await database.execute("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        for name in HASTE:
            await database.execute(f"ALTER SYSTEM RESET {name}")
        await database.execute("SELECT pg_reload_conf()")


@asynccontextmanager
async def _without_indexes(postgres: Postgres, tell: Callable[[str], None]) -> AsyncIterator[None]:
    """An index is made in one go from sorted rows in a fraction of the time that row after row takes."""
    found = await database.fetch(INDEXES, GROWN.split())
    for row in found:
        await database.execute(f"DROP INDEX {row['name']}")
    yield
    places = asyncio.Semaphore(AT_ONCE)

    async def make(made: str) -> None:
        async with places:
            tell(made.partition(" USING ")[0])
            await asyncio.to_thread(_psql, postgres, "--command", made)

    await asyncio.gather(*(make(row["made"]) for row in found))


def _psql(postgres: Postgres, *words: str) -> None:
    program = [str(postgres.binaries.folder / "psql"), "--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1"]
    environment = {**os.environ, "PGHOST": str(postgres.socket_folder), "PGUSER": USER, "PGDATABASE": USER}
    subprocess.run([*program, *words], env=environment | {"PGOPTIONS": SESSION}, check=True, stdout=subprocess.DEVNULL)
