"""C-13, E6 (6): what ends is told 30, 7 and 1 days ahead, by the owner's clock, once, and with what is left by then."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from jobs import points
from loyalty.messages import Channel
from models import database
from services import nightly
from services.families import leaving
from services.messages.preferences import Wish, set_preferences
from services.points import announcing
from services.resources import Resources
from tests.makers.families import found, give, order
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.people import MadeMember, make_member
from tests.makers.points import apply_points, grant
from tests.makers.state import state
from tests.makers.working import work_off

ANNOUNCED = ("  hold_minutes: 10\n", "  hold_minutes: 10\n  announce_days: [30, 7, 1]\n")
# 00:00 in Moscow of the day after; the last day is 13 June.
ENDS = datetime(2026, 6, 13, 21, 0, tzinfo=UTC)
KAMCHATKA = "+74152123456"


def morning(days_ahead: int) -> datetime:
    """00:05 in Moscow, so many days before the last one."""
    return ENDS - timedelta(days=days_ahead + 1) + timedelta(minutes=5)


def ten(days_ahead: int) -> datetime:
    """Ten in the morning of that day in Moscow."""
    return ENDS - timedelta(days=days_ahead + 1) + timedelta(hours=10)


class House:
    """A programme that announces, with a gateway and a post in the test's hands."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources
        self.gateway, self.mailer = ScriptedGateway(), RememberingMailer()
        self.gateways = make_gateways(self.gateway, mailer=self.mailer)

    async def night(self, now: datetime) -> None:
        assert await nightly.go_on([points.SETTLED, points.ANNOUNCED], self.resources, now)

    async def work(self, now: datetime) -> list[str]:
        """Do what is due; the texts that left by now."""
        await work_off(self.resources, self.gateways, now, mailer=self.mailer)
        return [one.text for one in self.gateway.taken] + [letter.subject for letter in self.mailer.sent]


@pytest.fixture
async def house(db: None, resources: Resources, tmp_path: Path) -> House:
    await apply_points(tmp_path, datetime(2026, 1, 1, tzinfo=UTC), ANNOUNCED)
    return House(resources)


async def make_owner(*lots: int, phone: str | None = "+79211234567", ends: datetime = ENDS) -> MadeMember:
    """A member with lots that end together, since January; a proved phone unless there is none."""
    since = datetime(2026, 1, 1, tzinfo=UTC)
    member = await make_member(since)
    if phone is not None:
        await database.execute(
            "UPDATE contact SET verified_at = $2, value = $3 WHERE member_id = $1 AND kind = 'PHONE'",
            *(member.id, since, phone),
        )
    for lot in lots:
        await grant(member.id, lot, since, days=None)
        await database.execute(
            "UPDATE points_lot SET expires_at = $2 WHERE member_id = $1 AND expires_at IS NULL", member.id, ends
        )
    return member


async def test_each_announcement_goes_once_and_at_ten(house: House) -> None:
    """C-13: 30, 7 and 1 days ahead, at ten in the morning, every lot of the day in one message."""
    await make_owner(100, 20)
    told: list[str] = []
    for ahead in range(40, -1, -1):
        await house.night(morning(ahead))
        assert await house.work(ten(ahead) - timedelta(minutes=1)) == told
        if ahead in {30, 7, 1}:
            told = [*told, "Баллы: 120\u00a0бонусов, последний день — 13\u00a0июня."]
        assert await house.work(ten(ahead)) == told, ahead
    assert len(told) == 3
    rows = await database.fetch("SELECT DISTINCT cause, by_day FROM message")
    assert [tuple(row) for row in rows] == [("SERVICE", True)]


async def test_it_is_the_owners_clock(house: House) -> None:
    """In Kamchatka it is nine hours later: ten in the morning there, and the points end on another day at nine."""
    await make_owner(100, phone=KAMCHATKA)
    there = ENDS - timedelta(days=30)  # 09:00 there, of the day 30 days before the one that begins at ENDS - 12 h
    await house.night(there + timedelta(minutes=5))
    assert await house.work(there + timedelta(minutes=59)) == []
    assert await house.work(there + timedelta(hours=1)) == ["Баллы: 100\u00a0бонусов, до 09:00 14\u00a0июня."]


async def test_words_are_in_the_owners_language(house: House) -> None:
    member = await make_owner(1)
    await database.execute("UPDATE member SET locale = 'en' WHERE id = $1", member.id)
    await house.night(morning(30))
    assert await house.work(ten(30)) == ["Points: 1\u00a0point, last day 13\u00a0June."]


async def test_it_says_what_is_left_and_nothing_where_nothing_is(house: House) -> None:
    """What was spent between midnight and ten is not announced; nor is what a debt will take."""
    spent, partly, owing = (
        await make_owner(100),
        await make_owner(100, phone="+79211234568"),
        await make_owner(100, phone=None),
    )
    await house.night(morning(7))
    await take(spent.id, 100)
    await take(partly.id, 60)
    await database.execute("UPDATE member_points SET debt = 100 WHERE member_id = $1", owing.id)
    assert await house.work(ten(7)) == ["Баллы: 40\u00a0бонусов, последний день — 13\u00a0июня."]


