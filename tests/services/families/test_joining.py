"""Founding, inviting and joining: one use of a link, one family a member, as many seats as the programme has."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from loyalty.families import Role
from loyalty.refusals import Code, Refusal
from models import database
from services.families import inviting, leaving
from services.families.inviting import InviteState
from services.ledger import check_books
from services.resources import Resources
from tests.makers.families import apply_family, found, invited, join, make_family, order
from tests.makers.patience import rivals_told
from tests.makers.people import make_member
from tests.makers.points import apply_points
from tests.makers.state import state

SEATED = "SELECT member_id FROM family_seat WHERE left_at IS NULL ORDER BY joined_at, member_id"


@pytest.fixture(autouse=True)
async def programme(db: None, now: datetime, tmp_path: Path) -> None:
    await apply_family(tmp_path, now)


async def refused(what: Awaitable[object]) -> tuple[Code, str]:
    """The refusal of a command, which moves nothing."""
    before = await state()
    with pytest.raises(Refusal) as caught:
        await what
    assert await state() == before
    return caught.value.code, caught.value.words


async def test_a_family_is_founded_and_joined_by_a_link(resources: Resources, now: datetime) -> None:
    """A-053, C-10: the head invites, another sits down by the link, the phones of both hear of it."""
    head, guest = await make_member(now, first_name="Анна"), await make_member(now, first_name="Борис")
    family = await found(resources, head, now)
    token = await invited(resources, head, now, Role.CHILD)
    shown = await inviting.look(token, now)
    assert shown is not None
    assert (shown.invited_by, shown.role, shown.state) == ("Анна", Role.CHILD, InviteState.OPEN)
    assert shown.expires_at == now + timedelta(hours=72)
    assert await join(resources, guest, token, now) == family
    rows = await database.fetch("SELECT member_id, role, shows_purchases FROM family_seat ORDER BY role")
    assert [tuple(row) for row in rows] == [(guest.id, "CHILD", False), (head.id, "HEAD", False)]
    told = await database.fetch("SELECT DISTINCT member_id FROM card_activity WHERE kind = 'FAMILY_CHANGED'")
    assert {row["member_id"] for row in told} == {head.id, guest.id}
    assert await check_books(now) == []


async def test_the_database_keeps_no_token(resources: Resources, now: datetime) -> None:
    """T2, I-26: a dump opens no seat; only a digest is there, and no stored answer has the token either."""
    head = await make_member(now)
    await found(resources, head, now)
    token = await invited(resources, head, now)
    kept = await database.fetchval("SELECT string_agg(f::text, ' ') FROM family_invite AS f")
    answers = await database.fetchval("SELECT string_agg(o::text, ' ') FROM once_answer AS o")
    assert token not in kept + answers
    assert inviting.digest(token).hex() in kept


async def test_a_repeated_command_hears_its_answer_and_another_body_is_refused(
    resources: Resources, now: datetime
) -> None:
    """INV-07: the same key gives the same family and the same link, once."""
    head = await make_member(now)
    key = str(uuid4())
    family = await inviting.found(resources, order(head, "found", now, key=key))
    assert await inviting.found(resources, order(head, "found", now, key=key)) == family
    first = await inviting.invite(resources, order(head, "invite", now, key=key), Role.ADULT)
    assert await inviting.invite(resources, order(head, "invite", now, key=key), Role.ADULT) == first
    other = inviting.invite(resources, order(head, "invite", now, key=key), Role.CHILD)
    assert await refused(other) == (Code.KEY_REUSED, "once.key_reused")
    assert await database.fetchval("SELECT count(*) FROM family_invite") == 1


async def test_a_second_use_by_the_same_guest_is_no_second_seat(resources: Resources, now: datetime) -> None:
    """C-10: the page that is opened twice says the same twice."""
    head, guest = await make_member(now), await make_member(now)
    family = await found(resources, head, now)
    token = await invited(resources, head, now)
    assert await join(resources, guest, token, now) == await join(resources, guest, token, now) == family
    assert len(await database.fetch(SEATED)) == 2


async def test_links_that_are_worth_nothing_any_more_say_why(resources: Resources, now: datetime) -> None:
    """C-10, frontend 1.1: never given, used, ended, taken back."""
    head, guest, late = await make_member(now), await make_member(now), await make_member(now)
    await found(resources, head, now)
    used, old, back = [await invited(resources, head, now) for _ in range(3)]
    await join(resources, guest, used, now)
    gone = await database.fetchval("SELECT id FROM family_invite WHERE token_sha256 = $1", inviting.digest(back))
    await inviting.revoke(order(head, "revoke", now), gone)
    after = now + timedelta(hours=72)
    expected = {used: InviteState.USED, old: InviteState.EXPIRED, back: InviteState.REVOKED}
    for token, worth in expected.items():
        shown = await inviting.look(token, after)
        assert shown is not None
        assert shown.state is worth
        words = f"family.token_{worth.lower()}"
        assert await refused(join(resources, late, token, after)) == (Code.TOKEN_NOT_ACCEPTED, words)
    for token in ("x" * 43, "", "\ud800", "x" * 10_000):
        assert await inviting.look(token, now) is None
        unknown = (Code.TOKEN_NOT_ACCEPTED, "family.token_unknown")
        assert await refused(join(resources, late, token, now)) == unknown


async def test_one_sits_in_one_family(resources: Resources, now: datetime) -> None:
    """INV-18, I-25: neither a second family nor a second seat."""
    head, other = await make_member(now), await make_member(now)
    await found(resources, head, now)
    await found(resources, other, now)
    token = await invited(resources, other, now)
    already = (Code.ALREADY_IN_FAMILY, "family.already_in")
    assert await refused(found(resources, head, now)) == already
    assert await refused(join(resources, head, token, now)) == already
    assert await refused(join(resources, other, token, now)) == already


async def test_a_full_family_takes_nobody(resources: Resources, now: datetime) -> None:
    """I-25: four seats, the head counted in; links that were open before are worth nothing while it is full."""
    _, (head, *_) = await make_family(resources, now, "Борис", "Вера")
    open_, last = await invited(resources, head, now), await invited(resources, head, now)
    await join(resources, await make_member(now), last, now)
    late = await make_member(now)
    assert await refused(join(resources, late, open_, now)) == (Code.FAMILY_FULL, "family.full")
    assert await refused(invited(resources, head, now)) == (Code.FAMILY_FULL, "family.full")
    shown = await inviting.look(open_, now)
    assert shown is not None
    assert shown.state is InviteState.FULL


async def test_only_the_head_invites_and_only_so_often(resources: Resources, now: datetime) -> None:
    """C-10: a seat that somebody else opens is no seat, and links are not made by the hundred."""
    _, (head, guest) = await make_family(resources, now, "Борис")
    stranger = await make_member(now)
    assert await refused(invited(resources, guest, now)) == (Code.FORBIDDEN, "family.head_only")
    assert await refused(invited(resources, stranger, now)) == (Code.NOT_IN_FAMILY, "family.not_in")
    assert await refused(invited(resources, head, now, Role.HEAD)) == (Code.INVALID_INPUT, "family.invite_role")
    for _ in range(inviting.OPEN_MAX):
        await invited(resources, head, now)
    assert await refused(invited(resources, head, now)) == (Code.LIMIT_REACHED, "family.invites_open")
    await invited(resources, head, now + timedelta(hours=72))


async def test_taking_a_link_back_is_for_its_head_and_before_its_use(resources: Resources, now: datetime) -> None:
    """C-10: twice is the same; another family's link and a used one are not there."""
    _, (head, _) = await make_family(resources, now, "Борис")
    other = await make_member(now)
    await found(resources, other, now)
    invite = await inviting.invite(resources, order(head, "invite", now), Role.ADULT)
    used: UUID = await database.fetchval("SELECT id FROM family_invite WHERE used_at IS NOT NULL")
    unknown = (Code.NOT_FOUND, "family.invite_unknown")
    assert await refused(inviting.revoke(order(other, "revoke", now), invite)) == unknown
    assert await refused(inviting.revoke(order(head, "revoke", now), used)) == unknown
    for _ in range(2):
        assert await inviting.revoke(order(head, "revoke", now), invite) == invite


