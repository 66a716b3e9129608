"""Bringing a list of guests: row by row what can be taken is taken, the rest is listed with its mend.

A part and how far it came are one transaction, so a killed import goes on behind its last part. The same list again changes
nothing; a newer one renews the contacts of guests who have not shown up yet. Who of them is a member is told to nobody.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Contention
from models.ids import uuid7
from services import audit, programmes
from services.audit import Actor, Event
from services.guests.reading import GuestRow, guest, rows_of, system_of
from services.openings.importing import Overtaken, claim_known
from services.openings.reading import Fault, digest_of
from services.tills import TillFacts
from services.work import Work, again, work

T = TypeVar("T")
ROWS_AT_ONCE: Final = 100
KEPT: Final = timedelta(days=365)
RUNS_KEPT: Final = timedelta(days=30)
RUNS_AT_ONCE: Final = 500

_BEGIN: Final = """
INSERT INTO import_run (id, sha256, rows, points, qualifying, cursor, started_at) VALUES ($1, $2, $3, 0, 0, 0, $4)
ON CONFLICT DO NOTHING
"""
_RUN: Final = "SELECT id, cursor, finished_at FROM import_run WHERE sha256 = $1"
# Held until its guests are written: a run of long ago that nobody waited of may be swept at this moment.
_HOLD: Final = "SELECT id FROM import_run WHERE sha256 = $1 FOR KEY SHARE"
_STEP: Final = "UPDATE import_run SET cursor = $3 WHERE id = $1 AND cursor = $2"
_END: Final = "UPDATE import_run SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL"
# What brings points or a tier belongs to whom its first file named: a list of guests leads none of it to somebody else.
# Contacts that are the same are left as they are: sending them every night does not keep them beyond their year.
_KEEP: Final = """
INSERT INTO opening AS o (id, run_id, system, external_id, phone, email, qualifying, points, lots, imported_at)
SELECT id, $2, $3, external_id, phone, email, 0, 0, '[]', $7
FROM unnest($1::uuid[], $4::text[], $5::text[], $6::text[]) AS g (id, external_id, phone, email)
ON CONFLICT (system, external_id) DO UPDATE SET phone = EXCLUDED.phone, email = EXCLUDED.email, imported_at = $7
WHERE o.member_id IS NULL AND o.points = 0 AND o.qualifying = 0 AND o.tier IS NULL
    AND (o.phone, o.email) IS DISTINCT FROM (EXCLUDED.phone, EXCLUDED.email)
"""
# A contact without its owner's word is not kept for ever.
_SWEEP: Final = """
DELETE FROM opening WHERE id IN (SELECT id FROM opening WHERE member_id IS NULL AND points = 0 AND qualifying = 0
    AND tier IS NULL AND system LIKE 'g:%' AND imported_at < $1 LIMIT $2)
"""
# A run recognises its list when it comes again, and guests name the one that brought them; then it serves nobody. Whether
# somebody names it is looked at again behind the lock: a list may have come between.
_OLD_RUNS: Final = """
SELECT r.id FROM import_run AS r WHERE r.points = 0 AND r.qualifying = 0 AND r.started_at < $1
    AND NOT EXISTS (SELECT FROM opening AS o WHERE o.run_id = r.id) ORDER BY r.id LIMIT $2 FOR UPDATE SKIP LOCKED
"""
_SWEEP_RUNS: Final = """
DELETE FROM import_run AS r WHERE id = ANY ($1::uuid[]) AND NOT EXISTS (SELECT FROM opening AS o WHERE o.run_id = r.id)
"""


@dataclass(frozen=True, slots=True)
class Brought:
    """What a list brought: rows that were looked at, those that were taken. `is_new` is False where it was done before."""

    rows: int
    taken: int
    is_new: bool = True


def look(path: Path, mapping: Mapping[str, str]) -> tuple[int, list[Fault]]:
    """(rows, what is to mend) of a file; nothing is written. Raises `UnreadableImport`."""
    rows, faults = 0, list[Fault]()
    for row in rows_of(path, mapping):
        rows += 1
        if isinstance(row, list):
            faults += row
    return rows, faults


async def bring(path: Path, partner: str, mapping: Mapping[str, str], now: datetime) -> Brought:
    """Take every row of a partner's file that can be taken. Raises `UnreadableImport`, INVALID_INPUT for no such partner."""
    if partner not in (await programmes.current(now)).partners_by_id:
        raise Refusal(Code.INVALID_INPUT, "till.unknown_partner", field="partner", partner=partner)
    rows, faults = look(path, mapping)
    named = orjson.dumps([partner, digest_of(path), sorted(mapping.items())])
    run, cursor, is_over = await _begun(sha256(named).hexdigest(), rows, now)
    taken = rows - len({fault.line for fault in faults})
    if is_over:
        return Brought(rows, taken, is_new=False)
    for part in _parts(islice(rows_of(path, mapping), cursor, None)):
        right = [row for row in part if isinstance(row, GuestRow)]
        await again(partial(_written, run, (cursor, cursor + len(part)), partner, right, now))
        cursor += len(part)
    await _ended(run, partner, rows, taken, now)
    return Brought(rows, taken)


