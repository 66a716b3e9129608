"""Settlement as the staff read it: sums of months, narrowed to the reader's partners, and the facts behind a sum."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty.scopes import Access
from loyalty.settlement import PROGRAMME, Cell, FactKind, Flow, cells, month_of, months
from loyalty.statements import StatementState
from models import database
from models.database import Record, statement
from services import programmes
from services.settlement import periods, statements
from services.settlement.periods import Open, Period
from services.settlement.statements import Pair, Statement, Step

VIEW: Final = "settlement.view"
EXPORT_ROWS: Final = 1000

# $1: the partners whose side is read, null for all.
_MINE: Final = "($1::text[] IS NULL OR issuer = ANY ($1) OR partner = ANY ($1))"
_SUMS: Final = f"""
SELECT month, kind, issuer, partner, points, due, facts, late FROM settlement_sum WHERE {_MINE}
"""  # noqa: S608 - a constant
_OPEN: Final = f"""
SELECT greatest(date_trunc('month', occurred_at AT TIME ZONE $4)::date, $5::date) AS month, kind, issuer, partner,
    sum(points)::bigint AS points, sum(due)::bigint AS due, count(*) AS facts,
    count(*) FILTER (WHERE occurred_at < $6) AS late
FROM open_settlement($2, $3::jsonb) WHERE {_MINE} GROUP BY 1, 2, 3, 4
"""  # noqa: S608 - a constant


@dataclass(frozen=True, slots=True)
class Books:
    """Every month there is, the oldest first, and the sums that the reader, by `access`, may see."""

    periods: tuple[Period, ...]
    flows: tuple[Flow, ...]
    partners: frozenset[str] | None
    steps: Mapping[Pair, Sequence[Step]]
    access: Access

    def statement(self, period: Period, cell: Cell) -> Statement | None:
        """What a pair settles for a month; None where nothing is due between them."""
        if cell.issuer == cell.partner or not cell.due:
            return None
        pair = Pair(period.month, cell.issuer, cell.partner)
        return Statement(pair, cell.due, period.closed_at is not None, self.steps.get(pair, ()))

    def taken(self, issuer: str) -> int:
        """What others took of an issuer's points and it has not paid for yet, in kopecks, the open month included."""
        pairs = [(period, cell) for period in self.periods for cell in cells(self.flows, period.month)]
        open_ones = (cell for period, cell in pairs if self.state(period, cell) is not StatementState.PAID)
        return sum(cell.due for cell in open_ones if cell.issuer == issuer)

    def state(self, period: Period, cell: Cell) -> StatementState:
        """How far the statement of a pair has come; where nothing is due, how its month stands."""
        told = self.statement(period, cell)
        if told is not None:
            return told.state
        return StatementState.OPEN if period.closed_at is None else StatementState.CLOSED


@dataclass(frozen=True, slots=True)
class Line:
    """One fact. `receipt_number` and `outlet` only where the receipt is of the reader's own partners."""

    id: UUID
    kind: FactKind
    lot: UUID | None
    issuer: str
    partner: str | None
    points: int
    price: int
    due: int
    occurred_at: datetime
    recorded_at: datetime
    is_late: bool
    lot_issued_at: datetime | None
    lot_expires_at: datetime | None
    receipt_number: str | None
    outlet: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which facts: of a month, from an issuer ('' the programme), for a partner, of a kind."""

    month: date
    issuer: str | None = None
    partner: str | None = None
    kind: FactKind | None = None


async def books(access: Access, now: datetime) -> Books:
    """All months with the sums of the reader's side (INV-22): what their partners issued or took, and nothing else."""
    programme = await programmes.current(now)
    mine = access.partners(VIEW)
    asked = None if mine is None else sorted(mine)
    done = await periods.closed()
    following = await periods.first_open(programme.time_zone, done)
    if following is None:
        rows = await database.fetch(_SUMS, asked)
    else:
        prices, first = await periods.price_list(), following.period
        zone = programme.time_zone
        # In one statement: a month that closes meanwhile is in one half or in the other, never in both or in none.
        both = f"{_SUMS} UNION ALL {_OPEN}"
        rows = await database.fetch(both, asked, following.since, prices, zone, first.month, first.starts_at)
    flows = tuple(_flow(row) for row in rows)
    shown = _periods(done, following, programme.time_zone, now)
    return Books(shown, flows, mine, await statements.steps(asked), access)


async def lines(
    access: Access, wanted: Wanted, now: datetime, *, rows: int, after: tuple[datetime, UUID] | None = None
) -> list[Line]:
    """The facts behind a sum, the newest first."""
    programme = await programmes.current(now)
    mine, done = access.partners(VIEW), await periods.closed()
    closed = next((one for one in done if one.month == wanted.month), None)
    following = await periods.first_open(programme.time_zone, done)
    if following is None:
        return []
    found = await database.fetch(
        statement("settlement_lines"),
        None if mine is None else sorted(mine),
        wanted.month,
        closed is not None,
        following.since,
        await periods.price_list(),
        programme.time_zone,
        following.period.month,
        (closed or following.period).starts_at,
        *(wanted.issuer, wanted.partner, None if wanted.kind is None else wanted.kind.value),
        *((None, None) if after is None else after),
        rows,
    )
    return [_line(row) for row in found]


async def every_line(access: Access, wanted: Wanted, now: datetime) -> AsyncIterator[list[Line]]:
    """All facts behind a sum, page by page, so that no month is ever held whole."""
    after: tuple[datetime, UUID] | None = None
    while page := await lines(access, wanted, now, rows=EXPORT_ROWS, after=after):
        yield page
        if len(page) < EXPORT_ROWS:
            return
        after = (page[-1].occurred_at, page[-1].id)


def parties(found: Books, known: tuple[str, ...]) -> tuple[str, ...]:
    """Everybody who is named: in the programme's order, then those it no longer has, then the programme itself."""
    seen = {flow.issuer for flow in found.flows} | {flow.partner for flow in found.flows if flow.partner is not None}
    seen |= frozenset(known) if found.partners is None else found.partners
    listed = [slug for slug in known if slug in seen]
    return (*listed, *sorted(seen - {*known, PROGRAMME}), *((PROGRAMME,) if PROGRAMME in seen else ()))


def issuers(found: Books) -> frozenset[str]:
    """Whose liability the reader sees: everybody's, or their own partners'."""
    if found.partners is not None:
        return found.partners
    return frozenset(flow.issuer for flow in found.flows) | {flow.partner for flow in found.flows if flow.partner}


def _periods(done: list[Period], following: Open | None, zone: str, now: datetime) -> tuple[Period, ...]:
    if following is None:
        return tuple(done)
    first = following.period
    coming = months(first.month, max(first.month, month_of(now, zone)))
    opened = [periods.opened(month, first, zone) for month in coming]
    return (*done, *opened)


def _flow(row: Record) -> Flow:
    return Flow(
        row["month"],
        FactKind(row["kind"]),
        row["issuer"],
        row["partner"],
        points=row["points"],
        due=row["due"],
        facts=row["facts"],
        late=row["late"],
    )


def _line(row: Record) -> Line:
    return Line(
        id=row["id"],
        kind=FactKind(row["kind"]),
        lot=row["lot_id"],
        issuer=row["issuer"],
        partner=row["partner"],
        points=row["points"],
        price=row["price"],
        due=row["due"],
        occurred_at=row["occurred_at"],
        recorded_at=row["recorded_at"],
        is_late=row["is_late"],
        lot_issued_at=row["issued_at"],
        lot_expires_at=row["expires_at"],
        receipt_number=row["receipt_number"],
        outlet=row["outlet"],
    )
