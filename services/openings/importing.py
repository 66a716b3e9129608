"""Importing a file of opening balances: looked through whole, compared with control totals, then written part by part.

A part and how far it came are one transaction, so a killed import goes on behind its last part, and rivals write each
part once. The same file again finds everything done.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Final, TypeVar
from uuid import UUID

import orjson

from loyalty.programme import Programme
from models import database
from models.database import Record
from models.ids import uuid7
from services import audit
from services.audit import Actor, Event
from services.openings.claiming import claim
from services.openings.reading import Fault, OpeningRow, digest_of, rows_of
from services.work import Work, again, work

T = TypeVar("T")
ROWS_AT_ONCE: Final = 100

_RUN: Final = "SELECT id, cursor, started_at, finished_at FROM import_run WHERE sha256 = $1"
_BEGIN: Final = """
INSERT INTO import_run (id, sha256, rows, points, qualifying, cursor, started_at) VALUES ($1, $2, $3, $4, $5, 0, $6)
ON CONFLICT DO NOTHING
"""
_STEP: Final = "UPDATE import_run SET cursor = $3 WHERE id = $1 AND cursor = $2"
_END: Final = "UPDATE import_run SET finished_at = $2 WHERE id = $1 AND finished_at IS NULL"
_KEEP: Final = """
INSERT INTO opening (id, run_id, system, external_id, phone, email, qualifying, points, lots, tier, tier_since, tier_until,
    imported_at)
SELECT id, $2, system, external_id, phone, email, qualifying, points, lots::jsonb, tier, tier_since, tier_until, $13
FROM unnest($1::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::text[], $10::text[],
    $11::timestamptz[], $12::timestamptz[])
    AS o (id, system, external_id, phone, email, qualifying, points, lots, tier, tier_since, tier_until)
ON CONFLICT (system, external_id) DO NOTHING
"""
# Members whose proved phone or e-mail is one of these: a phone before an e-mail, should a row name two people's.
_OWNERS: Final = """
SELECT c.member_id FROM contact AS c JOIN member_standing AS s ON s.member_id = c.member_id
WHERE c.verified_at IS NOT NULL
    AND ((c.kind = 'PHONE' AND c.value = ANY ($1::text[])) OR (c.kind = 'EMAIL' AND c.value = ANY ($2::text[])))
GROUP BY c.member_id ORDER BY bool_or(c.kind = 'PHONE') DESC, c.member_id
"""
_LOCK: Final = "SELECT lock_books($1, '{}')"
_BROUGHT: Final = """
SELECT count(*) AS rows, coalesce(sum(points), 0)::bigint AS points, coalesce(sum(qualifying), 0)::bigint AS qualifying,
    count(member_id) AS claimed FROM opening WHERE run_id = $1
"""
_TAKEN: Final = "SELECT system, external_id FROM opening WHERE (system, external_id) IN (SELECT * FROM unnest($1::text[], $2::text[]))"
# A table of this session: whom the file names already, however long it is.
_SEEN: Final = "CREATE TEMP TABLE seen (system text, external_id text, PRIMARY KEY (system, external_id))"
_SEE: Final = """
INSERT INTO seen SELECT DISTINCT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING RETURNING system, external_id
"""
_RUNS: Final = """
SELECT r.*, (SELECT count(*) FROM opening AS o WHERE o.run_id = r.id AND o.member_id IS NOT NULL) AS claimed
FROM import_run AS r ORDER BY started_at DESC LIMIT 50
"""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a file holds: rows, whole points, counted kopecks."""

    rows: int
    points: int
    qualifying: int


