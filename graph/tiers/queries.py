"""Reading tiers in time, for members and for the staff."""

from uuid import UUID

from graph.context import Context
from graph.paging import Cursor, page_size, read_cursor
from graph.tiers.types import TierGrant, TierHistory, TierPeriod, TierTerm
from services import programmes
from services.ledger import Standing
from services.tiers import history
from services.tiers.granting import RIGHT
from services.tiers.reading import stands


async def term_of(member_id: UUID, standing: Standing, context: Context) -> TierTerm:
    """Until when a member's tier holds."""
    programme = await programmes.current(context.now)
    stand = await stands(programme, member_id, standing.accumulated, standing.grant, context.now)
    return TierTerm.of(stand, programme)


async def history_of(member_id: UUID, *, first: int, after: str | None, context: Context) -> TierHistory:
    """A page of a member's tiers, newest first."""
    size, place = page_size(first), read_cursor(after)
    programme = await programmes.current(context.now)
    rows = await history.page(
        member_id, programme, rows=size + 1, after=None if place is None else (place.at, place.id)
    )
    shown = rows[:size]
    following = str(Cursor(shown[-1].since, shown[-1].id)) if len(rows) > size else None
    return TierHistory(items=[TierPeriod.of(one, context.locale) for one in shown], next=following)


async def grant_of(member_id: UUID, context: Context) -> TierGrant | None:
    """The grant in force of a member, for whoever of the staff may give one."""
    if not context.staff.access.holds(RIGHT):
        return None
    programme = await programmes.current(context.now)
    found = await history.grant_in_force(member_id, programme, context.now)
    return None if found is None else TierGrant.of(found, programme, context.locale)
