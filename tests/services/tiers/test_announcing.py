"""C-17, E6 (6): a tier that ends is told ahead, once each time, by its owner's clock, with what keeps it by then."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from jobs import tiers
from loyalty.points import day_begins
from models import database
from services import nightly, programmes
from services.points.announcing import Found
from services.resources import Resources
from services.tiers import announcing
from services.tiers.announcement_words import Ending, words
from services.tills import TillFacts
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.state import state
from tests.makers.tiers import apply_tiers, buy, give_back, give_tier
from tests.makers.working import work_off

WINDOW = "{kind: ROLLING, days: 60, announce_days: [30, 7, 1]}"
# Noon in Moscow. The tier of a purchase of this moment ends with 12 June, when the 13th begins.
BOUGHT = datetime(2026, 4, 14, 9, tzinfo=UTC)
ENDS = day_begins((BOUGHT + timedelta(days=60)).date(), "Europe/Moscow")
KAMCHATKA = "+74152123456"
SAID = "Уровни: уровень «Белая» — по 12\u00a0июня. Чтобы сохранить его, ещё {} по 12\u00a0июня."


def morning(days_ahead: int) -> datetime:
    """00:05 in Moscow, so many days before the last one."""
    return ENDS - timedelta(days=days_ahead + 1) + timedelta(minutes=5)


def ten(days_ahead: int) -> datetime:
    """Ten in the morning of that day in Moscow."""
    return ENDS - timedelta(days=days_ahead + 1) + timedelta(hours=10)


class House:
    """A programme that announces, with a till, a gateway and a post in the test's hands."""

    def __init__(self, resources: Resources, till: TillFacts) -> None:
        self.resources, self.till = resources, till
        self.gateway, self.mailer = ScriptedGateway(), RememberingMailer()
        self.gateways = make_gateways(self.gateway, mailer=self.mailer)

    async def night(self, now: datetime) -> None:
        assert await nightly.go_on([tiers.SETTLED, tiers.ANNOUNCED], self.resources, now)

    async def work(self, now: datetime) -> list[str]:
        """Do what is due; the texts that left by now, and the subjects of letters that are no letter of the house."""
        await work_off(self.resources, self.gateways, now, mailer=self.mailer)
        return [one.text for one in self.gateway.taken] + [letter.subject for letter in self.mailer.sent]

    async def owner(self, *, phone: str | None = "+79211234567", roubles: int = 1_500) -> MadeMember:
        """A member who has reached a tier, with a proved phone unless there is none."""
        member = await make_member(BOUGHT - timedelta(days=1))
        if phone is not None:
            await database.execute(
                "UPDATE contact SET verified_at = $2, value = $3 WHERE member_id = $1 AND kind = 'PHONE'",
                *(member.id, BOUGHT, phone),
            )
        await buy(self.resources, self.till, member, roubles, BOUGHT, service="stay")
        return member


@pytest.fixture
async def house(db: None, resources: Resources, tmp_path: Path) -> House:
    await apply_tiers(tmp_path, BOUGHT - timedelta(days=2), WINDOW)
    till, _ = await make_till(BOUGHT, partner="inn", outlet="inn")
    return House(resources, till)


async def test_each_announcement_goes_once_and_at_ten(house: House) -> None:
    """30, 7 and 1 days ahead, at ten in the morning, with the sum that keeps the tier; afterwards it falls, with a letter."""
    await house.owner()
    told: list[str] = []
    for ahead in range(40, -1, -1):
        await house.night(morning(ahead))
        assert await house.work(ten(ahead) - timedelta(minutes=1)) == told
        if ahead in {30, 7, 1}:
            told = [*told, SAID.format("1\u00a0000\u00a0₽")]
        assert await house.work(ten(ahead)) == told, ahead
    assert len(told) == 3
    rows = await database.fetch("SELECT DISTINCT cause, by_day FROM message")
    assert [tuple(row) for row in rows] == [("SERVICE", True)]
    await house.night(morning(-1))
    assert await house.work(ten(-1)) == [*told, "Ваш уровень теперь — Гость"]


async def test_it_is_the_owners_clock(house: House) -> None:
    """In Kamchatka it is nine hours later: ten in the morning there, and the tier ends on another day at nine."""
    await house.owner(phone=KAMCHATKA)
    there = ENDS - timedelta(days=30)
    await house.night(there + timedelta(minutes=5))
    assert await house.work(there + timedelta(minutes=59)) == []
    assert await house.work(there + timedelta(hours=1)) == [
        "Уровни: уровень «Белая» — до 09:00 13\u00a0июня. Чтобы сохранить его, ещё 1\u00a0000\u00a0₽ по 12\u00a0июня."
    ]


