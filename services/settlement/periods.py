"""Months of settlement: which are closed, which comes next, and what points cost in the meantime."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import orjson

from loyalty.programme_file.stored_settlement import read_partner_settlement_data, read_settlement_data
from loyalty.settlement import PartnerTerms, month_begins, month_of, next_month, prices
from models import database
from models.database import Record

# A command is written at most minutes after its moment, and a month is closed an hour after its end at the earliest. So
# nothing that was recorded this long before the end of a closed month can still be uncounted.
OVERLAP: Final = timedelta(hours=1)
_BEGINNING: Final = datetime.fromisoformat("1970-01-01T00:00:00Z")

_CLOSED: Final = "SELECT month, starts_at, ends_at, closed_at FROM settlement_period ORDER BY month"
_FIRST: Final = "SELECT min(occurred_at) FROM ledger_transaction WHERE kind LIKE 'POINTS%'"
_VERSIONS: Final = """
SELECT v.applied_at, jsonb_build_object('settlement', v.document->'settlement') AS terms, (
    SELECT jsonb_object_agg(p->>'id', jsonb_build_object('settlement', p->'settlement'))
    FROM jsonb_array_elements(v.document->'partners') AS p) AS partners
FROM programme_version AS v ORDER BY v.version
"""


@dataclass(frozen=True, slots=True)
class Period:
    """A month; `closed_at` is None while it is open."""

    month: date
    starts_at: datetime
    ends_at: datetime
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """The first month that is not closed, and from when on facts may be uncounted."""

    period: Period
    since: datetime


async def closed() -> list[Period]:
    """The closed months, the oldest first."""
    return [
        Period(row["month"], row["starts_at"], row["ends_at"], row["closed_at"])
        for row in await database.fetch(_CLOSED)
    ]


async def first_open(time_zone: str, done: list[Period]) -> Open | None:
    """The month that is closed next; None while nothing ever happened to points."""
    if done:
        last = done[-1]
        month = next_month(last.month)
        ends = month_begins(next_month(month), time_zone)
        return Open(Period(month, last.ends_at, ends), last.ends_at - OVERLAP)
    first: datetime | None = await database.fetchval(_FIRST)
    if first is None:
        return None
    month = month_of(first, time_zone)
    begins, ends = month_begins(month, time_zone), month_begins(next_month(month), time_zone)
    return Open(Period(month, begins, ends), _BEGINNING)


async def price_list() -> str:
    """What each issuer pays for a point and when, as `open_settlement` takes it."""
    changes = prices([_version(row) for row in await database.fetch(_VERSIONS)])
    listed: list[dict[str, Any]] = []
    for place, price in enumerate(changes):
        later = (other.since for other in changes[place + 1 :] if other.issuer == price.issuer)
        until = next(later, None)
        listed.append(
            {
                "issuer": price.issuer,
                "since": "-infinity" if price.since is None else price.since.isoformat(),
                "until": "infinity" if until is None else until.isoformat(),
                "kopecks": price.kopecks,
            }
        )
    return orjson.dumps(listed).decode()


def _version(row: Record) -> tuple[datetime, Any, dict[str, PartnerTerms]]:
    partners = {
        slug: read_partner_settlement_data(kept) or PartnerTerms()
        for slug, kept in orjson.loads(row["partners"]).items()
    }
    return row["applied_at"], read_settlement_data(orjson.loads(row["terms"])), partners


def opened(month: date, first: Period, time_zone: str) -> Period:
    """An open month; the first of them goes on where the closed ones end."""
    starts = first.starts_at if month == first.month else month_begins(month, time_zone)
    return Period(month, starts, month_begins(next_month(month), time_zone))
