"""Giving and taking points by hand, and the second person's yes or no. Each is one short transaction under a key."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.goodwill import Moved, Verdict, judged, left
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from services import once
from services.audit import Actor
from services.goodwill import posting, reading
from services.goodwill.posting import Books
from services.goodwill.reading import RIGHT, PointsGrant
from services.resources import Resources
from services.staff import four_eyes
from services.staff.acting import Act, acting, claim_of, reason_of
from services.staff.own import is_same_person
from services.work import again

GRANT: Final = "grantPoints"
DECIDE: Final = "decidePointsGrant"
KEY: Final = "idempotencyKey"
POINTS_MAX: Final = 999_999_999

# One at a time of one person: their day is counted by one at a time.
_OPERATOR: Final = "SELECT 1 FROM staff WHERE id = $1 FOR NO KEY UPDATE"
_WRITE: Final = """
INSERT INTO points_grant (id, member_id, points, reason, state, asked_by, asked_at, expires_at, decided_by, decided_at,
    decision_reason, posted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL, NULL, NULL, $9)
"""
_DECIDE: Final = """
UPDATE points_grant SET state = $2, decided_by = $3, decided_at = $4, decision_reason = $5, posted_at = $6
WHERE id = $1 AND state = 'WAITING' AND expires_at > $4 RETURNING 1
"""


@dataclass(frozen=True, slots=True)
class Wish:
    """Points for a member, below zero to take some, and why: the member reads it."""

    key: str
    member: UUID
    points: int
    reason: str


async def grant(actor: Actor, wish: Wish, *, resources: Resources, now: datetime) -> PointsGrant:
    """Give points, or take some of what can be spent. Above the programme's bound it waits for somebody else's yes.

    The same key is the same grant. Raises INVALID_INPUT for no points and where the programme moves none by hand, FORBIDDEN
    for one's own card, NOT_FOUND for whoever is no member, LIMIT_REACHED for more than a day or a balance takes,
    NOT_ENOUGH_POINTS for taking more than can be spent, KEY_REUSED.
    """
    why = reason_of(wish.reason, field="input.reason")
    if not 0 < abs(wish.points) <= POINTS_MAX:
        raise Refusal(Code.INVALID_INPUT, "goodwill.none", field="input.points")
    number = claim_of(actor, GRANT, wish.key)

    async def unit() -> None:
        async with acting(actor, RIGHT, "points.grant", resources=resources, now=now, reason=why) as act:
            act.require(PROGRAMME)
            if await act.is_first(GRANT, wish.key, wish.member, wish.points, why, about=number, field=once.FIELD):
                await _grant(act, number, wish, why, resources)

    await again(unit)
    return await reading.one(number)


async def decide(
    actor: Actor,
    grant_id: UUID,
    *,
    approve: bool,
    reason: str,
    resources: Resources,
    now: datetime,
    key: str | None = None,
) -> PointsGrant:
    """Say yes or no to points that somebody else wants to move; one's own may only be taken back.

    With a key the same words hear the same again. Raises FORBIDDEN for one's own and for one's own card, NOT_FOUND,
    INVALID_INPUT for what waits no more, and what `grant` raises of the member at this moment; KEY_REUSED.
    """
    why = reason_of(reason)

    async def unit() -> None:
        async with acting(actor, RIGHT, "points.decide", resources=resources, now=now, reason=why) as act:
            act.require(PROGRAMME)
            asked = await reading.one(grant_id)
            if await act.is_first(DECIDE, key, grant_id, approve, why, about=grant_id, field=KEY):
                await (_approve(act, asked, resources) if approve else _end(act, asked, "REJECTED"))

    await again(unit)
    return await reading.one(grant_id)


async def _grant(act: Act, number: UUID, wish: Wish, why: str, resources: Resources) -> None:
    await _unless_own(act, wish.member)
    await act.tx.execute(_OPERATOR, act.actor.id)
    books = await posting.opened(act.tx, wish.member, "input.member", act.now)
    verdict = _within(books, wish.points, await _moved(act, books, wish.points), field="input.points")
    posting.check(books, wish.points, "input.points")
    waits = verdict is Verdict.WAITS
    if not waits:
        await posting.post(act.tx, books, number, wish.points, resources=resources, now=act.now)
    state, ends = ("WAITING", act.now + four_eyes.LIFE) if waits else ("DONE", None)
    values = (wish.points, why, state, act.actor.id, act.now, ends, None if waits else act.now)
    await act.tx.execute(_WRITE, number, wish.member, *values)
    act.record("member", wish.member, after={"points": wish.points, "state": state, "grant": str(number)})


async def _approve(act: Act, asked: PointsGrant, resources: Resources) -> None:
    four_eyes.be_another(act, asked.asked_by)
    if not asked.asker_is_active:
        raise Refusal(Code.INVALID_INPUT, "goodwill.asker_gone", field="id")
    await _unless_own(act, asked.member)
    books = await posting.opened(act.tx, asked.member, "id", act.now)
    _within(books, asked.points, await _moved(act, books, asked.points), field="id", seconded=True)
    posting.check(books, asked.points, "id")
    await _end(act, asked, "DONE", posted=act.now)
    await posting.post(act.tx, books, asked.id, asked.points, resources=resources, now=act.now)


async def _end(act: Act, asked: PointsGrant, state: str, *, posted: datetime | None = None) -> None:
    if await act.tx.fetchval(_DECIDE, asked.id, state, act.actor.id, act.now, act.reason, posted) is None:
        raise Refusal(Code.INVALID_INPUT, "staff.request_decided", field="id")
    told = {"state": state, "points": asked.points, "grant": str(asked.id)}
    act.record("member", asked.member, before={"state": "WAITING"}, after=told)


async def _unless_own(act: Act, member: UUID) -> None:
    if await is_same_person(act.tx, member, act.actor.id):
        raise Refusal(Code.FORBIDDEN, "goodwill.own")


async def _moved(act: Act, books: Books, points: int) -> Moved:
    return await reading.moved(books.member, act.actor.id, points, act.now, books.time_zone)


def _within(books: Books, points: int, moved: Moved, *, field: str, seconded: bool = False) -> Verdict:
    verdict = judged(books.goodwill, points, moved, seconded=seconded)
    if verdict is Verdict.TOO_MUCH:
        raise Refusal(Code.LIMIT_REACHED, "goodwill.day", field=field, left=left(books.goodwill, moved))
    return verdict
