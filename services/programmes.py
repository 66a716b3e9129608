"""The programme in force: applied from a file as a new version, compiled once, and read at most once a second anew."""

from collections.abc import Container
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import available_timezones

import orjson

from loyalty.programme import Programme
from loyalty.programme_file.check import Checked, check
from loyalty.programme_file.nodes import Node
from loyalty.programme_file.stored import digest, from_data, to_data
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record, statement
from models.ids import uuid7
from services.programme_sheets import read_programme
from services.work import Work, work

RECHECK: Final = timedelta(seconds=1)
APPLY_SECONDS: Final = 600.0

_NEWEST: Final = "SELECT max(version) FROM programme_version"
_READ: Final = "SELECT version, document FROM programme_version WHERE version = $1"
_NEWEST_ROW: Final = "SELECT version, sha256, document FROM programme_version ORDER BY version DESC LIMIT 1"
_INSERT: Final = "INSERT INTO programme_version (version, sha256, document, applied_at) VALUES ($1, $2, $3::jsonb, $4)"

_MARK: Final = "UPDATE member_standing SET tier_until = least(tier_until, $1)"
_UNMARK: Final = "UPDATE member_standing SET tier_until = granted_until WHERE tier_until IS DISTINCT FROM granted_until"


@dataclass(frozen=True, slots=True)
class Applied:
    """What applying a file did. `version` is None when something must be mended first."""

    checked: Checked
    version: int | None
    is_new: bool
    members_moved: int = 0


@dataclass(slots=True)
class _Kept:
    """The compiled versions of this process. Versions never change, so only the newest is ever asked about again."""

    pool: object = None
    newest: Programme | None = None
    looked_at: datetime | None = None
    versions: dict[int, Programme] = field(default_factory=dict)


_kept = _Kept()


async def current(now: datetime) -> Programme:
    """The programme in force. A version applied by another process is seen within a second.

    Raises NOT_FOUND before the first one was applied.
    """
    programme = await newest(now)
    if programme is None:
        raise Refusal(Code.NOT_FOUND, "programme.none")
    return programme


async def newest(now: datetime) -> Programme | None:
    """The programme in force, or None on an installation that has not been given one yet."""
    kept = _here()
    if kept.newest is not None and kept.looked_at is not None and abs(now - kept.looked_at) < RECHECK:
        return kept.newest
    earlier, kept.looked_at = kept.looked_at, now  # one caller asks; the others go on with what is there
    try:
        number: int | None = await database.fetchval(_NEWEST)
    except BaseException:
        kept.looked_at = earlier
        raise
    if number is None:
        kept.newest = None
    elif kept.newest is None or kept.newest.version != number:
        kept.newest = await version(number)
    return kept.newest


async def settled(tx: Work) -> Programme:
    """The programme in force until the transaction ends. It must hold a lock on `member_standing`, which applying waits for."""
    return await version(await tx.fetchval(_NEWEST))


async def version(number: int) -> Programme:
    """The version that a receipt names."""
    kept = _here()
    found = kept.versions.get(number)
    if found is None:
        row = await database.fetchrow(_READ, number)
        if row is None:
            msg = f"programme version {number} was never applied"
            raise LookupError(msg)
        found = kept.versions[number] = _compiled(row)
    return found


def refresh() -> None:
    """Ask the database at the next `current`: for a caller who knows that a newer version is in force."""
    _here().looked_at = None


async def apply(path: Path, now: datetime) -> Applied:
    """Check a file against the version in force and make it the next version. The same content makes none.

    Raises UnreadableFile for a file that is no YAML.
    """
    root = read_programme(path)
    async with work(seconds=APPLY_SECONDS) as tx:
        await tx.execute("SELECT pg_advisory_xact_lock(hashtext('kunak programme'))")
        row = await tx.fetchrow(_NEWEST_ROW)
        earlier = None if row is None else _compiled(row)
        checked = _checked(root, earlier)
        if checked.programme is None:
            return Applied(checked, None, is_new=False)
        data = to_data(checked.programme)
        sha256 = digest(data)
        if row is not None and row["sha256"] == sha256:
            return Applied(checked, row["version"], is_new=False)
        moved = 0 if earlier is None else await _place_members(tx, checked.programme, earlier, now)
        await tx.execute(_INSERT, checked.programme.version, sha256, orjson.dumps(data).decode(), now)
    forget()
    return Applied(checked, checked.programme.version, is_new=True, members_moved=moved)


def check_file(path: Path, earlier: Programme | None = None) -> Checked:
    """Check a file alone, or against the version in force. Raises UnreadableFile for a file that is no YAML."""
    return _checked(read_programme(path), earlier)


def forget() -> None:
    """Drop every compiled version of this process."""
    global _kept
    _kept = _Kept(pool=_kept.pool)


async def _place_members(tx: Work, programme: Programme, earlier: Programme, now: datetime) -> int:
    """Give every member the tier that the new thresholds mean, while no purchase can move a sum; say how many moved.

    With a window that ends they are marked for the clock instead, which counts each of them anew in its own time: what
    members are shown and pay follows from the new terms at once.
    """
    await tx.execute("SET LOCAL statement_timeout = 0")
    await tx.execute("SET LOCAL lock_timeout = '30s'")
    await tx.execute("LOCK TABLE member_standing IN EXCLUSIVE MODE")
    if programme.tier_window.has_end:
        if _terms(programme) == _terms(earlier):
            return 0
        return int((await tx.connection.execute(_MARK, now, timeout=APPLY_SECONDS)).rpartition(" ")[2])
    if earlier.tier_window.has_end:
        await tx.connection.execute(_UNMARK, timeout=APPLY_SECONDS)
    tiers = orjson.dumps([{"id": tier.id, "threshold": tier.threshold} for tier in programme.tiers]).decode()
    rows = await tx.connection.fetch(
        statement("misplaced_members"), tiers, now, programme.shares_progress, timeout=APPLY_SECONDS
    )
    if rows:
        members, reached = [row["member_id"] for row in rows], [row["tier"] for row in rows]
        ids = [uuid7() for _ in rows]
        await tx.connection.execute(statement("place_members"), ids, members, reached, now, timeout=APPLY_SECONDS)
    return len(rows)


def _terms(programme: Programme) -> tuple[object, ...]:
    """What tiers follow from beside facts. When their ends are announced moves nobody."""
    steps = [(tier.id, tier.threshold) for tier in programme.tiers]
    return replace(programme.tier_window, announce_days=()), programme.time_zone, steps, programme.shares_progress


def _here() -> _Kept:
    # Another pool is another database: nothing compiled from the first one holds there.
    pool = database.opened()
    if _kept.pool is not pool:
        forget()
        _kept.pool = pool
    return _kept


def _checked(root: Node, earlier: Programme | None) -> Checked:
    return check(root, version=1 if earlier is None else earlier.version + 1, zones=_zones(), earlier=earlier)


def _compiled(row: Record) -> Programme:
    programme = from_data(orjson.loads(row["document"]), row["version"])
    _ = programme.cells, programme.tiers_by_id, programme.outlets_by_id
    return programme


@cache
def _zones() -> Container[str]:
    return available_timezones()
