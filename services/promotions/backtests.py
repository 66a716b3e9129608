"""Back-tests that the staff asks for: a row that a job fills in the background, one of them at a time."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from time import monotonic
from typing import Any, Final
from uuid import UUID

import orjson

from loyalty.promotions.backtest import Backtest, Basket, CampaignCost, undated, without
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.audit import Actor
from services.promotions.backtesting import backtest
from services.promotions.batches import RIGHT
from services.promotions.groups import Group, Groups, groups_of
from services.resources import Resources
from services.staff.acting import acting

JOB: Final = "campaign.backtest"
DAYS_MAX: Final = 366
SHOWN_MAX: Final = 20
TELL_SECONDS: Final = 1.0
# One that was not heard of for so long is taken for dead; its worker tells every second while it works.
SILENT: Final = timedelta(minutes=10)
KEPT: Final = timedelta(days=400)

_BEGIN: Final = """
INSERT INTO campaign_backtest (id, campaign, since, until, with_codes, programme_version, asked_by, asked_at, heard_at, done)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, 0) ON CONFLICT DO NOTHING
"""
_BURY: Final = (
    "UPDATE campaign_backtest SET finished_at = $1, fault = 'GONE' WHERE finished_at IS NULL AND heard_at < $2"
)
_SELECT: Final = """
SELECT id, campaign, since, until, with_codes, programme_version, asked_at, heard_at, done, total, result, fault, finished_at
FROM campaign_backtest
"""
_HEARD: Final = """
UPDATE campaign_backtest SET done = $2, total = $3, heard_at = $4 WHERE id = $1 AND finished_at IS NULL
"""
_END: Final = """
UPDATE campaign_backtest SET result = $2::jsonb, fault = $3, finished_at = $4, heard_at = $4, done = coalesce($5, done),
    total = coalesce($5, total)
