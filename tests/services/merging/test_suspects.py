"""Pairs of profiles that may be one person's, over all members (A-206, C-09): each once, page by page, none twice."""

from datetime import date, datetime
from time import perf_counter
from uuid import UUID

import pytest

from models import database
from services.merging import reading, suspects
from services.resources import Resources
from tests.makers.merging import make_one, make_two
from tests.makers.patience import TRIES, planted
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import make_programme

PAGE_SECONDS_MAX = 0.3
BIRTH = "UPDATE member SET birth_date = $2 WHERE id = $1"
PHONE = "UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'PHONE'"


@pytest.fixture
async def people(db: None, now: datetime) -> list[MadeMember]:
    """Six of one name, each born on another day: nobody is like anybody."""
    await make_programme(now)
    made = [await make_member(now) for _ in range(6)]
    for place, member in enumerate(made):
        await database.execute(BIRTH, member.id, date(1980 + place, 5, 1))
    return made


async def pages(rows: int) -> list[tuple[UUID, UUID]]:
    """(newer, older) of every page, one after the other."""
    seen, after = [], None
    while True:
        found = await suspects.find(rows, after)
        seen += [(pair.newer.id, pair.older.id) for pair in found.pairs]
        if found.next is None:
            return seen
        after = found.next[1]


async def test_nobody_alike_is_no_pair(people: list[MadeMember]) -> None:
    """A-206: a name alone says nothing."""
    found = await suspects.find(20, None)
    assert (found.pairs, found.looked, found.next) == ((), 6, None)


async def test_each_pair_is_told_once_masked_with_what_is_common(people: list[MadeMember], now: datetime) -> None:
    """A-206, C-09: an unproved phone of two, names and birth date of two; the newer profile first, personal data masked."""
    first, second, third, fourth = people[:4]
    await database.execute(PHONE, third.id, first.phone)
    await database.execute(BIRTH, fourth.id, date(1981, 5, 1))
    found = await suspects.find(20, None)
    told = {(pair.newer.id, pair.older.id): pair.signs for pair in found.pairs}
    assert told == {(fourth.id, second.id): ("NAMES", "BIRTH_DATE"), (third.id, first.id): ("PHONE", "NAMES")}
    one = next(pair.newer for pair in found.pairs if pair.newer.id == third.id)
    assert (one.number, one.last_name, one.phone, one.joined_at) == (third.number, "П.", f"•••{first.phone[-2:]}", now)
    assert one.email is not None
    assert third.email not in one.email


async def test_whoever_is_blocked_or_merged_is_no_pair(
    people: list[MadeMember], resources: Resources, now: datetime
) -> None:
    """A-206: only active profiles can be made one; two that were parted again are two people."""
    first, second, third = people[:3]
    for member in (second, third):
        await database.execute(PHONE, member.id, first.phone)
    await database.execute("UPDATE member SET status = 'BLOCKED' WHERE id = $1", third.id)
    assert await pages(20) == [(second.id, first.id)]
    case = await make_one(resources, first, second, now)
    assert await pages(20) == []
    await make_two(resources, case, now)
    assert await pages(20) == []


@pytest.mark.parametrize("rows", [1, 2, 3, 20])
@pytest.mark.parametrize("at_once", [1, 2, 4, 500])
async def test_pages_of_any_size_tell_the_same(
    people: list[MadeMember], monkeypatch: pytest.MonkeyPatch, rows: int, at_once: int
) -> None:
    """C-09: however much one statement and one question look at, nothing is lost or told twice, and one question ends."""
    for member in people[1:4]:
        await database.execute(PHONE, member.id, people[0].phone)
    monkeypatch.setattr(suspects, "LOOKED_AT_ONCE", at_once)
    monkeypatch.setattr(suspects, "LOOKED_AT_MOST", 3)
    ids = [one.id for one in people]
    wanted = [(ids[newer], ids[older]) for newer in (3, 2, 1) for older in reversed(range(newer))]
    assert await pages(rows) == wanted


async def test_a_crowd_of_one_name_is_as_quick_as_two(people: list[MadeMember], now: datetime) -> None:
    """C-09: thirty thousand guests of one name whose birth date and phone are placeholders; best of some tries."""
    await planted(
        "INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at, confirmed_at)"
        " SELECT gen_random_uuid(), (8000000000000000 + n)::text, 'ACTIVE', 'Петрова', 'Анна', '1900-01-01', 'ru', $1, $1"
        " FROM generate_series(1, 30000) AS n",
        now,
    )
    await planted(
        "INSERT INTO contact (id, member_id, kind, value, created_at) SELECT gen_random_uuid(), id, 'PHONE', '+79990000000', $1"
        " FROM member WHERE birth_date = '1900-01-01'",
        now,
    )
    await database.execute("ANALYZE member")
    await database.execute("ANALYZE contact")
    one = await database.fetchval("SELECT id FROM member WHERE birth_date = '1900-01-01' LIMIT 1")
    took: dict[str, float] = {}
    for _ in range(TRIES):
        begun = perf_counter()
        assert len((await suspects.find(20, None)).pairs) >= 20
        took["pairs"] = min(perf_counter() - begun, took.get("pairs", PAGE_SECONDS_MAX))
        begun = perf_counter()
        assert len(await reading.alike(one)) == reading.FOUND_MAX
        took["alike"] = min(perf_counter() - begun, took.get("alike", PAGE_SECONDS_MAX))
    assert max(took.values()) < PAGE_SECONDS_MAX, took


async def test_merges_of_everybody_page_by_page(people: list[MadeMember], resources: Resources, now: datetime) -> None:
    """C-09: the newest first, with the numbers of both."""
    first, second, third = people[:3]
    one = await make_one(resources, first, second, now)
    other = await make_one(resources, first, third, now)
    newest, oldest = sorted((one, other), key=lambda case: case.id, reverse=True)
    (shown,) = await reading.page(rows=1, after=None, now=now)
    assert shown == newest
    assert await reading.page(rows=5, after=(shown.merged_at, shown.id), now=now) == [oldest]
    assert await reading.page(rows=5, after=(oldest.merged_at, oldest.id), now=now) == []
    assert {case.duplicate_number for case in (one, other)} == {second.number, third.number}
    assert one.survivor_number == first.number