async def take(
    till: TillFacts, sent: Sequence[Mapping[str, str]], now: datetime, *, dry_run: bool = False
) -> tuple[int, list[Fault]]:
    """(how many guests of the till's partner were taken, what is wrong with the others; `line` counts from 0).

    Sending the same again changes nothing, and the last word counts, also where it takes back the one before. A dry run
    answers alike and writes nothing. Raises FORBIDDEN for a key without the scope GUESTS.
    """
    till.require("GUESTS")
    read = [guest(place, cells) for place, cells in enumerate(sent)]
    right = [row for row in read if isinstance(row, GuestRow)]
    faults = [fault for row in read if isinstance(row, list) for fault in row]
    if right and not dry_run:
        named = orjson.dumps([till.partner, [[row.external_id, row.phone, row.email] for row in right]])
        await again(partial(_heard, sha256(named).hexdigest(), till.partner, right, now))
    return len(right), faults


async def sweep(now: datetime) -> int:
    """Forget guests of lists who have not shown up for a year; say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def sweep_runs(now: datetime) -> int:
    """Forget lists of a month ago of whose guests nobody waits any more; say how many."""
    swept, part = 0, RUNS_AT_ONCE
    while part == RUNS_AT_ONCE:
        async with work() as tx:
            old = [row["id"] for row in await tx.fetch(_OLD_RUNS, now - RUNS_KEPT, RUNS_AT_ONCE)]
            part = int((await tx.execute(_SWEEP_RUNS, old)).rpartition(" ")[2])
        swept += part
    return swept


async def _begun(digest: str, rows: int, now: datetime) -> tuple[UUID, int, bool]:
    async with work() as tx:
        run = uuid7()
        if await tx.execute(_BEGIN, run, digest, rows, now) == "INSERT 0 1":
            await audit.write(tx, Actor.operator(), _event("guests.import", run, {"rows": rows}), now)
        row = await tx.fetchrow(_RUN, digest)
    assert row is not None  # noqa: S101 - it was just made
    return row["id"], row["cursor"], row["finished_at"] is not None


async def _written(run: UUID, span: tuple[int, int], partner: str, rows: Sequence[GuestRow], now: datetime) -> None:
    async with work() as tx:
        if await tx.execute(_STEP, run, *span) != "UPDATE 1":
            raise Overtaken
        await _keep(tx, run, partner, rows, now)


async def _heard(digest: str, partner: str, rows: Sequence[GuestRow], now: datetime) -> None:
    """Keep what a system sent, however often: rivals that send the same are no fault of anybody."""
    async with work() as tx:
        await tx.execute(_BEGIN, uuid7(), digest, len(rows), now)
        run = await tx.fetchval(_HOLD, digest)
        if run is None:
            raise Contention
        await tx.execute(_STEP, run, 0, len(rows))
        await _keep(tx, run, partner, rows, now)
        await tx.execute(_END, run, now)


async def _keep(tx: Work, run: UUID, partner: str, rows: Sequence[GuestRow], now: datetime) -> None:
    # A guest who is there twice has the contacts that were written last.
    last = list({row.external_id: row for row in rows}.values())
    await tx.execute(
        _KEEP,
        [uuid7() for _ in last],
        run,
        system_of(partner),
        [row.external_id for row in last],
        [row.phone for row in last],
        [row.email for row in last],
        now,
    )
    await claim_known(tx, [row.phone for row in last if row.phone], [row.email for row in last if row.email], now)


async def _ended(run: UUID, partner: str, rows: int, taken: int, now: datetime) -> None:
    async with work() as tx:
        if await tx.execute(_END, run, now) == "UPDATE 1":
            told = {"partner": partner, "rows": rows, "taken": taken}
            await audit.write(tx, Actor.operator(), _event("guests.imported", run, told), now)


def _event(action: str, run: UUID, after: Mapping[str, object]) -> Event:
    return Event(action=action, object_kind="import", object_id=str(run), after=after)


def _parts(rows: Iterator[T]) -> Iterator[list[T]]:
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield part
