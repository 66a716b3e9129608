"""A sandbox: a second database of the same programme with a clock that is moved, and messages that stay in it (C-17)."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.messages import Channel
from models import database
from models.database import Record
from services.work import work

TURN: Final = 20_250_102
MILLI: Final = timedelta(milliseconds=1)

_IS_ONE: Final = "SELECT to_regclass('sandbox_clock') IS NOT NULL"
_CLOCK: Final = "SELECT ahead_millis, played_to, target, made_at FROM sandbox_clock"
_MARK: Final = "INSERT INTO sandbox_clock (id, ahead_millis, played_to, made_at) VALUES (1, 0, $1, $1)"
_VERSIONS: Final = "SELECT version, sha256, document::text, applied_at FROM programme_version ORDER BY version"
_TAKE_OVER: Final = (
    "INSERT INTO programme_version (version, sha256, document, applied_at) VALUES ($1, $2, $3::jsonb, $4)"
)
_AIM: Final = "UPDATE sandbox_clock SET target = $1 WHERE played_to < $1"
# Time goes forward alone, whoever plays it.
_REACHED: Final = """
UPDATE sandbox_clock SET played_to = greatest(played_to, $1), ahead_millis = greatest(ahead_millis, $2),
    target = CASE WHEN target > greatest(played_to, $1) THEN target END
"""
_RECORD: Final = """
INSERT INTO sandbox_message (id, channel, address, subject, text, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
"""
_RECORDED: Final = """
SELECT id, channel, address, subject, text, at FROM sandbox_message WHERE $2::text IS NULL OR address = $2
ORDER BY at DESC, id DESC LIMIT $1
"""
_IS_RECORDED: Final = "SELECT EXISTS (SELECT 1 FROM sandbox_message WHERE id = $1)"


@dataclass(frozen=True, slots=True)
class SandboxTime:
    """What time it is in a sandbox: ahead of the real clock by so much, played up to, and on the way to."""

    ahead: timedelta
    played_to: datetime
    target: datetime | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Recorded:
    """A message that a real house would have sent."""

    id: UUID
    channel: Channel
    address: str
    subject: str
    text: str
    at: datetime


async def time_of() -> SandboxTime | None:
    """What time it is in the sandbox that is connected; None where the database is none."""
    row = await database.fetchrow(_CLOCK) if await database.fetchval(_IS_ONE) else None
    return (
        None
        if row is None
        else SandboxTime(row["ahead_millis"] * MILLI, row["played_to"], row["target"], row["made_at"])
    )


async def versions() -> list[Record]:
    """Every version of the programme, as it is kept."""
    return await database.fetch(_VERSIONS)


async def furnish(kept: Sequence[Record], now: datetime) -> None:
    """Make the connected database a sandbox with these versions of the programme. It has nobody's data."""
    async with work() as tx:
        for row in kept:
            await tx.execute(_TAKE_OVER, *row.values())
        await tx.execute(_MARK, now)


async def aim(target: datetime) -> None:
    """Note where the clock is going, so that whoever goes on after a kill knows."""
    await database.execute(_AIM, target)


async def reached(moment: datetime, ahead: timedelta) -> None:
    """Note that everything due by a moment is done, and how far the clock is ahead."""
    await database.execute(_REACHED, moment, ahead // MILLI)


@asynccontextmanager
async def turn() -> AsyncIterator[bool]:
    """Whether it is this process that plays time, for as long as the block runs: in a sandbox one does."""
    connection = await database.connection_apart()
    try:
        yield bool(await connection.fetchval("SELECT pg_try_advisory_lock($1)", TURN))
    finally:
        await connection.close(timeout=database.RELEASE_SECONDS)


async def record(message: Recorded) -> None:
    """Keep a message that must not leave. The same one again is kept once."""
    said = (message.channel.value, message.address, message.subject, message.text, message.at)
    await database.execute(_RECORD, message.id, *said)


async def is_recorded(message_id: UUID) -> bool:
    """Whether a message was kept."""
    return bool(await database.fetchval(_IS_RECORDED, message_id))


async def recorded(*, rows: int, to: str | None = None) -> list[Recorded]:
    """The newest messages, the very newest first; `to` leaves those for one address."""
    return [
        Recorded(row["id"], Channel(row["channel"]), row["address"], row["subject"], row["text"], row["at"])
        for row in await database.fetch(_RECORDED, rows, to)
    ]
