"""The guest's yes or no on the phone to a large spending: asked with partner and sum, unique to it, a minute to answer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services.crowds import in_line
from services.points import holding
from services.resources import Resources
from services.work import Work, again, work

_COLUMNS: Final = (
    "id, member_id, partner, outlet, points, worth, status, confirmation, lives_seconds, created_at, expires_at,"
    " from_family"
)
_ONE: Final = f"SELECT {_COLUMNS} FROM points_hold WHERE id = $1 AND member_id = $2"  # noqa: S608 - columns of ours
_ASKED: Final = f"""
SELECT {_COLUMNS} FROM points_hold
WHERE member_id = $1 AND status = 'ACTIVE' AND confirmation = 'ASKED' AND expires_at > $2 ORDER BY created_at, id
"""  # noqa: S608 - columns of ours
_YES: Final = "UPDATE points_hold SET confirmation = 'GIVEN', expires_at = $2 WHERE id = $1"
_NO: Final = "UPDATE points_hold SET confirmation = 'DECLINED' WHERE id = $1"
_FREE: Final = "SELECT free_points($1, 'RELEASED', $2)"
_TOLD: Final = "INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'POINTS_CHANGED', NULL, $2)"


@dataclass(frozen=True, slots=True)
class Spending:
    """What a guest is asked: how many points, worth what in kopecks, where, and until when."""

    id: UUID
    partner: str
    outlet: str
    points: int
    worth: int
    asked_at: datetime
    until: datetime
    from_family: int = 0


async def asked_of(member: UUID, now: datetime) -> list[Spending]:
    """The spendings that wait for this member's answer, the oldest first."""
    return [_spending(row) for row in await database.fetch(_ASKED, member, now)]


async def confirm(member: UUID, spending: UUID, now: datetime) -> Spending:
    """Say yes; the points stay aside for as long as the programme says. Twice is the same.

    Raises NOT_FOUND for anybody else's, HOLD_EXPIRED for one that is over.
    """

    async def once(tx: Work, row: Record) -> Spending:
        if row["confirmation"] == "GIVEN" and row["status"] in {"ACTIVE", "COMMITTED"}:
            return _spending(row)
        if not _waits(row, now):
            raise Refusal(Code.HOLD_EXPIRED, "points.spending_over", field="id")
        ends = now + timedelta(seconds=row["lives_seconds"])
        await tx.execute(_YES, row["id"], ends)
        return _spending(row)

    return await _answered(member, spending, once)


async def decline(resources: Resources, member: UUID, spending: UUID, now: datetime) -> Spending:
    """Say no: the points are free at once. Twice is the same.

    Raises NOT_FOUND for anybody else's, HOLD_EXPIRED for one that was answered with yes or is over.
    """

    async def once(tx: Work, row: Record) -> Spending:
        if row["confirmation"] == "DECLINED":
            return _spending(row)
        if not _waits(row, now):
            raise Refusal(Code.HOLD_EXPIRED, "points.spending_over", field="id")
        await tx.execute(_NO, row["id"])
        await tx.execute(_FREE, row["id"], now)
        await holding.settle(tx, member, now)
        await tx.execute(_TOLD, member, now)
        tx.after_commit(lambda: resources.bus.publish(member, "POINTS_CHANGED", None, now))
        return _spending(row)

    return await _answered(member, spending, once)


async def _answered(member: UUID, spending: UUID, answer: Callable[[Work, Record], Awaitable[Spending]]) -> Spending:
    async def once(patience: float) -> Spending:
        async with work() as tx:
            await holding.lock(tx, member, patience)
            row = await tx.fetchrow(_ONE, spending, member)
            if row is None:
                raise Refusal(Code.NOT_FOUND, "points.spending_unknown", field="id")
            return await answer(tx, row)

    async with in_line(member) as patience:
        return await again(lambda: once(patience))


def _waits(row: Record, now: datetime) -> bool:
    return (row["status"], row["confirmation"]) == ("ACTIVE", "ASKED") and row["expires_at"] > now


def _spending(row: Record) -> Spending:
    until = row["created_at"] + timedelta(seconds=holding.CONFIRM_SECONDS)
    place = (row["partner"], row["outlet"])
    return Spending(row["id"], *place, row["points"], row["worth"], row["created_at"], until, row["from_family"] or 0)