@pytest.mark.parametrize("status", ["PENDING_CONFIRMATION", "CLOSED"])
async def test_who_is_no_member_hears_nothing(house: House, status: str) -> None:
    member = await make_owner(100)
    await database.execute("UPDATE member SET status = $2 WHERE id = $1", member.id, status)
    await house.night(morning(30))
    assert await house.work(ten(30)) == []
    await database.execute("UPDATE member SET status = 'ACTIVE' WHERE id = $1", member.id)
    await house.night(morning(7))
    await database.execute("UPDATE member SET status = $2 WHERE id = $1", member.id, status)
    assert await house.work(ten(7)) == []


async def test_wishes_hold(house: House) -> None:
    """No service messages by Viber and SMS leaves the letter, which nobody can switch off; it tells the way to the card."""
    member = await make_owner(100)
    wishes = [Wish(Channel.VIBER, service=False), Wish(Channel.SMS, service=False)]
    await set_preferences(member.id, wishes, morning(30))
    await house.night(morning(30))
    assert await house.work(ten(30)) == ["100\u00a0бонусов: последний день — 13\u00a0июня"]
    assert "http://kunak.test" in house.mailer.sent[0].text


async def test_nobody_is_woken_by_a_late_worker(house: House) -> None:
    """A worker that was off all day does not ring at night: the message waits for ten, with the day it is about."""
    await make_owner(100)
    await house.night(morning(7))
    assert await house.work(ten(7) + timedelta(hours=12)) == []
    assert len(await house.work(ten(6))) == 1


async def test_a_missed_night_is_made_up_for_by_the_next(house: House) -> None:
    """The server was off on the day of the first announcement: it comes two days late, and only once."""
    await make_owner(100)
    await house.night(morning(31))
    for ahead in (28, 27):
        await house.night(morning(ahead))
        assert len(await house.work(ten(ahead))) == 1


async def test_points_that_came_later_are_not_announced_for_a_day_before(house: House) -> None:
    """Five days of life have no announcement of a week; the one of a day comes."""
    member = await make_member(morning(5))
    await grant(member.id, 50, morning(5), days=None)
    await database.execute("UPDATE points_lot SET expires_at = $1", ENDS)
    for ahead in (4, 3, 2):
        await house.night(morning(ahead))
        assert await house.work(ten(ahead)) == []
    await house.night(morning(1))
    assert len(await house.work(ten(1))) == 1


async def test_a_repeated_look_and_ten_workers_announce_once(house: House) -> None:
    """A look that was not noted is done again; jobs done twice write one message."""
    await make_owner(100)
    looks = [announcing.look(UUID(int=0), morning(30)) for _ in range(5)]
    assert sorted(found.announced for found in await asyncio.gather(*looks)) == [0, 0, 0, 0, 1]
    job = await database.fetchrow("SELECT payload FROM job WHERE name = $1", announcing.JOB)
    assert job is not None
    assert "Анна" not in job["payload"]
    assert len(await house.work(ten(30))) == 1
    before = await state()
    assert (await announcing.look(UUID(int=0), morning(30))).announced == 0
    assert await state() == before


async def test_members_are_looked_at_some_at_a_time(house: House) -> None:
    owners = [await make_owner(10, phone=None) for _ in range(7)]
    looks = [await announcing.look(UUID(int=0), morning(30), members=2)]
    while looks[-1].last is not None:
        looks.append(await announcing.look(looks[-1].last, morning(30), members=2))
    assert [found.announced for found in looks] == [2, 2, 2, 1]
    assert len(owners) == 7


async def test_a_programme_that_announces_nothing(db: None, resources: Resources, tmp_path: Path) -> None:
    await apply_points(tmp_path, datetime(2026, 1, 1, tzinfo=UTC))
    await make_owner(100)
    assert await announcing.look(UUID(int=0), morning(30)) == announcing.Found(0, None)


async def take(member: UUID, wanted: int) -> None:
    """Points that went, as a spending takes them."""
    await database.execute("UPDATE points_lot SET remaining = remaining - $2 WHERE member_id = $1", member, wanted)
    await database.execute(
        "UPDATE member_points SET available = available - $2 WHERE member_id = $1", *(member, wanted)
    )


async def test_what_was_given_to_a_pool_is_told_to_its_giver(house: House, tmp_path: Path) -> None:
    """C-13: putting points into the pool does not silence their end; own ones of the same day are told apart."""
    since = datetime(2026, 1, 1, 1, tzinfo=UTC)
    family = "family: {seats: 4, pool: true, invite_hours: 72}\n"
    await apply_points(tmp_path, since, ANNOUNCED, ("partners:\n  - id: shop", f"{family}partners:\n  - id: shop"))
    giver = await make_owner(100, 20)
    await found(house.resources, giver, since)
    await give(house.resources, giver, 70, since)
    for ahead in (30, 7):
        await house.night(morning(ahead))
        await house.night(morning(ahead))
    assert set(await house.work(ten(30))) == {
        "Баллы: 50\u00a0бонусов, последний день — 13\u00a0июня.",
        "Баллы: 70\u00a0бонусов в семейном счёте, последний день — 13\u00a0июня.",
    }
    await leaving.dissolve(house.resources, order(giver, "end", ten(30)))
    assert (await house.work(ten(7)))[2:] == ["Баллы: 120\u00a0бонусов, последний день — 13\u00a0июня."]
