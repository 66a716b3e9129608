"""A programme whose partners settle, and the sums of a month in as few words as a test needs."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from loyalty.programme import Programme
from loyalty.settlement import Cell, Liability, cells, liabilities
from services.audit import Actor
from services.settlement import reading
from services.settlement.reading import Line, Wanted
from tests.makers.points import apply_points

MARCH = date(2026, 3, 1)
APRIL = date(2026, 4, 1)
MAY = date(2026, 5, 1)
EVERYBODY = Actor.operator().access
SETTLED = ("partners:\n", "settlement: {mode: POSTPAID, price: 0.80}\npartners:\n")
CAFE_PAYS = ("    kind: RESTAURANT\n", "    kind: RESTAURANT\n    settlement: {price: 0.75}\n")


async def apply_settled(folder: Path, now: datetime, *changes: tuple[str, str]) -> Programme:
    """Partners `shop` and `cafe`: a point is settled at 0.80, those of the café at 0.75."""
    return await apply_points(folder, now, SETTLED, CAFE_PAYS, *changes)


async def matrix(month: date, now: datetime) -> dict[tuple[str, str], Cell]:
    """(issuer, partner) → what happened between them in a month."""
    found = await reading.books(EVERYBODY, now)
    return {(cell.issuer, cell.partner): cell for cell in cells(found.flows, month)}


async def stands(
    months: Sequence[date], now: datetime, issuers: Sequence[str] = ("shop", "cafe")
) -> dict[tuple[str, date], Liability]:
    """(issuer, month) → what the issuer stands for."""
    found = await reading.books(EVERYBODY, now)
    return {(row.issuer, row.month): row for row in liabilities(found.flows, months, issuers)}


async def facts(month: date, now: datetime) -> list[Line]:
    """Everything a month counts, the newest first."""
    return [line async for page in reading.every_line(EVERYBODY, Wanted(month), now) for line in page]
