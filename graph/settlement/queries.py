"""Settlement for whoever may see it, narrowed to the reader's partners."""

from __future__ import annotations

from datetime import date

import strawberry

from graph.context import Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import needs
from graph.scalars import Money
from graph.settlement.parties import read_party
from graph.settlement.types import (
    Breakage,
    Settlement,
    SettlementFactKind,
    SettlementLine,
    SettlementLinePage,
    SettlementMonth,
    SettlementParty,
)
from loyalty.settlement import FactKind, breakage, liabilities
from services import programmes
from services.settlement import reading


@strawberry.type
class SettlementQueries:
    """Settlement for whoever may see it."""

    @strawberry.field(
        extensions=[needs(reading.VIEW)],
        description="Months of settlement with the reader's side of each; null in a programme without points.",
    )
    async def settlement(self, info: Info) -> Settlement | None:
        """Months of settlement."""
        context = info.context
        programme = await programmes.current(context.now)
        if programme.points is None:
            return None
        found = await reading.books(context.staff.access, context.now)
        mine = reading.issuers(found)
        order = reading.parties(found, tuple(programme.partners_by_id))
        shown = [period.month for period in found.periods]
        rows = liabilities(found.flows, shown, [slug for slug in order if slug in mine])
        closing = sum(row.closing for row in rows if row.month == shown[-1]) if shown else 0
        own = [flow for flow in found.flows if flow.issuer in mine]
        worth = programme.points.worth
        return Settlement(
            worth=Money(worth),
            is_whole=found.partners is None,
            parties=[SettlementParty.of(slug, programme, context.locale, found) for slug in order],
            months=[
                SettlementMonth.of(one, found, order, [row for row in rows if row.month == one.month], programme)
                for one in reversed(found.periods)
            ],
            breakage=Breakage.of(breakage(own, closing), closing, worth),
        )

    @strawberry.field(
        extensions=[needs(reading.VIEW)],
        description="The facts that a month counts, lot by lot, of the reader's side; the newest first.",
    )
    async def settlement_lines(
        self,
        info: Info,
        *,
        month: date,
        issuer: strawberry.ID | None = None,
        partner: strawberry.ID | None = None,
        kind: SettlementFactKind | None = None,
        first: int = 20,
        after: str | None = None,
    ) -> SettlementLinePage:
        """The facts that a month counts."""
        context = info.context
        size, place = page_size(first), read_cursor(after)
        wanted = reading.Wanted(
            month.replace(day=1),
            read_party(issuer),
            read_party(partner),
            None if kind is None else FactKind(kind.value),
        )
        behind = None if place is None else (place.at, place.id)
        rows = await reading.lines(context.staff.access, wanted, context.now, rows=size + 1, after=behind)
        shown = rows[:size]
        following = str(Cursor(shown[-1].occurred_at, shown[-1].id)) if len(rows) > size else None
        return SettlementLinePage(items=[SettlementLine.of(one, context.locale) for one in shown], next=following)
