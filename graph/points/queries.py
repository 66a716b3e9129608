"""Reservations as tills look them up, and balances and movements as members read them."""

from uuid import UUID

import strawberry

from graph.context import Context, Info
from graph.paging import Cursor, page_size, read_cursor
from graph.permissions import till
from graph.points.quoting import PointsHold
from graph.points.types import MemberPoints, PointsMove, PointsPage, Spending
from loyalty.refusals import Code, Refusal
from services import programmes
from services.points import confirming, history, holding
from services.points.balances import balance_of


@strawberry.type
class PointsQueries:
    """Reservations as tills look them up."""

    @strawberry.field(
        extensions=[till()],
        description="The newest reservation of a quote of this till, to see whether the guest has confirmed; null for none.",
    )
    async def points_hold(self, info: Info, quote: strawberry.ID) -> PointsHold | None:
        """The newest reservation of a quote of this till."""
        context = info.context
        try:
            number = UUID(quote)
        except ValueError:
            raise Refusal(Code.NOT_FOUND, "purchase.quote_unknown", field="quote") from None
        hold = await holding.of_quote(context.till.id, number)
        return None if hold is None else PointsHold.of(hold, context.now)


async def points_of(member_id: UUID, context: Context) -> MemberPoints | None:
    """What a member has; None in a programme without points, and nothing is read."""
    programme = await programmes.current(context.now)
    if programme.points is None:
        return None
    balance = await balance_of(member_id, context.now)
    # Nothing is asked of who holds nothing, unless a family's points were put aside for him.
    may_be_asked = balance.held or programme.family
    asked = await confirming.asked_of(member_id, context.now) if may_be_asked else []
    return MemberPoints.of(balance, asked, programme, context.locale)


async def spending_of(member_id: UUID, context: Context) -> Spending | None:
    """The newest spending that waits for a member's yes."""
    asked = await confirming.asked_of(member_id, context.now)
    return Spending.of(asked[-1], await programmes.current(context.now), context.locale) if asked else None


async def history_of(member_id: UUID, *, first: int, after: str | None, context: Context) -> PointsPage:
    """A page of what moved a member's points, newest first."""
    size, place = page_size(first), read_cursor(after)
    programme = await programmes.current(context.now)
    if programme.points is None:
        return PointsPage(items=[], next=None)
    rows = await history.page(member_id, rows=size + 1, after=None if place is None else (place.at, place.id))
    items = []
    for row in rows[:size]:
        known = programme if row.programme_version is None else await programmes.version(row.programme_version)
        items.append(PointsMove.of(row, known, context.locale))
    more = len(rows) > size
    return PointsPage(items=items, next=str(Cursor(rows[size - 1].recorded_at, rows[size - 1].id)) if more else None)