async def test_a_programme_without_families_has_none(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """A-053: what is not in the programme's file cannot be founded."""
    await apply_points(tmp_path, now + timedelta(minutes=1))
    head = await make_member(now)
    assert await refused(found(resources, head, now)) == (Code.NOT_FOUND, "family.none_here")


async def test_of_twenty_rivals_for_the_last_seat_one_gets_it(resources: Resources, now: datetime) -> None:
    """INV-18, I-25: one link, twenty guests; then twenty links' worth of guests for one seat."""
    _, (head, *_) = await make_family(resources, now, "Борис")
    token = await invited(resources, head, now)
    guests = [await make_member(now) for _ in range(20)]
    came = await rivals_told(*(partial(join, resources, guest, token, now) for guest in guests))
    assert sum(isinstance(each, UUID) for each in came) == 1
    assert {each.code for each in came if isinstance(each, Refusal)} == {Code.TOKEN_NOT_ACCEPTED}
    tokens = [await invited(resources, head, now) for _ in range(inviting.OPEN_MAX)]
    late = [guest for guest, each in zip(guests, came, strict=True) if not isinstance(each, UUID)]
    came = await rivals_told(
        *(partial(join, resources, guest, token, now) for guest, token in zip(late, tokens, strict=False)),
    )
    assert sum(isinstance(each, UUID) for each in came) == 1
    assert {each.code for each in came if isinstance(each, Refusal)} == {Code.FAMILY_FULL}
    assert len(await database.fetch(SEATED)) == 4
    assert await check_books(now) == []


async def test_one_guest_with_ten_links_sits_down_once(resources: Resources, now: datetime) -> None:
    """INV-18: ten families want the same guest at once."""
    heads = [await make_member(now) for _ in range(10)]
    for head in heads:
        await found(resources, head, now)
    tokens = [await invited(resources, head, now) for head in heads]
    guest = await make_member(now)
    came = await rivals_told(*(partial(join, resources, guest, token, now) for token in tokens))
    assert sum(isinstance(each, UUID) for each in came) == 1
    assert {each.code for each in came if isinstance(each, Refusal)} == {Code.ALREADY_IN_FAMILY}
    assert await database.fetchval("SELECT count(*) FROM family_seat WHERE member_id = $1", guest.id) == 1


async def test_who_left_may_come_again(resources: Resources, now: datetime) -> None:
    """C-10: a seat that has ended keeps nobody from another one."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    assert await leaving.leave(resources, order(guest, "leave", now)) == 0
    assert await join(resources, guest, await invited(resources, head, now), now) == family
