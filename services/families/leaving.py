"""Leaving a family, being asked to, ending it, and handing over its head.

What is left of one's own points comes back with the ends they had; what was spent of them does not.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.families import Role
from loyalty.refusals import Code, Refusal
from services.families import keyed, locking, progress, seats
from services.families.keyed import Answer, Command
from services.families.seats import Household
from services.resources import Resources
from services.work import Work

_LEAVE: Final = "SELECT leave_family($1, $2, $3, $4)"
_END: Final = "UPDATE family SET ended_at = $2, heir_id = NULL WHERE id = $1"
_CLOSE: Final = """
UPDATE family_invite SET revoked_at = $2 WHERE family_id = $1 AND used_at IS NULL AND revoked_at IS NULL
"""
_OFFER: Final = "UPDATE family SET heir_id = $2 WHERE id = $1"
_ROLE: Final = "UPDATE family_seat SET role = $2 WHERE id = $1"


async def leave(resources: Resources, command: Command) -> int:
    """Leave; gives the points that came back. A head who sits alone ends the family by it.

    Raises NOT_IN_FAMILY, and HEAD_CANNOT_LEAVE while others sit there.
    """

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock(tx, command.member, patience, command.now)
        if household.mine.role is Role.HEAD and len(household.seats) > 1:
            raise Refusal(Code.HEAD_CANNOT_LEAVE, "family.head_stays")
        if household.mine.role is Role.HEAD:
            return {"returned": await _dissolve(tx, resources, household, command)}
        returned = await _go(tx, household, [command.member], "LEFT", command.now)
        await keyed.tell(tx, resources, household.id, command.now, command.member)
        return {"returned": returned}

    return _returned(await keyed.carry_out(command, do))


async def remove(resources: Resources, command: Command, seat: UUID) -> int:
    """The head takes a seat away; its points go back to who gave them. Gives how many.

    Raises NOT_IN_FAMILY, FORBIDDEN, NOT_FOUND, and INVALID_INPUT for the head's own seat.
    """

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock_as_head(tx, command.member, patience, command.now)
        gone = household.seat(seat, "input.seat")
        if gone.member == command.member:
            raise Refusal(Code.INVALID_INPUT, "family.own_seat", field="input.seat")
        returned = await _go(tx, household, [gone.member], "REMOVED", command.now)
        await keyed.tell(tx, resources, household.id, command.now, gone.member)
        return {"returned": returned}

    return _returned(await keyed.carry_out(command.about(seat), do))


async def dissolve(resources: Resources, command: Command) -> int:
    """The head ends the family: everybody gets back what is left of his own. Gives what the head gets."""

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock_as_head(tx, command.member, patience, command.now)
        return {"returned": await _dissolve(tx, resources, household, command)}

    return _returned(await keyed.carry_out(command, do))


async def offer_head(resources: Resources, command: Command, seat: UUID | None) -> None:
    """The head offers the head to a seat, or takes the offer back with None. It changes when the other says yes.

    Raises NOT_IN_FAMILY, FORBIDDEN, NOT_FOUND, and INVALID_INPUT for the own seat or a child's.
    """

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock_as_head(tx, command.member, patience, command.now)
        heir = None if seat is None else household.seat(seat, "input.seat")
        if heir is not None and heir.role is not Role.ADULT:
            words = "family.own_seat" if heir.role is Role.HEAD else "family.child_head"
            raise Refusal(Code.INVALID_INPUT, words, field="input.seat")
        await tx.execute(_OFFER, household.id, None if heir is None else heir.member)
        await keyed.tell(tx, resources, household.id, command.now)
        return {}

    await keyed.carry_out(command.about(seat), do)


async def take_head(resources: Resources, command: Command) -> None:
    """Say yes to being the head. Raises NOT_IN_FAMILY, and FORBIDDEN for whom it was not offered to."""

    async def do(tx: Work, patience: float) -> Answer:
        household = await seats.lock(tx, command.member, patience, command.now)
        if household.heir != command.member:
            raise Refusal(Code.FORBIDDEN, "family.head_not_offered")
        head = next(seat for seat in household.seats if seat.role is Role.HEAD)
        await tx.execute(_ROLE, head.id, Role.ADULT.value)
        await tx.execute(_ROLE, household.mine.id, Role.HEAD.value)
        await tx.execute(_OFFER, household.id, None)
        await keyed.tell(tx, resources, household.id, command.now)
        return {}

    await keyed.carry_out(command, do)


async def part(tx: Work, resources: Resources, member: UUID, patience: float, now: datetime) -> None:
    """Have a member who is to be erased leave his family, if he sits in one. A head's ends: nobody can say yes to his seat."""
    if await locking.lock_of(tx, member, patience) is None:
        return
    household = await seats.lock(tx, member, patience, now)
    if household.mine.role is Role.HEAD:
        await _dissolve(tx, resources, household, Command(member, "part", "", now))
        return
    await _go(tx, household, [member], "LEFT", now)
    await keyed.tell(tx, resources, household.id, now, member)


async def _dissolve(tx: Work, resources: Resources, household: Household, command: Command) -> int:
    how = "LEFT" if len(household.seats) == 1 else "DISSOLVED"
    others = [seat.member for seat in household.seats if seat.member != command.member]
    returned = await _go(tx, household, [command.member, *others], how, command.now)
    await tx.execute(_CLOSE, household.id, command.now)
    await tx.execute(_END, household.id, command.now)
    await keyed.tell(tx, resources, household.id, command.now, *(seat.member for seat in household.seats))
    return returned


async def _go(tx: Work, household: Household, members: Sequence[UUID], how: str, now: datetime) -> int:
    """End seats of a locked family; gives what came back to the first of them."""
    async with progress.shifting(tx, [seat.member for seat in household.seats], now):
        returned: list[int] = [await tx.fetchval(_LEAVE, household.id, member, how, now) for member in members]
    return returned[0]


def _returned(answer: Answer) -> int:
    return int(answer["returned"])
