"""A phone that was paired lately asks before it spends anything, where the programme says so; the guest's first does not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.ledger import check_books
from services.points import confirming
from services.points.holding import CONFIRM_SECONDS, Hold
from services.purchases import Posted, post_purchase
from services.quotes import Quoted
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.points import apply_points, goods, grant, paid, quote, stored
from tests.makers.scans import scan
from tests.makers.state import state

ASKING = ("  rounding: DOWN\n", "  rounding: DOWN\n  confirm: {new_device_hours: 72}\n")
WINDOW = timedelta(hours=72)


@dataclass(frozen=True)
class Scene:
    """A guest with 1 000 points and a phone of ten days, at a till."""

    resources: Resources
    till: TillFacts
    member: MadeMember
    at: datetime

    async def phone(self, device: str, at: datetime) -> Phone:
        """A phone with keys of this moment: of a name that is known it is the one it was."""
        return await make_phone(self.resources, self.member.id, at, device=device)

    async def wish(self, phone: Phone, at: datetime) -> Quoted:
        """Ten points for the next receipt, after a scan of this phone."""
        found = await scan(self.resources, self.till, phone.code(at), at)
        return await quote(self.till, self.member, [goods(1000)], at, points=10, ticket=str(found.ticket))


def held(quoted: Quoted) -> Hold:
    assert quoted.points is not None
    assert quoted.points.hold is not None
    return quoted.points.hold


async def paired_before(resources: Resources, now: datetime) -> Scene:
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    member, at = await make_member(now), now + timedelta(days=10)
    scene = Scene(resources, till, member, at)
    await scene.phone("first", now)
    await grant(member.id, 1000, at)
    return scene


@pytest.fixture
async def scene(db: None, resources: Resources, now: datetime, tmp_path: Path) -> Scene:
    await apply_points(tmp_path, now, ASKING)
    return await paired_before(resources, now)


async def test_a_new_phone_spends_nothing_without_a_yes(scene: Scene) -> None:
    """Security 3.6, A-242: ten points are asked for; until the yes nothing moves, and after it the receipt is posted."""
    now = scene.at
    quoted = await scene.wish(await scene.phone("new", now), now)
    hold = held(quoted)
    assert (hold.points, hold.confirmation, hold.expires_at) == (10, "ASKED", now + timedelta(seconds=CONFIRM_SECONDS))
    before = await state()
    with pytest.raises(Refusal) as refused:
        await post_purchase(scene.resources, scene.till, paid(quoted, now), now=now)
    assert (refused.value.code, refused.value.field) == (Code.SPENDING_NOT_CONFIRMED, "input.tenders")
    assert await state() == before
    (asked,) = await confirming.asked_of(scene.member.id, now)
    assert (asked.id, asked.partner, asked.outlet, asked.points) == (hold.id, "shop", "shop-one", 10)
    await confirming.confirm(scene.member.id, asked.id, now)
    assert isinstance(await post_purchase(scene.resources, scene.till, paid(quoted, now), now=now), Posted)
    assert await stored(scene.member.id) == (1000 - 10 + 99, 0, 0, 0)
    assert await check_books(now) == []


async def test_the_phone_of_before_is_not_asked(scene: Scene) -> None:
    """Security 3.6: whose keys were renewed is no new phone, and a new one beside it changes nothing for it."""
    await scene.phone("new", scene.at)
    quoted = await scene.wish(await scene.phone("first", scene.at), scene.at)
    assert held(quoted).confirmation == "NOT_NEEDED"
    assert isinstance(await post_purchase(scene.resources, scene.till, paid(quoted, scene.at), now=scene.at), Posted)


async def test_the_first_phone_of_a_guest_is_not_asked(scene: Scene) -> None:
    """Security 3.6: there is no other whose owner could say no; the second one of the same minute is asked for."""
    newcomer = await make_member(scene.at)
    await grant(newcomer.id, 1000, scene.at)
    begun = Scene(scene.resources, scene.till, newcomer, scene.at)
    first = await begun.phone("first", scene.at)
    assert held(await begun.wish(first, scene.at)).confirmation == "NOT_NEEDED"
    second = await begun.phone("second", scene.at)
    assert held(await begun.wish(second, scene.at)).confirmation == "ASKED"


async def test_a_phone_is_new_for_so_many_hours(scene: Scene) -> None:
    """Security 3.6: from the moment it was paired, however often its keys are renewed."""
    await scene.phone("new", scene.at)
    for left, told in ((timedelta(minutes=1), "ASKED"), (timedelta(0), "NOT_NEEDED")):
        moment = scene.at + WINDOW - left
        assert held(await scene.wish(await scene.phone("new", moment), moment)).confirmation == told


async def test_a_ticket_of_a_phone_nobody_knows_is_asked_for(scene: Scene) -> None:
    """Security 3.6: a phone that has been forgotten meanwhile is not taken for an old one."""
    first = await scene.phone("first", scene.at)
    found = await scan(scene.resources, scene.till, first.code(scene.at), scene.at)
    await database.execute("DELETE FROM qr_credential WHERE id = $1", first.credential)
    ticket = str(found.ticket)
    quoted = await quote(scene.till, scene.member, [goods(1000)], scene.at, points=10, ticket=ticket)
    assert held(quoted).confirmation == "ASKED"


async def test_points_put_aside_anew_are_asked_for_as_well(scene: Scene) -> None:
    """Security 3.6: what was never asked is asked when its points are taken again; what was agreed is not."""
    now = scene.at
    phone = await scene.phone("new", now)
    found = await scan(scene.resources, scene.till, phone.code(now), now)
    ticket = str(found.ticket)
    first = await quote(scene.till, scene.member, [goods(1000)], now, points=10, ticket=ticket)
    await confirming.confirm(scene.member.id, held(first).id, now)
    second = await quote(scene.till, scene.member, [goods(1000)], now, points=20, ticket=ticket)
    assert held(second).confirmation == "ASKED"
    assert isinstance(await post_purchase(scene.resources, scene.till, paid(first, now), now=now), Posted)
    assert await check_books(now) == []


async def test_a_programme_that_does_not_say_so_asks_no_phone(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """A-242: left out, a new phone is asked for by the sums alone."""
    await apply_points(tmp_path, now)
    plain = await paired_before(resources, now)
    quoted = await plain.wish(await plain.phone("new", plain.at), plain.at)
    assert held(quoted).confirmation == "NOT_NEEDED"