@dataclass(frozen=True, slots=True)
class Looked:
    """A file that was looked through: what it holds, how much is to mend, and its digest."""

    totals: Totals
    faults: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import brought: rows that waited for nobody are `claimed`. `is_new` is False where it was done before."""

    totals: Totals
    claimed: int
    is_new: bool


class Mismatch(Exception):
    """What is there is not what the control totals say; the text names both. Nothing was written."""


class Overtaken(Exception):
    """Another process imports the same file at this moment."""


async def look(path: Path, faults: Path, programme: Programme, now: datetime) -> Looked:
    """Look through a whole file and write what is to mend beside it; the file of faults is there only if there are any."""
    sums, wrong = Totals(0, 0, 0), 0
    digest = digest_of(path)
    # What an unfinished run of this file has brought is not there twice.
    begun = await database.fetchrow(_RUN, digest)
    # Nor does a row end while its file is brought: a run that a night interrupts is judged by the day it began on.
    as_of = now if begun is None else begun["started_at"]
    _forget(faults)
    apart = await database.connection_apart()
    try:
        await apart.execute(_SEEN)
        for part in _parts(rows_of(path, programme, as_of)):
            right = [row for row in part if isinstance(row, OpeningRow)]
            found = [fault for row in part if isinstance(row, list) for fault in row]
            found += _repeated(right, await apart.fetch(_SEE, *_keys(right)))
            found += await _taken(right) if begun is None else []
            _note(faults, found)
            wrong += len(found)
            sums = Totals(
                sums.rows + len(part),
                sums.points + sum(row.points for row in right),
                sums.qualifying + sum(row.qualifying for row in right),
            )
    finally:
        await apart.close(timeout=database.RELEASE_SECONDS)
    return Looked(sums, wrong, digest)


async def bring(
    path: Path,
    looked: Looked,
    expected: Totals,
    programme: Programme,
    now: datetime,
    *,
    told: Callable[[int], None] = lambda _: None,
) -> Imported:
    """Write a file that has nothing to mend. Raises `Mismatch` before anything is written if the totals differ."""
    if looked.faults or looked.totals != expected:
        raise Mismatch(f"the file has {_said(looked.totals)}; the control totals say {_said(expected)}")
    run, is_new = await _begun(looked, now)
    if run["finished_at"] is None:
        cursor: int = run["cursor"]
        for part in _parts(islice(_right(path, programme, run["started_at"]), cursor, None)):
            await again(partial(_written, run["id"], cursor, part, now))
            cursor += len(part)
            told(cursor)
        await _ended(run["id"], expected, now)
    brought = await database.fetchrow(_BROUGHT, run["id"])
    assert brought is not None  # noqa: S101 - a count always has a row
    return Imported(_totals(brought), brought["claimed"], is_new)


async def runs() -> list[Record]:
    """The files imported last, with how many of their rows have found their owners."""
    return await database.fetch(_RUNS)


async def _begun(looked: Looked, now: datetime) -> tuple[Record, bool]:
    """The run of a file, begun if it is not; whether there is anything left to do."""
    async with work() as tx:
        totals, run = looked.totals, uuid7()
        sums = (totals.rows, totals.points, totals.qualifying)
        if await tx.execute(_BEGIN, run, looked.sha256, *sums, now) == "INSERT 0 1":
            await audit.write(tx, Actor.operator(), _event("balances.import", run, totals, looked.sha256), now)
        row = await tx.fetchrow(_RUN, looked.sha256)
    assert row is not None  # noqa: S101 - it was just made
    return row, row["finished_at"] is None


async def _written(run: UUID, cursor: int, rows: Sequence[OpeningRow], now: datetime) -> None:
    async with work() as tx:
        if await tx.execute(_STEP, run, cursor, cursor + len(rows)) != "UPDATE 1":
            raise Overtaken
        lots = [
            orjson.dumps([[points, None if ends is None else ends.isoformat()] for points, ends in row.lots]).decode()
            for row in rows
        ]
        kept = await tx.execute(
            _KEEP,
            [uuid7() for _ in rows],
            run,
            [row.system for row in rows],
            [row.external_id for row in rows],
            [row.phone for row in rows],
            [row.email for row in rows],
            [row.qualifying for row in rows],
            [row.points for row in rows],
            lots,
            [row.tier for row in rows],
            [row.tier_since for row in rows],
            [row.tier_until for row in rows],
            now,
        )
        if kept != f"INSERT 0 {len(rows)}":
            raise Mismatch(f"rows {cursor + 1} to {cursor + len(rows)}: another file brought one of them meanwhile")
        phones, emails = [row.phone for row in rows if row.phone], [row.email for row in rows if row.email]
        await claim_known(tx, phones, emails, now)


async def claim_known(tx: Work, phones: Sequence[str], emails: Sequence[str], now: datetime) -> None:
    """Give whatever waits for one of these contacts to the members who have proved it."""
    owners = [owner["member_id"] for owner in await tx.fetch(_OWNERS, phones, emails)]
    # All of them at once, in the order of ids: tills that post meanwhile lock theirs so.
    await tx.execute(_LOCK, owners)
    for owner in owners:
        await claim(tx, owner, now)


async def _ended(run: UUID, expected: Totals, now: datetime) -> None:
    """End a run whose rows add up to the control totals, and write both into the log of the staff."""
    async with work() as tx:
        brought = await tx.fetchrow(_BROUGHT, run)
        assert brought is not None  # noqa: S101 - a count always has a row
        if _totals(brought) != expected:
            raise Mismatch(f"what was written is {_said(_totals(brought))}; the control totals say {_said(expected)}")
        if await tx.execute(_END, run, now) == "UPDATE 1":
            await audit.write(tx, Actor.operator(), _event("balances.imported", run, _totals(brought), None), now)


async def _taken(rows: Sequence[OpeningRow]) -> list[Fault]:
    """Customers that an earlier file brought: what a customer opens with is brought once."""
    taken = {(row["system"], row["external_id"]) for row in await database.fetch(_TAKEN, *_keys(rows))}
    mend = "leave the line out: it was imported before"
    return [
        Fault(row.line, "external_id", "was brought by an earlier file", mend)
        for row in rows
        if (row.system, row.external_id) in taken
    ]


def _repeated(rows: Sequence[OpeningRow], fresh: Sequence[Record]) -> list[Fault]:
    """Rows of customers that the file has named before."""
    left = {(row["system"], row["external_id"]) for row in fresh}
    found = []
    for row in rows:
        key = (row.system, row.external_id)
        if key in left:
            left.discard(key)
        else:
            found.append(Fault(row.line, "external_id", "is there twice", "keep one line a customer, with all lots"))
    return found


def _keys(rows: Sequence[OpeningRow]) -> tuple[list[str], list[str]]:
    return [row.system for row in rows], [row.external_id for row in rows]


def _parts(rows: Iterator[T]) -> Iterator[list[T]]:
    while part := list(islice(rows, ROWS_AT_ONCE)):
        yield part


def _right(path: Path, programme: Programme, as_of: datetime) -> Iterator[OpeningRow]:
    return (row for row in rows_of(path, programme, as_of) if isinstance(row, OpeningRow))


def note_all(path: Path, faults: Sequence[Fault]) -> None:
    """Write what is to mend; the file is there only if there is anything."""
    _forget(path)
    _note(path, faults)


def _forget(path: Path) -> None:
    path.unlink(missing_ok=True)


def _note(path: Path, faults: Sequence[Fault]) -> None:
    if not faults:
        return
    is_first = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        if is_first:
            lines.writerow(("line", "column", "what", "mend"))
        lines.writerows((fault.line, fault.column, fault.what, fault.mend) for fault in faults)


def _event(action: str, run: UUID, totals: Totals, digest: str | None) -> Event:
    after = {"rows": totals.rows, "points": totals.points, "qualifying": totals.qualifying, "sha256": digest}
    return Event(action=action, object_kind="import", object_id=str(run), after=after)


def _totals(row: Record) -> Totals:
    return Totals(row["rows"], row["points"], row["qualifying"])


def _said(totals: Totals) -> str:
    return f"{totals.rows} rows, {totals.points} points, {totals.qualifying} kopecks"
