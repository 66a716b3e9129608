"""Leaving, being removed, ending a family and handing over its head: what is one's own comes back with its ends."""

from collections.abc import Awaitable
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from loyalty.families import Role
from loyalty.refusals import Code, Refusal
from models import database
from services.families import leaving, sharing
from services.ledger import check_books
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.families import (
    apply_family,
    buy_with_family,
    found,
    give,
    invited,
    join,
    make_family,
    order,
    pot,
    quote_with_family,
)
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import give_back, goods, grant, stored
from tests.makers.state import state

ENDS = "SELECT expires_at, remaining FROM points_lot WHERE member_id = $1 AND remaining > 0 ORDER BY 1"


@pytest.fixture
async def till(db: None, now: datetime, tmp_path: Path) -> TillFacts:
    await apply_family(tmp_path, now)
    made, _ = await make_till(now, partner="shop", outlet="shop-one")
    return made


async def refused(what: Awaitable[object]) -> tuple[Code, str]:
    """The refusal of a command, which moves nothing."""
    before = await state()
    with pytest.raises(Refusal) as caught:
        await what
    assert await state() == before
    return caught.value.code, caught.value.words


async def seat_of(member: MadeMember) -> UUID:
    seat: UUID = await database.fetchval(
        "SELECT id FROM family_seat WHERE member_id = $1 AND left_at IS NULL", member.id
    )
    return seat


