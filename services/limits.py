"""Counting attempts in PostgreSQL, so that a limit holds across processes, restarts and without Redis."""

from datetime import datetime, timedelta
from math import ceil
from typing import Final

from integrations.ports import Limits, Verdict
from models import database
from models.database import Record

__all__ = ["Limits", "PostgresLimits", "Verdict"]

_HIT: Final = """
INSERT INTO limit_counter AS c (key, hits, window_ends_at) VALUES ($1, 1, $3)
ON CONFLICT (key) DO UPDATE SET
    hits = CASE WHEN c.window_ends_at <= $2 THEN 1 ELSE least(c.hits, 1000000000) + 1 END,
    window_ends_at = CASE WHEN c.window_ends_at <= $2 THEN $3 ELSE c.window_ends_at END
RETURNING hits, window_ends_at, locked_until
"""
_PEEK: Final = "SELECT hits + 1 AS hits, window_ends_at, locked_until FROM limit_counter WHERE key = $1"
_LOCK: Final = """
INSERT INTO limit_counter (key, hits, window_ends_at, locked_until) VALUES ($1, 0, $2, $3)
ON CONFLICT (key) DO UPDATE SET locked_until = $3
"""
_CLEAR: Final = "DELETE FROM limit_counter WHERE key = $1"
_SWEEP: Final = """
DELETE FROM limit_counter WHERE window_ends_at < $1 AND (locked_until IS NULL OR locked_until < $1) AND key IN (
    SELECT key FROM limit_counter WHERE window_ends_at < $1 AND (locked_until IS NULL OR locked_until < $1) LIMIT $2
)
"""


class PostgresLimits:
    """Running windows in the table limit_counter.

    A hit made inside a unit of work would vanish with its rollback, so it is refused there: count first, then act.
    """

    async def hit(self, key: str, *, limit: int, window_seconds: int, now: datetime) -> Verdict:
        """Count one more and say whether it is within `limit` for the running window."""
        _must_be_alone()
        row = await database.fetchrow(_HIT, key, now, now + timedelta(seconds=window_seconds))
        assert row is not None  # noqa: S101 - an upsert returns its row
        return _judge(row, limit, now)

    async def peek(self, key: str, *, limit: int, now: datetime) -> Verdict:
        """Say whether one more would be allowed, without counting it."""
        row = await database.fetchrow(_PEEK, key)
        if row is None:
            return Verdict(allowed=limit > 0)
        return _judge(row, limit, now)

    async def lock(self, key: str, *, seconds: int, now: datetime) -> None:
        """Refuse every hit of the key for some time, whatever its count."""
        _must_be_alone()
        await database.execute(_LOCK, key, now, now + timedelta(seconds=seconds))

    async def clear(self, key: str) -> None:
        """Forget the key: its count and its lock."""
        _must_be_alone()
        await database.execute(_CLEAR, key)


async def sweep(now: datetime) -> int:
    """Delete counters that can refuse nobody any more, and say how many."""
    return await database.sweep(_SWEEP, now)


def _judge(row: Record, limit: int, now: datetime) -> Verdict:
    ends: list[datetime] = []
    if row["locked_until"] is not None and row["locked_until"] > now:
        ends.append(row["locked_until"])
    if row["hits"] > limit and row["window_ends_at"] > now:
        ends.append(row["window_ends_at"])
    if not ends:
        return Verdict(allowed=True)
    return Verdict(allowed=False, retry_after_seconds=max(1, ceil((max(ends) - now).total_seconds())))


def _must_be_alone() -> None:
    if database.in_work():
        msg = "limits are counted outside a unit of work, whose rollback would forget them"
        raise RuntimeError(msg)
