"""Versions of the programme: applied once, never changed, seen by everybody within a second."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from loyalty.programme_file.stored import to_data
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from services import ledger, programmes
from services.programme_files import UnreadableFile
from tests.makers.patience import rivals
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.programme_files import FILES, SMALL, text_of

pytestmark = pytest.mark.usefixtures("db", "forgotten")

PLASTIC = FILES / "znak-kachestva-2022.yaml"
TODAY = FILES / "znak-kachestva.yaml"


@pytest.fixture
def forgotten() -> None:
    """No programme compiled by an earlier test."""
    programmes.forget()


async def versions() -> list[int]:
    """The versions that are kept."""
    return [row["version"] for row in await database.fetch("SELECT version FROM programme_version ORDER BY version")]


async def test_without_a_programme_there_is_a_plain_answer(now: datetime) -> None:
    for _ in range(2):
        with pytest.raises(Refusal) as told:
            await programmes.current(now)
        assert (told.value.code, told.value.words) == (Code.NOT_FOUND, "programme.none")


async def test_files_become_versions(now: datetime) -> None:
    """A-014, A-068: the plastic past, then today; old receipts find their own version."""
    first = await programmes.apply(PLASTIC, now)
    assert (first.version, first.is_new) == (1, True)
    assert (await programmes.current(now)).tiers[0].id == "white"
    second = await programmes.apply(TODAY, now)
    assert (second.version, second.is_new) == (2, True)
    assert "tiers white, silver end" in second.checked.notices[0].message
    assert (await programmes.current(now)).tiers[0].id == "dreamer"
    assert (await programmes.version(1)).tiers[0].id == "white"
    assert await programmes.version(2) is await programmes.current(now)


async def test_the_same_content_makes_no_version(now: datetime, tmp_path: Path) -> None:
    await programmes.apply(TODAY, now)
    file = tmp_path / "again.yaml"
    file.write_text("# another comment\n" + text_of("znak-kachestva.yaml"), encoding="utf-8")
    again = await programmes.apply(file, now)
    assert (again.version, again.is_new) == (1, False)
    assert await versions() == [1]


async def test_a_faulty_file_changes_nothing(now: datetime, tmp_path: Path) -> None:
    await programmes.apply(PLASTIC, now)
    file = tmp_path / "faulty.yaml"
    file.write_text(text_of("znak-kachestva.yaml").replace("[TILL]", "[TIL]", 1), encoding="utf-8")
    outcome = await programmes.apply(file, now)
    assert (outcome.version, outcome.is_new) == (None, False)
    assert outcome.checked.faults
    assert await versions() == [1]
    with pytest.raises(UnreadableFile):
        await programmes.apply(tmp_path / "nothing.yaml", now)
    assert await versions() == [1]


async def test_another_programme_is_not_put_over_the_first(now: datetime, tmp_path: Path) -> None:
    await programmes.apply(TODAY, now)
    file = tmp_path / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    outcome = await programmes.apply(file, now)
    assert [fault.message for fault in outcome.checked.faults] == [
        'the programme: the programme in force is "znak-kachestva".'
    ]
    assert await versions() == [1]


async def test_rivals_applying_one_file_make_one_version(now: datetime) -> None:
    outcomes = await rivals(*(partial(programmes.apply, TODAY, now) for _ in range(5)))
    assert sorted(outcome.is_new for outcome in outcomes) == [False] * 4 + [True]
    assert await versions() == [1]


async def test_a_version_is_never_changed(now: datetime) -> None:
    """D7: not even by hand."""
    await programmes.apply(TODAY, now)
    for sql in ("UPDATE programme_version SET sha256 = 'x'", "DELETE FROM programme_version"):
        with pytest.raises(Violation, match="programme_version_append_only"):
            await database.execute(sql)
    assert await versions() == [1]


async def test_a_version_of_another_process_is_seen_within_a_second(now: datetime) -> None:
    await programmes.apply(PLASTIC, now)
    before = await programmes.current(now)
    data = await database.fetchval("SELECT document FROM programme_version")
    await database.execute("INSERT INTO programme_version VALUES (2, 'other', $1::jsonb, $2)", data, now)
    assert await programmes.current(now + timedelta(milliseconds=900)) is before
    seen = await programmes.current(now + timedelta(seconds=1))
    assert (seen.version, to_data(seen)) == (2, to_data(before))


async def test_refresh_asks_at_once(now: datetime) -> None:
    await programmes.apply(PLASTIC, now)
    assert (await programmes.current(now)).version == 1
    data = await database.fetchval("SELECT document FROM programme_version")
    await database.execute("INSERT INTO programme_version VALUES (2, 'other', $1::jsonb, $2)", data, now)
    assert (await programmes.current(now)).version == 1
    programmes.refresh()
    assert (await programmes.current(now)).version == 2


async def test_a_version_that_was_never_applied_is_a_fault(now: datetime) -> None:
    await programmes.apply(PLASTIC, now)
    with pytest.raises(LookupError):
        await programmes.version(7)


async def test_what_is_kept_is_what_was_checked(now: datetime) -> None:
    applied = await programmes.apply(TODAY, now)
    programmes.forget()
    kept = await programmes.current(now)
    assert applied.checked.programme is not None
    assert to_data(kept) == to_data(applied.checked.programme)
    assert kept.cells == applied.checked.programme.cells


async def test_new_thresholds_place_every_member(now: datetime) -> None:
    """A-066: the kept tier follows from the sum, also when the thresholds move."""
    await make_programme(now, "znak-kachestva-2022.yaml")
    members = [await make_member(now) for _ in range(3)]
    later = now + timedelta(days=1)
    outcome = await programmes.apply(TODAY, later)
    assert outcome.members_moved == len(members)
    rows = await database.fetch("SELECT tier, since, until, reason FROM tier_period ORDER BY member_id, since")
    assert [tuple(row) for row in rows] == [
        ("white", now, later, "JOINED"),
        ("dreamer", later, None, "PROGRAMME"),
    ] * len(members)
    assert await ledger.check_books(later) == []


async def test_who_joins_while_another_process_applies_begins_in_the_tier_of_today(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A-066: for a second this process still knows the version before; nobody may be placed by it."""
    await make_programme(now, "znak-kachestva-2022.yaml")
    known = programmes._kept
    await programmes.apply(TODAY, now)
    monkeypatch.setattr(programmes, "_kept", known)
    assert (await programmes.current(now)).tiers[0].id == "white"
    await rivals(*(partial(make_member, now) for _ in range(10)))
    rows = await database.fetch("SELECT DISTINCT tier FROM tier_period")
    assert [row["tier"] for row in rows] == ["dreamer"]
    programmes.refresh()
    assert await ledger.check_books(now) == []