async def test_what_is_left_of_ones_own_comes_back_with_its_ends(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """C-10, INV-18, I-24: two lots go in, the earlier one is spent by another, the rest comes home as it left."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(guest.id, 100, now, days=10)
    await grant(guest.id, 200, now, days=20)
    before = await database.fetch(ENDS, guest.id)
    await give(resources, guest, 300, now)
    assert (await pot(family), await stored(guest.id)) == ((300, 0), (0, 0, 0, 0))
    await buy_with_family(resources, till, head, [goods(1000)], now, points=150)
    assert await pot(family) == (150, 0)
    assert await leaving.leave(resources, order(guest, "leave", now)) == 150
    after = await database.fetch(ENDS, guest.id)
    assert [tuple(row) for row in after] == [(before[1]["expires_at"], 150)]
    assert await pot(family) == (0, 0)
    assert await check_books(now) == []


async def test_what_a_return_brings_later_goes_to_who_gave_it(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """C-10, I-15: the giver has left; a return of what others bought with his points is his, not the pool's."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(guest.id, 100, now, days=10)
    await give(resources, guest, 100, now)
    made = await buy_with_family(resources, till, head, [goods(1000)], now, points=60)
    await leaving.leave(resources, order(guest, "leave", now))
    assert (await stored(guest.id))[0] == 40
    await give_back(resources, till, made, now)
    assert ((await stored(guest.id))[0], await pot(family)) == (100, (0, 0))
    assert await check_books(now) == []


async def test_who_leaves_frees_what_he_reserved_and_what_others_reserved_of_his(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-25: a till that waits for a yes hears that the points are gone, and nobody spends what is not his any more."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    await grant(guest.id, 100, now)
    await grant(head.id, 50, now)
    await give(resources, guest, 100, now)
    await give(resources, head, 50, now)
    await quote_with_family(till, head, [goods(1000)], now, points=120)
    await quote_with_family(till, guest, [goods(1000)], now, points=30)
    assert await pot(family) == (0, 150)
    assert await leaving.leave(resources, order(guest, "leave", now)) == 100
    assert await pot(family) == (50, 0)
    assert await database.fetchval("SELECT count(*) FROM points_hold WHERE status = 'ACTIVE'") == 0
    assert await check_books(now) == []


async def test_the_head_hands_over_first_or_ends_the_family(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """E4: the head changes with the consent of both, and only then may the former one go."""
    _, (head, guest, child) = await make_family(resources, now, "Борис", "Вера")
    await database.execute("UPDATE family_seat SET role = 'CHILD' WHERE member_id = $1", child.id)
    stays = (Code.HEAD_CANNOT_LEAVE, "family.head_stays")
    assert await refused(leaving.leave(resources, order(head, "leave", now))) == stays
    assert await refused(leaving.take_head(resources, order(guest, "take", now))) == (
        Code.FORBIDDEN,
        "family.head_not_offered",
    )
    offers = {head: "family.own_seat", child: "family.child_head"}
    for member, words in offers.items():
        offer = leaving.offer_head(resources, order(head, "offer", now), await seat_of(member))
        assert await refused(offer) == (Code.INVALID_INPUT, words)
    await leaving.offer_head(resources, order(head, "offer", now), await seat_of(guest))
    assert await refused(leaving.take_head(resources, order(child, "take", now))) == (
        Code.FORBIDDEN,
        "family.head_not_offered",
    )
    await leaving.take_head(resources, order(guest, "take", now))
    roles = await database.fetch("SELECT member_id, role FROM family_seat ORDER BY joined_at, id")
    assert {row["member_id"]: row["role"] for row in roles} == {
        head.id: "ADULT",
        guest.id: "HEAD",
        child.id: "CHILD",
    }
    await leaving.leave(resources, order(head, "leave", now))
    assert await check_books(now) == []


async def test_an_offer_can_be_taken_back(till: TillFacts, resources: Resources, now: datetime) -> None:
    """E4: what is not offered any more cannot be taken."""
    _, (head, guest) = await make_family(resources, now, "Борис")
    await leaving.offer_head(resources, order(head, "offer", now), await seat_of(guest))
    await leaving.offer_head(resources, order(head, "offer", now), None)
    taken = leaving.take_head(resources, order(guest, "take", now))
    assert await refused(taken) == (Code.FORBIDDEN, "family.head_not_offered")


async def test_the_head_removes_a_seat(till: TillFacts, resources: Resources, now: datetime) -> None:
    """C-10: the points of who is removed go home with him; nobody else removes, and nobody removes himself."""
    family, (head, guest, other) = await make_family(resources, now, "Борис", "Вера")
    await grant(guest.id, 70, now)
    await give(resources, guest, 70, now)
    seat, own = await seat_of(guest), await seat_of(head)
    removed = leaving.remove(resources, order(other, "remove", now), seat)
    assert await refused(removed) == (Code.FORBIDDEN, "family.head_only")
    removed = leaving.remove(resources, order(head, "remove", now), own)
    assert await refused(removed) == (Code.INVALID_INPUT, "family.own_seat")
    removed = leaving.remove(resources, order(head, "remove", now), family)
    assert await refused(removed) == (Code.NOT_FOUND, "family.seat_unknown")
    assert await leaving.remove(resources, order(head, "remove", now), seat) == 70
    assert (await stored(guest.id))[0] == 70
    assert await database.fetchval("SELECT left_how FROM family_seat WHERE member_id = $1", guest.id) == "REMOVED"
    assert await check_books(now) == []


async def test_the_end_of_a_family_gives_everybody_his_own(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-24: dissolving conserves the total of the group, and open links end with it."""
    family, (head, guest) = await make_family(resources, now, "Борис")
    token = await invited(resources, head, now)
    for member, points in ((head, 30), (guest, 70)):
        await grant(member.id, points, now)
        await give(resources, member, points, now)
    made = await buy_with_family(resources, till, head, [goods(1000)], now, points=40)
    forbidden = (Code.FORBIDDEN, "family.head_only")
    assert await refused(leaving.dissolve(resources, order(guest, "end", now))) == forbidden
    before = (await stored(head.id))[0]
    back = await leaving.dissolve(resources, order(head, "end", now))
    assert back == (await stored(head.id))[0] - before
    assert back + (await stored(guest.id))[0] == 60
    assert await pot(family) == (0, 0)
    late = await make_member(now)
    revoked = (Code.TOKEN_NOT_ACCEPTED, "family.token_revoked")
    assert await refused(join(resources, late, token, now)) == revoked
    await give_back(resources, till, made, now)
    assert (await stored(head.id))[0] + (await stored(guest.id))[0] == 100
    assert await check_books(now) == []
    await found(resources, head, now + timedelta(minutes=1))


async def test_who_sits_in_no_family_cannot_leave_or_share(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """INV-18: every command of somebody without a seat is the same refusal."""
    member = await make_member(now)
    not_in = (Code.NOT_IN_FAMILY, "family.not_in")
    assert await refused(leaving.leave(resources, order(member, "leave", now))) == not_in
    assert await refused(leaving.dissolve(resources, order(member, "end", now))) == not_in
    assert await refused(leaving.take_head(resources, order(member, "take", now))) == not_in
    assert await refused(sharing.show_purchases(resources, order(member, "show", now), shows=True)) == not_in
    assert await refused(give(resources, member, 1, now)) == not_in


async def test_a_head_who_sits_alone_ends_the_family_by_leaving(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-24."""
    family, (head,) = await make_family(resources, now)
    await grant(head.id, 10, now)
    await give(resources, head, 10, now)
    assert await leaving.leave(resources, order(head, "leave", now)) == 10
    assert await database.fetchval("SELECT ended_at FROM family WHERE id = $1", family) == now
    assert await check_books(now) == []


async def test_points_that_ended_in_the_pool_do_not_come_back(
    till: TillFacts, resources: Resources, now: datetime
) -> None:
    """I-19: a pool gives nobody's points a longer life."""
    _, (head, guest) = await make_family(resources, now, "Борис", role=Role.CHILD)
    await grant(guest.id, 50, now, days=5)
    await give(resources, guest, 50, now)
    late = now + timedelta(days=5)
    assert await leaving.leave(resources, order(guest, "leave", late)) == 0
    assert await stored(guest.id) == (0, 0, 0, 0)
    assert (await stored(head.id)) == (0, 0, 0, 0)
    assert await check_books(late) == []