WHERE id = $1 AND finished_at IS NULL
"""
_SWEEP: Final = """
DELETE FROM campaign_backtest WHERE id IN (SELECT id FROM campaign_backtest WHERE finished_at < $1 LIMIT $2)
"""
log = logging.getLogger(__name__)


class State(StrEnum):
    """How a back-test stands."""

    WAITING = "WAITING"
    RUNNING = "RUNNING"
    DONE = "DONE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a back-test found. Sums in kopecks; `groups` only where a campaign keeps somebody out."""

    receipts: int
    unpriced: int
    gross: int
    before: int
    after: int
    moved: int
    points: int = 0
    costs: dict[str, CampaignCost]
    baskets: list[Basket]
    groups: Groups | None

    @classmethod
    def of(cls, test: Backtest, moved: int, groups: Groups | None) -> "Result":
        """The result of a test that has seen every receipt."""
        return cls(
            receipts=test.receipts,
            unpriced=test.unpriced,
            gross=test.gross,
            before=test.before,
            after=test.after,
            moved=moved,
            points=test.points_cost,
            costs=test.costs,
            baskets=test.top_baskets,
            groups=groups,
        )

    @classmethod
    def read(cls, kept: dict[str, Any]) -> "Result":
        """The result as a row keeps it."""
        groups = kept["groups"]
        return cls(
            **{name: kept[name] for name in ("receipts", "unpriced", "gross", "before", "after", "moved")},
            points=kept.get("points", 0),
            costs={name: CampaignCost(**one) for name, one in kept["costs"].items()},
            baskets=[Basket(**one) for one in kept["baskets"]],
            groups=None if groups is None else Groups(Group(**groups["exposed"]), Group(**groups["held_out"])),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestFacts:
    """A back-test of a campaign over business dates, both inclusive. `total` is None until it has begun."""

    id: UUID
    campaign: str
    since: date
    until: date
    with_codes: bool
    programme_version: int
    asked_at: datetime
    state: State
    done: int
    total: int | None
    result: Result | None


@dataclass(slots=True)
class _Progress:
    done: int = 0
    total: int | None = None

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


async def start(
    actor: Actor, campaign: str, since: date, until: date, *, codes: bool, resources: Resources, now: datetime
) -> BacktestFacts:
    """Have a campaign of the version in force held against its own absence over receipts of these business dates.

    Raises NOT_FOUND for a campaign that is not in force, INVALID_INPUT for a span that ends before it begins or is longer
    than a year, LIMIT_REACHED while another one runs.
    """
    programme = await programmes.current(now)
    if programme.promotions is None or campaign not in programme.promotions.by_id:
        raise Refusal(Code.NOT_FOUND, "promo.not_in_force", field="input.campaign")
    if not since <= until < since + timedelta(days=DAYS_MAX):
        raise Refusal(Code.INVALID_INPUT, "promo.span", field="input.to", most=DAYS_MAX)
    async with acting(actor, RIGHT, "campaign.backtest", resources=resources, now=now) as act:
        await act.tx.execute(_BURY, now, now - SILENT)
        test = uuid7()
        asked = (test, campaign, since, until, codes, programme.version, act.actor.id, now)
        if await act.tx.execute(_BEGIN, *asked) != "INSERT 0 1":
            raise Refusal(Code.LIMIT_REACHED, "promo.backtest_runs", field="input.campaign", retryable=True)
        await act.tx.enqueue(JOB, {"test": str(test)}, run_at=now)
        act.record("campaign", campaign, after={"from": since.isoformat(), "to": until.isoformat(), "codes": codes})
        row = await act.tx.fetchrow(f"{_SELECT} WHERE id = $1", test)
        assert row is not None  # noqa: S101 - written above
        return _facts(row, now)


async def of_campaign(campaign: str, now: datetime) -> list[BacktestFacts]:
    """The back-tests of a campaign, the newest first, twenty at most."""
    rows = await database.fetch(
        f"{_SELECT} WHERE campaign = $1 ORDER BY asked_at DESC, id DESC LIMIT $2", campaign, SHOWN_MAX
    )
    return [_facts(row, now) for row in rows]


async def run(test: UUID, now: datetime) -> None:
    """Carry a back-test out and write down what it found, or that it failed. One that has ended is left alone."""
    row = await database.fetchrow(f"{_SELECT} WHERE id = $1 AND finished_at IS NULL", test)
    if row is None:
        return
    begun, progress = monotonic(), _Progress()
    try:
        async with _telling(test, progress, now):
            result = await _found(row, progress)
    except Refusal:
        raise  # the database was away or busy: it is tried again
    except Exception:
        log.exception("a back-test failed", extra={"job_id": str(test)})
        await database.execute(_END, test, None, "FAILED", _at(now, begun), None)
        return
    kept = orjson.dumps(result).decode()
    await database.execute(_END, test, kept, None, _at(now, begun), result.receipts + result.unpriced)


async def sweep(now: datetime) -> int:
    """Forget back-tests of more than a year ago; say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


async def _found(row: Record, progress: _Progress) -> Result:
    programme = undated(await programmes.version(row["programme_version"]), {row["campaign"]})
    assert programme.promotions is not None  # noqa: S101 - looked at before it was written
    campaign = programme.promotions.by_id[row["campaign"]]
    old, span = without(programme, campaign.id), (row["since"], row["until"])
    test, moved = await backtest(old, programme, *span, codes=row["with_codes"], tell=progress.tell)
    return Result.of(test, moved, await groups_of(campaign, *span) if campaign.holdout else None)


@asynccontextmanager
async def _telling(test: UUID, progress: _Progress, now: datetime) -> AsyncIterator[None]:
    """Write down every second how far it is, beside the long transaction that reads."""
    begun = monotonic()

    async def tell() -> None:
        while True:
            with suppress(Refusal):
                await database.execute(_HEARD, test, progress.done, progress.total, _at(now, begun))
            await asyncio.sleep(TELL_SECONDS)

    teller = asyncio.create_task(tell(), name="progress of a back-test")
    try:
        yield
    finally:
        teller.cancel()
        await asyncio.gather(teller, return_exceptions=True)


def _at(now: datetime, begun: float) -> datetime:
    """The moment it is, by how long the job has run: its clock was asked once."""
    return now + timedelta(seconds=monotonic() - begun)


def _facts(row: Record, now: datetime) -> BacktestFacts:
    names = ("id", "campaign", "since", "until", "with_codes", "programme_version", "asked_at", "done", "total")
    result = None if row["result"] is None else Result.read(orjson.loads(row["result"]))
    return BacktestFacts(**{name: row[name] for name in names}, state=_state(row, now), result=result)


def _state(row: Record, now: datetime) -> State:
    if row["finished_at"] is not None:
        return State.DONE if row["fault"] is None else State.FAILED
    if row["heard_at"] < now - SILENT:
        return State.FAILED
    return State.WAITING if row["total"] is None else State.RUNNING
