"""Grants as a client asks for them, read into the places of the programme."""

from collections.abc import Sequence

from graph.context import Context
from graph.staff.changes import GrantInput
from services import programmes
from services.staff.grants import Wanted, place


async def wanted(grants: Sequence[GrantInput], context: Context, *, field: str = "input.grants") -> list[Wanted]:
    """What is asked for. Raises INVALID_INPUT for a place that the programme does not know."""
    programme = await programmes.current(context.now)
    return [
        Wanted(
            one.role,
            None if one.right is None else str(one.right),
            await place(
                programme,
                partner=one.scope.partner,
                outlet=one.scope.outlet,
                till=one.scope.till,
                field=f"{field}.{number}.scope",
            ),
        )
        for number, one in enumerate(grants)
    ]
