"""Families of a demo: seats of a month ago, and today's parts of the pool."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from api.demo.scene import Household
from loyalty.families import Role
from services.families import inviting, sharing
from services.families.keyed import Command
from services.points.balances import balance_of
from services.resources import Resources

SITTING: Final = timedelta(days=30)
_HALF: Final = 2


async def settle_in(
    resources: Resources, households: tuple[Household, ...], members: Mapping[str, UUID], now: datetime
) -> None:
    """Seat every household by the commands that guests use; each gives half of what he can spend."""
    for household in households:
        then = now - SITTING
        head = members[household.head]
        await inviting.found(resources, Command(head, "foundFamily", "demo", then))
        for login, role in ((household.adult, Role.ADULT), (household.child, Role.CHILD)):
            if login is None:
                continue
            made = await inviting.invite(resources, Command(head, "inviteToFamily", f"demo {login}", then), role)
            token = inviting.token_of(made, resources)
            await inviting.accept(resources, Command(members[login], "joinFamily", "demo", then), token)
        for login in (household.head, household.adult):
            points = (await balance_of(members[login], now)).available // _HALF
            if points:
                command = Command(members[login], "contributeToFamily", "demo", now)
                await sharing.contribute(resources, command, points)
