"""Closing months: once each, in their order, with everything that happened in them and was not counted before."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from loyalty.refusals import Code, Refusal
from loyalty.settlement import CLOSE_AFTER_DAYS, closes_at
from services import programmes
from services.points import clockwork
from services.settlement import periods
from services.settlement.periods import Open
from services.work import work

CLOSE_SECONDS: Final = 3000.0
EARLIEST: Final = timedelta(hours=1)

_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('kunak settlement'))"
_PERIOD: Final = """
INSERT INTO settlement_period (month, starts_at, ends_at, closed_at, programme_version) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (month) DO NOTHING RETURNING true
"""
# One statement, so one view of the ledger: what commits while it runs is counted by the next month.
_LINES: Final = """
INSERT INTO settlement_line (month, transaction_id, kind, lot_id, member_id, issuer, partner, points, price, due, purchase_id,
    occurred_at, recorded_at)
SELECT $1, f.transaction_id, f.kind, f.lot_id, f.member_id, f.issuer, f.partner, f.points, f.price, f.due, f.purchase_id,
    f.occurred_at, f.recorded_at
FROM open_settlement($2, $3::jsonb) AS f WHERE f.occurred_at < $4
"""
_SUMS: Final = """
INSERT INTO settlement_sum (month, kind, issuer, partner, points, due, facts, late)
SELECT month, kind, issuer, partner, sum(points), sum(due), count(*), count(*) FILTER (WHERE occurred_at < $2)
FROM settlement_line WHERE month = $1 GROUP BY month, kind, issuer, partner ORDER BY kind, issuer, partner
"""


@dataclass(frozen=True, slots=True)
class Closed:
    """A month that was closed now, with the number of facts that count in it."""

    month: date
    facts: int


async def close_due(now: datetime) -> Closed | None:
    """Close the next month whose time has come by the programme's terms; None where there is none.

    Called again until then, it closes all that are due. A programme without points has no months.
    """
    programme = await programmes.newest(now)
    if programme is None or programme.points is None:
        return None
    days = CLOSE_AFTER_DAYS if programme.settlement is None else programme.settlement.close_after_days
    following = await _next(programme.time_zone)
    if following is None or closes_at(following.period.month, programme.time_zone, days) > now:
        return None
    return await _close(following, programme.version, now)


async def close(month: date, now: datetime) -> list[Closed]:
    """Close a month and all before it, whatever the terms say; a month that is closed already stays as it is.

    Raises INVALID_INPUT for a month that was not over an hour ago, and for one before the first points.
    """
    programme = await programmes.current(now)
    done: list[Closed] = []
    while (following := await _next(programme.time_zone)) is not None and following.period.month <= month:
        if following.period.ends_at + EARLIEST > now:
            raise Refusal(
                Code.INVALID_INPUT, "settlement.not_over", field="month", month=f"{following.period.month:%Y-%m}"
            )
        if made := await _close(following, programme.version, now):
            done.append(made)
    return done


async def _next(time_zone: str) -> Open | None:
    return await periods.first_open(time_zone, await periods.closed())


async def _close(following: Open, version: int, now: datetime) -> Closed | None:
    # What time has done by now is written first, so that points which ended in the month end in it.
    await clockwork.settle_due(now)
    prices, period = await periods.price_list(), following.period
    async with work(seconds=CLOSE_SECONDS) as tx:
        await tx.execute("SET LOCAL statement_timeout = 0")
        await tx.execute(_ALONE)
        if not await tx.fetchval(_PERIOD, period.month, period.starts_at, period.ends_at, now, version):
            return None
        tag = await tx.connection.execute(
            _LINES, period.month, following.since, prices, period.ends_at, timeout=CLOSE_SECONDS
        )
        await tx.connection.execute(_SUMS, period.month, period.starts_at, timeout=CLOSE_SECONDS)
    return Closed(period.month, int(tag.rpartition(" ")[2]))
