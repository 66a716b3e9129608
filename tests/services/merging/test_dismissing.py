"""Two profiles alike that are two people's (A-206, C-09): said once, suspected no more, until they have more in common."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME
from models import database
from models.ids import uuid7
from services import audit
from services.audit import Actor
from services.merging import dismissing, suspects
from services.merging.dismissing import Dismissal, DismissCommand
from services.resources import Resources
from tests.makers.merging import WHY, make_one, make_two
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import make_programme
from tests.makers.staff import make_actor, make_holder
from tests.makers.state import state

MINUTE = timedelta(minutes=1)
PHONE = "UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'PHONE'"
OPERATOR = Actor.operator()


@pytest.fixture
async def twins(db: None, now: datetime) -> tuple[MadeMember, MadeMember]:
    """Two of the same names and birth date."""
    await make_programme(now)
    return await make_member(now), await make_member(now)


def wish(
    one: MadeMember, other: MadeMember, *, reason: str = "тёзки, говорили с обеими", key: str = ""
) -> DismissCommand:
    return DismissCommand(one.id, other.id, reason, key or str(uuid4()))


async def said(resources: Resources, one: MadeMember, other: MadeMember, now: datetime) -> Dismissal:
    return await dismissing.dismiss(OPERATOR, wish(one, other), resources=resources, now=now)


async def pairs() -> list[tuple[UUID, UUID]]:
    """(older, newer) of those that are suspected."""
    return [(pair.older.id, pair.newer.id) for pair in (await suspects.find(20, None)).pairs]


async def events() -> list[tuple[str, str | None]]:
    """(what was done, to whom), the newest first."""
    found = await audit.page(rows=100, after=None, filters=audit.Filters())
    return [(one.action, one.object_id) for one in found]


async def test_a_dismissed_pair_comes_back_only_with_more_in_common(
    twins: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-09: whichever of the two is named first; with another sign they are suspected anew, and that is said of them anew."""
    older, newer = twins
    assert await pairs() == [(older.id, newer.id)]
    first = await said(resources, newer, older, now)
    assert (first.older, first.newer, first.signs) == (older.id, newer.id, ("NAMES", "BIRTH_DATE"))
    assert await pairs() == []
    assert await events() == [("member.apart", str(newer.id))]
    before = await state()
    assert await said(resources, older, newer, now + MINUTE) == first, "said already"
    assert {name for name, rows in (await state()).items() if rows != before[name]} == {"once_answer"}
    third = await make_member(now, first_name="Мария")
    await database.execute(PHONE, third.id, older.phone)
    assert await pairs() == [(older.id, third.id)], "nobody else is hidden by it"
    await database.execute(PHONE, newer.id, older.phone)
    assert (older.id, newer.id) in await pairs()
    assert not (await dismissing.of_member(newer.id))[older.id].covers(("PHONE", "NAMES", "BIRTH_DATE"))
    again = await said(resources, older, newer, now + MINUTE)
    assert (again.id, again.signs, again.dismissed_at) == (first.id, ("PHONE", "NAMES", "BIRTH_DATE"), now + MINUTE)
    assert (older.id, newer.id) not in await pairs()


async def test_it_is_taken_back_once(twins: tuple[MadeMember, MadeMember], resources: Resources, now: datetime) -> None:
    """C-09: the pair is suspected again; who takes it back a second time is told so, and it can be said anew."""
    older, newer = twins
    made = await said(resources, older, newer, now)
    assert await dismissing.page(rows=5, after=None) == [made]
    back = await dismissing.restore(OPERATOR, made.id, reason=WHY, key="назад", resources=resources, now=now + MINUTE)
    assert (back.restored_at, back.restore_reason) == (now + MINUTE, WHY)
    assert await pairs() == [(older.id, newer.id)]
    assert await dismissing.page(rows=5, after=None) == []
    assert await events() == [("member.alike", str(newer.id)), ("member.apart", str(newer.id))]
    before = await state()
    heard = await dismissing.restore(
        OPERATOR, made.id, reason=WHY, key="назад", resources=resources, now=now + 2 * MINUTE
    )
    assert heard == back
    for dismissal, code in ((made.id, Code.INVALID_INPUT), (uuid7(), Code.NOT_FOUND)):
        with pytest.raises(Refusal) as refused:
            await dismissing.restore(OPERATOR, dismissal, reason=WHY, key=str(uuid4()), resources=resources, now=now)
        assert (refused.value.code, refused.value.field) == (code, "dismissal")
    assert await state() == before
    assert (await said(resources, older, newer, now + 2 * MINUTE)).id != made.id
    assert await pairs() == []


async def test_what_is_refused_moves_nothing(
    twins: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """C-09, I-32: one and the same, nobody, nothing in common, no reason, a used key, and somebody without the right."""
    older, newer = twins
    stranger = await make_member(now, first_name="Мария")
    await database.execute("UPDATE member SET birth_date = '1971-07-17' WHERE id = $1", stranger.id)
    blocked = await make_member(now)
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", blocked.id)
    await dismissing.dismiss(OPERATOR, wish(older, newer, key="один"), resources=resources, now=now)
    poor = await make_actor(await make_holder(resources, now, ("user.manage", PROGRAMME)), now)
    usual = wish(older, newer)
    before = await state()
    for actor, command, code, field in (
        (OPERATOR, replace(usual, other=older.id), Code.INVALID_INPUT, "input.other"),
        (OPERATOR, replace(usual, other=uuid7()), Code.NOT_FOUND, "input.other"),
        (OPERATOR, replace(usual, one=blocked.id), Code.NOT_FOUND, "input.one"),
        (OPERATOR, replace(usual, other=stranger.id), Code.INVALID_INPUT, "input.other"),
        (OPERATOR, replace(usual, reason="!"), Code.INVALID_INPUT, "input.reason"),
        (OPERATOR, replace(usual, key=""), Code.INVALID_INPUT, "input.idempotencyKey"),
        (OPERATOR, wish(older, stranger, key="один"), Code.KEY_REUSED, "input.idempotencyKey"),
    ):
        with pytest.raises(Refusal) as refused:
            await dismissing.dismiss(actor, command, resources=resources, now=now + MINUTE)
        assert (refused.value.code, refused.value.field) == (code, field)
    assert await state() == before
    with pytest.raises(Refusal) as refused:
        await dismissing.dismiss(poor, usual, resources=resources, now=now)
    assert refused.value.code is Code.FORBIDDEN
    assert await state() == before


async def test_rivals_say_it_once(twins: tuple[MadeMember, MadeMember], resources: Resources, now: datetime) -> None:
    """C-09: ten at once leave one row and one line in the log."""
    older, newer = twins
    made = await rivals(*(lambda: said(resources, older, newer, now) for _ in range(10)))
    assert len({one.id for one in made}) == 1
    assert await database.fetchval("SELECT count(*) FROM dismissed_pair") == 1
    assert await events() == [("member.apart", str(newer.id))]


async def test_they_are_made_one_all_the_same(
    twins: tuple[MadeMember, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-19: whoever knows better merges; it is told with the merges then, and hidden no less when that is undone."""
    older, newer = twins
    await said(resources, older, newer, now)
    case = await make_one(resources, older, newer, now)
    assert await dismissing.page(rows=5, after=None) == []
    await make_two(resources, case, now)
    assert await pairs() == []
    assert len(await dismissing.page(rows=5, after=None)) == 1