async def test_words_are_in_the_owners_language_and_without_a_phone_it_is_a_letter(house: House) -> None:
    member, other = await house.owner(), await house.owner(phone=None)
    await database.execute("UPDATE member SET locale = 'en' WHERE id = ANY ($1)", [member.id, other.id])
    await house.night(morning(30))
    assert await house.work(ten(30)) == [
        "Tiers: White holds through 12\u00a0June. To keep it, spend 1,000\u00a0₽ more by 12\u00a0June.",
        "White holds through 12\u00a0June",
    ]
    assert "http://kunak.test" in house.mailer.sent[0].text


async def test_whoever_keeps_the_tier_before_ten_hears_nothing_and_a_return_brings_it_back(house: House) -> None:
    """It is written in the moment it goes: what was bought or returned since midnight counts."""
    member = await house.owner()
    await house.night(morning(7))
    kept = await buy(house.resources, house.till, member, 1_200, morning(7) + timedelta(hours=1), service="stay")
    assert await house.work(ten(7)) == []
    await give_back(house.resources, house.till, kept, ten(5))
    await house.night(morning(1))
    assert await house.work(ten(1)) == [SAID.format("1\u00a0000\u00a0₽")]


async def test_an_end_that_moved_near_is_not_announced_for_a_day_before(house: House) -> None:
    """A tier reached with twenty days to live is not told of as if it had thirty; the one a week ahead comes."""
    member = await house.owner(roubles=600)
    await buy(house.resources, house.till, member, 600, BOUGHT + timedelta(days=40), service="stay")
    for ahead in range(18, 7, -1):
        await house.night(morning(ahead))
        assert await house.work(ten(ahead)) == [], ahead
    await house.night(morning(7))
    assert await house.work(ten(7)) == [SAID.format("400\u00a0₽")]


async def test_a_given_tier_is_told_with_what_comes_after_it(house: House) -> None:
    """A grant by hand ends as a window does. Where no purchase of now can help, what comes after it is named."""
    member = await make_member(BOUGHT)
    await give_tier(house.resources, member, "gold", ENDS - timedelta(hours=1), BOUGHT)
    await house.work(BOUGHT + timedelta(minutes=1))
    sent = len(house.mailer.sent)
    await house.night(morning(30))
    await house.work(ten(30))
    (letter,) = house.mailer.sent[sent:]
    assert letter.subject == "Уровень «Золотая» — по 12\u00a0июня"
    assert "Чтобы сохранить его, ещё 10\u00a0000\u00a0₽" in letter.text
    programme = await programmes.current(BOUGHT)
    guest, *_, gold = programme.tiers
    ending = Ending(gold, ENDS.date(), ENDS.astimezone(ZoneInfo(programme.time_zone)), guest, None)
    told = [words(ending, programme, locale, ten(30)).text for locale in ("ru", "en")]
    assert told == [
        "Уровни: уровень «Золотая» — по 12\u00a0июня. Потом — «Гость».",
        "Tiers: Gold holds through 12\u00a0June. After that, Guest.",
    ]


async def test_a_repeated_look_and_ten_workers_announce_once(house: House) -> None:
    """A look that was not noted is done again; jobs done twice write one message."""
    member = await house.owner()
    looks = await asyncio.gather(*(announcing.look(UUID(int=0), morning(30)) for _ in range(10)))
    assert sorted(found.announced for found in looks) == [0] * 9 + [1]
    job = await database.fetchrow("SELECT payload FROM job WHERE name = $1", announcing.JOB)
    assert job is not None
    assert "Анна" not in job["payload"]
    wanted = {"member_id": str(member.id), "day": "2026-06-12", "ahead": 30}
    await asyncio.gather(*(announcing.announce(wanted, house.resources, ten(30)) for _ in range(10)))
    assert len(await house.work(ten(30))) == 1
    before = await state()
    assert (await announcing.look(UUID(int=0), morning(30))).announced == 0
    assert await state() == before


async def test_members_are_looked_at_some_at_a_time(house: House) -> None:
    owners = [await house.owner(phone=None) for _ in range(7)]
    looks = [await announcing.look(UUID(int=0), morning(30), members=2)]
    while looks[-1].last is not None:
        looks.append(await announcing.look(looks[-1].last, morning(30), members=2))
    assert [found.announced for found in looks] == [2, 2, 2, 1]
    assert len(owners) == 7


async def test_who_is_no_member_hears_nothing(house: House) -> None:
    member = await house.owner()
    await house.night(morning(30))
    await database.execute("UPDATE member SET status = 'CLOSED' WHERE id = $1", member.id)
    assert await house.work(ten(30)) == []


async def test_a_programme_that_announces_nothing(house: House, tmp_path: Path) -> None:
    await house.owner()
    await apply_tiers(tmp_path, BOUGHT + timedelta(days=1), "{kind: ROLLING, days: 60}")
    assert await announcing.look(UUID(int=0), morning(30)) == Found(0, None)
