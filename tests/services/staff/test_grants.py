"""Giving rights (T11): nobody gives what they lack, nobody touches their own, two rights take two people."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

import pytest

from loyalty.refusals import Code, Refusal
from loyalty.rights import RIGHTS
from loyalty.scopes import PROGRAMME, Scope
from models import database
from services import audit
from services.audit import Actor
from services.resources import Resources
from services.staff import deciding, grants, inviting, people, role_changes, roles
from services.staff.four_eyes import GrantRequestFacts
from services.staff.grants import Saved, Wanted
from services.staff.inviting import Changed, Form
from services.staff.role_changes import RoleForm
from tests.makers.patience import rivals, rivals_told
from tests.makers.staff import IGORA, WHOLE, MadeStaff, make_actor, make_holder, make_staff
from tests.makers.state import state

DACHA = Scope(("dacha-vintera",))
MANAGER = (("admin.manage", IGORA), ("grant.manage", IGORA), ("card.view", IGORA), ("pos.manage", IGORA))


async def give(
    actor: Actor,
    made: MadeStaff,
    *held: tuple[str, Scope],
    resources: Resources,
    now: datetime,
    version: int | None = None,
) -> Saved | Changed | GrantRequestFacts:
    wanted = [Wanted(None, right, scope) for right, scope in held]
    if version is None:
        version = await database.fetchval("SELECT version FROM staff WHERE id = $1", made.id)
    return await grants.save(actor, made.id, version or 0, wanted, reason="для проверки", resources=resources, now=now)


async def held(made: MadeStaff) -> tuple[tuple[str, Scope], ...]:
    return (await people.by_id([made.id]))[made.id].access.pairs


async def test_what_is_given_is_held_and_written_down(resources: Resources, now: datetime) -> None:
    """A-091, INV-21: right, scope, giver and reason stand in the log of the same transaction."""
    owner, made = await make_staff(resources, now), await make_holder(resources, now)
    actor = await make_actor(owner, now)
    saved = await give(actor, made, ("card.view", IGORA), ("card.manage", IGORA), resources=resources, now=now)
    assert isinstance(saved, Saved)
    assert saved.difference.added == (("card.manage", IGORA), ("card.view", IGORA))
    assert await held(made) == (("card.manage", IGORA), ("card.view", IGORA))
    (event,) = await audit.page(rows=1, after=None, filters=audit.Filters())
    assert (event.actor_id, event.right, event.object_id, event.reason) == (
        owner.id, "grant.manage", str(made.id), "для проверки"
    )  # fmt: skip
    assert event.after == {"grants": ["card.manage @ igora", "card.view @ igora"]}
    saved = await give(actor, made, ("card.view", DACHA), resources=resources, now=now)
    assert isinstance(saved, Saved)
    assert len(saved.difference.removed) == 2
    assert await held(made) == (("card.view", DACHA),)


@pytest.mark.parametrize("right", sorted(RIGHTS))
async def test_nobody_gives_what_they_lack(resources: Resources, now: datetime, right: str) -> None:
    """T11: for each of the rights, a manager of one partner gives only what he holds, and only there."""
    manager = await make_holder(resources, now, *MANAGER, partner="igora")
    made = await make_holder(resources, now, partner="igora")
    actor = await make_actor(manager, now)
    required = [(code, scope) for code in RIGHTS[right].requires for scope in (IGORA,)]
    for scope in (IGORA, DACHA, WHOLE):
        if scope.kind not in RIGHTS[right].scopes:
            continue
        before = await state()
        may = scope == IGORA and right in dict(MANAGER)
        if may:
            saved = await give(actor, made, (right, scope), *required, resources=resources, now=now)
            assert isinstance(saved, GrantRequestFacts if RIGHTS[right].needs_two else Saved)
        else:
            with pytest.raises(Refusal) as refused:
                await give(actor, made, (right, scope), *required, resources=resources, now=now)
            assert refused.value.code is Code.FORBIDDEN
            assert await state() == before


async def test_nobody_takes_what_they_lack_nor_touches_who_holds_more(resources: Resources, now: datetime) -> None:
    """T11: a right of another partner stays, and its holder cannot be blocked, reset or renamed by who lacks it."""
    manager = await make_holder(resources, now, *MANAGER, partner="igora")
    made = await make_holder(resources, now, ("card.view", DACHA), partner="igora")
    actor = await make_actor(manager, now)
    before = await state()
    for attempt in (
        give(actor, made, resources=resources, now=now),
        inviting.block(actor, made.id, reason="для проверки", resources=resources, now=now),
        inviting.reset_access(actor, made.id, reason="для проверки", resources=resources, now=now),
        inviting.update(
            actor, made.id, 1, Form(email="x@example.ru", name="x"), reason="для проверки", resources=resources, now=now
        ),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert (refused.value.code, refused.value.words) == (Code.FORBIDDEN, "staff.beyond")
    assert await state() == before
    refusals = await audit.page(rows=10, after=None, filters=audit.Filters(actor=manager.id))
    assert [one.outcome for one in refusals] == ["REFUSED"] * 4 + ["DONE"]  # the last: he enrolled


async def test_ones_own_rights_are_read_only(resources: Resources, now: datetime) -> None:
    """T11: an owner too neither widens nor loses his own, nor blocks himself, nor changes a role he holds."""
    owner = await make_staff(resources, now)
    await make_staff(resources, now)
    actor = await make_actor(owner, now)
    mine = await roles.role_of_code("owner")
    before = await state()
    for attempt in (
        give(actor, owner, resources=resources, now=now),
        inviting.block(actor, owner.id, reason="для проверки", resources=resources, now=now),
        role_changes.save(
            actor,
            mine.id,
            mine.version,
            RoleForm(code="owner", name_ru="Владелец", name_en="Owner", rights=("admin.manage",)),
            reason="для проверки",
            resources=resources,
            now=now,
        ),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert (refused.value.code, refused.value.words) == (Code.FORBIDDEN, "staff.oneself")
    assert await state() == before


async def test_people_of_another_partner_are_not_there(resources: Resources, now: datetime) -> None:
    """INV-22, T27: neither in lists nor by id, to read or to change."""
    manager = await make_holder(resources, now, *MANAGER, partner="igora")
    theirs = await make_holder(resources, now, partner="dacha-vintera")
    mine = await make_holder(resources, now, partner="igora")
    actor = await make_actor(manager, now)
    assert {one.id for one in await people.page(actor.access, rows=100)} == {manager.id, mine.id}
    before = await state()
    for attempt in (
        people.one(actor.access, theirs.id),
        give(actor, theirs, ("card.view", IGORA), resources=resources, now=now),
        inviting.block(actor, theirs.id, reason="для проверки", resources=resources, now=now),
        grants.preview(actor, theirs.id, []),
    ):
        with pytest.raises(Refusal) as refused:
            await attempt
        assert refused.value.code is Code.NOT_FOUND
    with pytest.raises(Refusal) as refused:
        form = Form(email="new@example.ru", name="Новый", partner="dacha-vintera")
        await inviting.invite(actor, form, locale="ru", reason="для проверки", resources=resources, now=now)
    assert refused.value.code is Code.FORBIDDEN
    assert await state() == before


async def test_two_administrators_at_once_do_not_overwrite_each_other(resources: Resources, now: datetime) -> None:
    """The second hears how the person stands now, with who changed it, and saves nothing."""
    first, second = [await make_actor(await make_staff(resources, now), now) for _ in range(2)]
    made = await make_holder(resources, now)
    version = await database.fetchval("SELECT version FROM staff WHERE id = $1", made.id)
    answers = await rivals(
        partial(give, first, made, ("card.view", IGORA), resources=resources, now=now, version=version),
        partial(give, second, made, ("faq.manage", WHOLE), resources=resources, now=now, version=version),
    )
    assert {type(answer) for answer in answers} == {Saved, Changed}
    (conflict,) = [answer for answer in answers if isinstance(answer, Changed)]
    winner = first if isinstance(answers[0], Saved) else second
    assert (conflict.staff.version, conflict.staff.changed_by) == (version + 1, winner.name)
    assert conflict.staff.access.pairs == await held(made)


async def test_a_right_needs_what_it_stands_on_and_a_place_wide_enough(resources: Resources, now: datetime) -> None:
    actor = await make_actor(await make_staff(resources, now), now)
    made = await make_holder(resources, now)
    before = await state()
    for wanted, words, field in (
        ([("card.manage", IGORA)], "staff.right_requires", "input.grants"),
        ([("card.manage", WHOLE), ("card.view", IGORA)], "staff.right_requires", "input.grants"),
        ([("card.view", WHOLE), ("faq.manage", IGORA)], "staff.scope_too_narrow", "input.grants.1.scope"),
        ([("no.such", WHOLE)], "staff.right_not_found", "input.grants.0.right"),
    ):
        with pytest.raises(Refusal) as refused:
            await give(actor, made, *wanted, resources=resources, now=now)
        assert (refused.value.code, refused.value.words, refused.value.field) == (Code.INVALID_INPUT, words, field)
    assert await state() == before


async def requested(resources: Resources, now: datetime) -> tuple[MadeStaff, Actor, Actor, GrantRequestFacts]:
    """(whom, who asked, another owner, the request for right 1)."""
    asker, other = [await make_actor(await make_staff(resources, now), now) for _ in range(2)]
    made = await make_holder(resources, now)
    asked = await give(asker, made, ("admin.manage", WHOLE), resources=resources, now=now)
    assert isinstance(asked, GrantRequestFacts)
    assert await held(made) == ()
    return made, asker, other, asked


async def decide(
    actor: Actor, request: UUID, resources: Resources, now: datetime, *, approve: bool = True
) -> GrantRequestFacts:
    return await deciding.decide(actor, request, approve=approve, reason="проверил", resources=resources, now=now)


async def test_rights_one_and_two_take_two(resources: Resources, now: datetime) -> None:
    """T11, A-090, A-091 (ASVS 2.3.5): nothing changes before somebody else approves, and nobody approves his own."""
    made, asker, other, asked = await requested(resources, now)
    before = await state()
    with pytest.raises(Refusal) as refused:
        await decide(asker, asked.id, resources, now)
    assert (refused.value.code, refused.value.words) == (Code.FORBIDDEN, "staff.four_eyes")
    assert await state() == before
    assert (await decide(other, asked.id, resources, now)).state == "APPROVED"
    assert await held(made) == (("admin.manage", PROGRAMME),)
    with pytest.raises(Refusal) as refused:
        await decide(other, asked.id, resources, now)
    assert refused.value.words == "staff.request_decided"


async def test_a_request_is_rejected_taken_back_stale_or_too_old(resources: Resources, now: datetime) -> None:
    made, asker, other, asked = await requested(resources, now)
    assert (await decide(other, asked.id, resources, now, approve=False)).state == "REJECTED"
    again = await give(asker, made, ("admin.manage", WHOLE), resources=resources, now=now)
    assert isinstance(again, GrantRequestFacts)
    assert (await decide(asker, again.id, resources, now, approve=False)).state == "REJECTED"
    third = await give(asker, made, ("admin.manage", WHOLE), resources=resources, now=now)
    assert isinstance(third, GrantRequestFacts)
    await give(other, made, ("faq.manage", WHOLE), resources=resources, now=now)
    assert (await decide(other, third.id, resources, now)).state == "STALE"
    fourth = await give(asker, made, ("admin.manage", WHOLE), resources=resources, now=now)
    assert isinstance(fourth, GrantRequestFacts)
    late = await make_actor(await make_staff(resources, now + timedelta(days=7)), now + timedelta(days=7))
    with pytest.raises(Refusal) as refused:
        await decide(late, fourth.id, resources, now + timedelta(days=7))
    assert refused.value.words == "staff.request_decided"
    assert await held(made) == (("faq.manage", PROGRAMME),)


async def test_a_request_of_somebody_kept_out_meanwhile_gives_nothing(resources: Resources, now: datetime) -> None:
    made, asker, other, asked = await requested(resources, now)
    assert asker.id is not None
    await inviting.block(other, asker.id, reason="ушёл", resources=resources, now=now)
    assert (await decide(other, asked.id, resources, now)).state == "STALE"
    assert await held(made) == ()


async def test_ten_deciders_decide_once(resources: Resources, now: datetime) -> None:
    made, _, _, asked = await requested(resources, now)
    deciders = [await make_actor(await make_staff(resources, now), now) for _ in range(6)]
    answers = await rivals_told(*(partial(decide, one, asked.id, resources, now) for one in deciders))
    assert sum(isinstance(answer, GrantRequestFacts) for answer in answers) == 1
    assert await held(made) == (("admin.manage", PROGRAMME),)


async def test_the_last_administrator_stays_whoever_comes_at_once(resources: Resources, now: datetime) -> None:
    """A-090: five owners who all block each other at once leave one, and the next one still cannot block himself."""
    owners = [await make_staff(resources, now) for _ in range(5)]
    actors = [await make_actor(one, now) for one in owners]
    await asyncio.gather(
        *(
            inviting.block(actor, one.id, reason="переворот", resources=resources, now=now)
            for actor in actors
            for one in owners
            if one.id != actor.id
        ),
        return_exceptions=True,
    )
    assert await database.fetchval("SELECT count(*) FROM staff WHERE status = 'ACTIVE'") == 1
    left = await database.fetchval("SELECT id FROM staff WHERE status = 'ACTIVE'")
    actor = next(actor for actor in actors if actor.id == left)
    with pytest.raises(Refusal):
        await inviting.block(actor, left, reason="переворот", resources=resources, now=now)
    assert (await audit.check()).findings == []


async def test_whoever_was_blocked_meanwhile_changes_nothing(resources: Resources, now: datetime) -> None:
    """ASVS 8.3.2: rights are read anew inside the write, not only at the door."""
    owner, made = await make_staff(resources, now), await make_holder(resources, now)
    await make_staff(resources, now)
    actor = await make_actor(owner, now)
    await database.execute("UPDATE staff SET status = 'BLOCKED' WHERE id = $1", owner.id)
    with pytest.raises(Refusal) as refused:
        await give(actor, made, ("card.view", IGORA), resources=resources, now=now)
    assert refused.value.code is Code.UNAUTHENTICATED
    await database.execute("UPDATE staff SET status = 'ACTIVE' WHERE id = $1", owner.id)
    await database.execute("DELETE FROM staff_grant WHERE staff_id = $1", owner.id)
    with pytest.raises(Refusal) as refused:
        await give(actor, made, ("card.view", IGORA), resources=resources, now=now)
    assert refused.value.code is Code.FORBIDDEN
    assert await held(made) == ()


async def test_a_role_changes_for_everybody_who_holds_it(resources: Resources, now: datetime) -> None:
    """Roles are data: made, given, changed; what would give right 1 to its holders waits for a second person."""
    actor, other = [await make_actor(await make_staff(resources, now), now) for _ in range(2)]
    made = await make_holder(resources, now)

    async def save(
        role: UUID | None, version: int | None, *codes: str
    ) -> role_changes.RoleSaved | role_changes.RoleChanged:
        form = RoleForm(code="front-desk", name_ru="Стойка", name_en="Front desk", rights=codes)
        return await role_changes.save(actor, role, version, form, reason="для проверки", resources=resources, now=now)

    fresh = await save(None, None, "card.view")
    assert isinstance(fresh, role_changes.RoleSaved)
    role = fresh.role
    version = await database.fetchval("SELECT version FROM staff WHERE id = $1", made.id)
    await grants.save(
        actor, made.id, version, [Wanted(role.id, None, IGORA)], reason="для проверки", resources=resources, now=now
    )
    changed = await save(role.id, role.version, "card.view", "operation.view")
    assert isinstance(changed, role_changes.RoleSaved)
    assert await held(made) == (("card.view", IGORA), ("operation.view", IGORA))
    assert isinstance(await save(role.id, role.version, "card.view"), role_changes.RoleChanged)
    for codes, words in ((("faq.manage",), "staff.role_held_narrower"), (("card.manage",), "staff.right_requires")):
        with pytest.raises(Refusal) as refused:
            await save(role.id, changed.role.version, *codes)
        assert refused.value.words == words
    with pytest.raises(Refusal) as refused:
        await save(None, None, "card.view")
    assert (refused.value.words, refused.value.field) == ("staff.role_code_taken", "input.code")
    waiting = await save(role.id, changed.role.version, "card.view", "admin.manage")
    assert isinstance(waiting, role_changes.RoleSaved)
    assert waiting.request is not None
    assert await held(made) == (("card.view", IGORA), ("operation.view", IGORA))
    assert (await decide(other, waiting.request.id, resources, now)).state == "APPROVED"
    assert await held(made) == (("admin.manage", IGORA), ("card.view", IGORA))


async def test_the_address_of_an_administrator_stays(resources: Resources, now: datetime) -> None:
    """Four eyes are not two: with a new address and a reset one owner would become the other."""
    actor, other = await make_actor(await make_staff(resources, now), now), await make_staff(resources, now)
    found = (await people.by_id([other.id]))[other.id]
    before = await state()
    with pytest.raises(Refusal) as refused:
        await inviting.update(
            actor,
            other.id,
            found.version,
            Form(email="mine@example.ru", name=found.name),
            reason="для проверки",
            resources=resources,
            now=now,
        )
    assert (refused.value.code, refused.value.words) == (Code.FORBIDDEN, "staff.address_stays")
    assert await state() == before
