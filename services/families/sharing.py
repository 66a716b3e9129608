"""What somebody shares: points put into the pool, and whether the others see single purchases."""

from typing import Final

from loyalty.refusals import Code, Refusal
from models.ids import uuid7
from services.families import keyed, seats
from services.families.keyed import Answer, Command
from services.points import holding
from services.resources import Resources
from services.work import Work

_AVAILABLE: Final = "SELECT available FROM member_points WHERE member_id = $1"
_CONTRIBUTE: Final = "SELECT contribute_points($1, $2, $3, $4, $5)"
_SHOW: Final = "UPDATE family_seat SET shows_purchases = $2 WHERE id = $1"


async def contribute(resources: Resources, command: Command, points: int) -> None:
    """Put own points into the pool, the earliest end first; they keep their ends.

    Raises NOT_IN_FAMILY, INVALID_INPUT, NOT_ENOUGH_POINTS, and NOT_FOUND in a programme without pools.
    """
    await keyed.terms_now(command.now, pool=True)
    if points < 1:
        raise Refusal(Code.INVALID_INPUT, "family.points", field="input.points")
    now = command.now

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock(tx, command.member, patience, now)
        await holding.settle(tx, command.member, now)
        available: int = await tx.fetchval(_AVAILABLE, command.member) or 0
        if points > available:
            raise Refusal(Code.NOT_ENOUGH_POINTS, "family.points_short", field="input.points", points=available)
        await tx.execute(_CONTRIBUTE, uuid7(), household.id, command.member, points, now)
        await keyed.tell(tx, resources, household.id, now)
        return {"points": points}

    await keyed.carry_out(command.about(points), do)


async def show_purchases(resources: Resources, command: Command, *, shows: bool) -> None:
    """Let the others see one's single purchases since one sits there, or not. Raises NOT_IN_FAMILY."""

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock(tx, command.member, patience, command.now)
        await tx.execute(_SHOW, household.mine.id, shows)
        await keyed.tell(tx, resources, household.id, command.now)
        return {"shows": shows}

    await keyed.carry_out(command.about(shows), do)
