"""Looking through the facts for what a programme watches for: chunk by chunk, each once, from where the last look ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import orjson

from loyalty.control import Control, Metric, SignalKind
from loyalty.programme import Programme
from models.database import statement
from services import programmes
from services.work import again, work

# A receipt carries the moment it was asked for and is there when its transaction has ended, a few seconds later.
LAG: Final = timedelta(seconds=60)
CHUNK: Final = timedelta(hours=6)
FIRST_LOOK: Final = timedelta(days=7)
_PROGRESS: Final = """
INSERT INTO control_progress AS c (kind, until) VALUES ($1, $2)
ON CONFLICT (kind) DO UPDATE SET until = c.until RETURNING until
"""
_LOOKED: Final = "UPDATE control_progress SET until = $2 WHERE kind = $1"


@dataclass(frozen=True, slots=True)
class Detector:
    """One thing to look for: the statement, and what it is told. `spans` is where (from, to) stand among its arguments."""

    name: str
    sql: str
    before: tuple[object, ...] = ()
    after: tuple[object, ...] = ()

    def arguments(self, now: datetime, since: datetime, until: datetime) -> tuple[object, ...]:
        """What the statement takes for one chunk."""
        return (now, *self.before, since, until, *self.after)


def detectors(programme: Programme) -> Iterator[Detector]:
    """Everything that this programme watches for."""
    control: Control = programme.control
    # A return that was told after it had happened passes a hard limit, too: then somebody looks.
    for limit in (*control.soft, *control.hard((Metric.REFUNDS,))):
        told = (limit.of.value, limit.metric.value, limit.most, limit.minutes)
        yield Detector(f"LIMIT {limit.name}", statement("signals_limit"), told, (limit.name,))
    if control.own_card is not None:
        yield Detector(SignalKind.OWN_CARD, statement("signals_own_card"))
    if control.distant_minutes is not None:
        cities = orjson.dumps(_cities(programme)).decode()
        yield Detector(SignalKind.DISTANT_OUTLETS, statement("signals_distant"), (), (control.distant_minutes, cities))
    if control.refund_after_spend is not None:
        after = (control.refund_after_spend.points, control.refund_after_spend.minutes)
        yield Detector(SignalKind.REFUND_AFTER_SPEND, statement("signals_refund_after_spend"), (), after)
    if control.cards_on_device is not None:
        yield Detector(SignalKind.CARDS_ON_DEVICE, statement("signals_device"), (), (control.cards_on_device,))
    if control.spent_at_once is not None:
        after = (control.spent_at_once.points, control.spent_at_once.minutes)
        yield Detector(SignalKind.SPENT_AT_ONCE, statement("signals_spent_at_once"), (), after)


async def look(now: datetime, *, first_look: timedelta = FIRST_LOOK, chunk: timedelta = CHUNK) -> int:
    """Look through everything written since the last look; gives the number of new signals.

    Each chunk is a transaction of its own that also keeps how far it came, so a look that dies goes on where it was, and
    what was found twice is kept once.
    """
    found = 0
    for detector in detectors(await programmes.current(now)):
        while (more := await again(lambda: _chunk(detector, now, first_look, chunk))) is not None:  # noqa: B023
            found += more
    return found


async def _chunk(detector: Detector, now: datetime, first_look: timedelta, chunk: timedelta) -> int | None:
    """Signals of the next chunk; None when there is nothing left to look at."""
    end = now - LAG
    async with work() as tx:
        since: datetime = await tx.fetchval(_PROGRESS, detector.name, end - first_look)
        if since >= end:
            return None
        until = min(since + chunk, end)
        tag = await tx.execute(detector.sql, *detector.arguments(now, since, until))
        await tx.execute(_LOOKED, detector.name, until)
    return int(tag.rpartition(" ")[2])


def _cities(programme: Programme) -> dict[str, str]:
    """The city of each outlet, or of its partner, where one is written."""
    return {
        outlet.id: city.ru
        for partner in programme.partners
        for outlet in partner.outlets
        if (city := outlet.city or partner.city) is not None
    }
