"""A-086: a partner's guests are found by proved contacts alone; nobody is made a member and nothing is agreed to for them."""

import asyncio
import csv
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services.guests import importing
from services.guests.importing import Brought
from services.guests.reading import SYSTEM_MAX, rows_of, system_of
from services.openings.importing import Overtaken
from services.openings.reading import UnreadableImport
from services.resources import Resources
from services.tills import EVERY_SCOPE, TillFacts, add_till
from tests.makers.joining import make_joined
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.state import state

ROOT = Path(__file__).parents[3]
OURS = {"external_id": "ID", "phone": "Телефон", "email": "Почта"}
BRING = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from models import database
from services.guests import importing

async def main():
    await database.connect(sys.argv[1], connections=4)
    kept = importing._written
    async def told(*arguments):
        await kept(*arguments)
        print("part", flush=True)
    importing._written = told
    columns = {"external_id": "ID", "phone": "Телефон", "email": "Почта"}
    await importing.bring(Path(sys.argv[3]), "igora", columns, datetime.fromisoformat(sys.argv[2]))

asyncio.run(main())
"""


@pytest.fixture
async def programme(db: None, now: datetime) -> None:
    await make_programme(now)


def write(folder: Path, *lines: str, head: str = "ID;ФИО;Телефон;Почта") -> Path:
    file = folder / "guests.csv"
    file.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return file


async def identities() -> list[tuple[str, str]]:
    rows = await database.fetch("SELECT system, external_id FROM member_identity ORDER BY external_id")
    return [tuple(row) for row in rows]


@pytest.mark.usefixtures("programme")
async def test_guests_are_found_by_what_was_proved(resources: Resources, now: datetime, tmp_path: Path) -> None:
    """Whoever proved the e-mail is found at once; a phone that was only typed finds nobody; the rest waits."""
    member = await make_member(now)
    file = write(
        tmp_path, f"1;Анна;;{member.email}", f"2;Анна;{member.phone};", "3;Ольга;8 921 999-00-11;olga@example.ru"
    )
    assert await importing.bring(file, "igora", OURS, now) == Brought(3, 3)
    assert await identities() == [("g:igora", "1")]
    assert await database.fetchval("SELECT count(*) FROM member") == 1
    assert await database.fetchval("SELECT count(*) FROM consent") == 0
    assert await database.fetchval("SELECT count(*) FROM job") == 0
    everything = str(await database.fetch("SELECT o::text FROM opening AS o"))
    assert "Ольга" not in everything
    _, joined = await make_joined(resources, now, email="olga@example.ru")
    assert await identities() == [("g:igora", "1"), ("g:igora", "3")]
    agreed = await database.fetch("SELECT kind FROM consent WHERE member_id = $1", joined)
    assert "MARKETING" not in {row["kind"] for row in agreed}


@pytest.mark.usefixtures("programme")
async def test_rows_to_mend_are_listed_and_the_others_taken(now: datetime, tmp_path: Path) -> None:
    file = write(tmp_path, "1;;12;", "2;;;nobody", ";;;a@example.ru", "4;;;", "5;;;b@example.ru", '6;;"+79210000006";')
    rows, faults = importing.look(file, OURS)
    assert rows == 6
    assert [(fault.line, fault.column) for fault in faults] == [
        (2, "phone"),
        (3, "email"),
        (4, "external_id"),
        (5, "phone"),
    ]
    assert await importing.bring(file, "igora", OURS, now) == Brought(6, 2)
    kept = await database.fetch("SELECT external_id FROM opening ORDER BY external_id")
    assert [row["external_id"] for row in kept] == ["5", "6"]


@pytest.mark.usefixtures("programme")
async def test_a_look_writes_nothing(now: datetime, tmp_path: Path) -> None:
    before = await state(everything=True)
    importing.look(write(tmp_path, "1;;;a@example.ru"), OURS)
    with pytest.raises(Refusal) as caught:
        await importing.bring(write(tmp_path, "1;;;a@example.ru"), "nobody", OURS, now)
    assert caught.value.code is Code.INVALID_INPUT
    assert await state(everything=True) == before


@pytest.mark.parametrize(
    "columns", [{"external_id": "ID", "phone": "Phone"}, {"phone": "Телефон"}, {"external_id": "ID"}]
)
def test_columns_that_are_not_there_are_told(tmp_path: Path, columns: dict[str, str]) -> None:
    with pytest.raises(UnreadableImport):
        list(rows_of(write(tmp_path, "1;;;a@example.ru"), columns))


def test_partners_with_long_names_share_no_guests() -> None:
    """A slug has up to 63 letters, the name of a system 32."""
    stem = "znak-kachestva-restaurants-and-hotels"
    names = {system_of(one) for one in ("igora", f"{stem}-north", f"{stem}-south", stem, stem[:30])}
    assert len(names) == 5
    assert max(map(len, names)) == SYSTEM_MAX
    assert system_of("igora") == "g:igora"


@pytest.mark.usefixtures("programme")
async def test_the_same_list_changes_nothing_and_a_newer_one_renews_who_waits(now: datetime, tmp_path: Path) -> None:
    """A member who was found stays found, whatever the next list says."""
    member = await make_member(now)
    file = write(tmp_path, f"1;;;{member.email}", "2;;;old@example.ru")
    await importing.bring(file, "igora", OURS, now)
    before = await state(everything=True)
    assert await importing.bring(file, "igora", OURS, now + timedelta(days=1)) == Brought(2, 2, is_new=False)
    assert await state(everything=True) == before
    newer = write(tmp_path, "1;;;other@example.ru", "2;;;new@example.ru", "2;;;newest@example.ru")
    await importing.bring(newer, "igora", OURS, now)
    rows = await database.fetch("SELECT external_id, email, member_id FROM opening ORDER BY external_id")
    assert [tuple(row) for row in rows] == [("1", None, member.id), ("2", "newest@example.ru", None)]


@pytest.mark.usefixtures("programme")
async def test_a_list_leads_nobodys_points_elsewhere(now: datetime, tmp_path: Path) -> None:
    """T27: what a file of balances brought under a system's name is out of reach, and so are other partners' guests."""
    await importing.bring(write(tmp_path, "1;;;a@example.ru"), "igora", OURS, now)
    await database.execute("UPDATE opening SET points = 100")
    before = await database.fetch("SELECT o::text FROM opening AS o")
    await importing.bring(write(tmp_path, "1;;;thief@example.ru"), "igora", OURS, now)
    assert await database.fetch("SELECT o::text FROM opening AS o") == before
    await importing.bring(write(tmp_path, "1;;;b@example.ru"), "dacha-vintera", OURS, now)
    assert await database.fetchval("SELECT count(*) FROM opening") == 2


@pytest.mark.usefixtures("programme")
async def test_rivals_take_each_row_once(now: datetime, tmp_path: Path) -> None:
    file = write(tmp_path, *(f"{place};;;g{place}@example.ru" for place in range(350)))
    told = await asyncio.gather(*(importing.bring(file, "igora", OURS, now) for _ in range(10)), return_exceptions=True)
    assert {type(one) for one in told} <= {Brought, Overtaken}
    await importing.bring(file, "igora", OURS, now)
    assert await database.fetchval("SELECT count(*) FROM opening") == 350
    assert await database.fetchval("SELECT count(*) FROM audit_event") == 2


@pytest.mark.usefixtures("programme")
async def test_whoever_does_not_come_is_forgotten(now: datetime, tmp_path: Path) -> None:
    member = await make_member(now)
    await importing.bring(write(tmp_path, f"1;;;{member.email}", "2;;;b@example.ru"), "igora", OURS, now)
    assert await importing.sweep(now + timedelta(days=364)) == 0
    assert await importing.sweep(now + timedelta(days=366)) == 1
    assert await database.fetchval("SELECT external_id FROM opening") == "1"


async def make_system(now: datetime, scopes: tuple[str, ...] = EVERY_SCOPE) -> TillFacts:
    channels = ["IMPORT"]
    till, _ = await add_till(
        "Учёт", "igora", "igora-restaurant", kind="SYSTEM", channels=channels, now=now, scopes=scopes
    )
    return till


@pytest.mark.usefixtures("programme")
async def test_a_system_brings_its_own_guests(now: datetime) -> None:
    """The partner is the key's; what is wrong is told by place; the same again changes nothing; nobody is given away.

    A dry run says what the run will, and writes nothing.
    """
    member, till = await make_member(now), await make_system(now)
    sent = [
        {"external_id": "1", "email": member.email},
        {"external_id": "2", "email": "stranger@example.ru"},
        {"external_id": "3", "phone": "12"},
    ]
    untouched = await state(everything=True)
    tried = await importing.take(till, sent, now, dry_run=True)
    assert await state(everything=True) == untouched
    taken, faults = await importing.take(till, sent, now)
    assert tried == (taken, faults)
    assert (taken, [(fault.line, fault.column) for fault in faults]) == (2, [(2, "phone")])
    assert await identities() == [("g:igora", "1")]
    before = await state()
    assert (await importing.take(till, sent, now))[0] == 2
    assert await state() == before


@pytest.mark.usefixtures("programme")
async def test_the_last_word_of_a_system_counts_and_rivals_are_no_fault(now: datetime) -> None:
    """A contact that was corrected may be corrected back, and the same list at once is taken as often as it comes."""
    till = await make_system(now)
    for email in ("a@example.ru", "b@example.ru", "a@example.ru"):
        assert await importing.take(till, [{"external_id": "1", "email": email}], now) == (1, [])
    assert await database.fetchval("SELECT email FROM opening") == "a@example.ru"
    sent = [{"external_id": "2", "email": "c@example.ru"}]
    told = await asyncio.gather(*(importing.take(till, sent, now) for _ in range(10)))
    before = await state()
    assert await importing.take(till, sent, now + timedelta(days=1)) == (1, [])
    assert await state() == before, "what is sent every night lives no longer for it"
    assert told == [(1, [])] * 10
    assert await database.fetchval("SELECT count(*) FROM opening") == 2


@pytest.mark.usefixtures("programme")
async def test_lists_that_brought_nobody_who_waits_are_forgotten(now: datetime, tmp_path: Path) -> None:
    """A system sends its list every night: each that changed is a run, and a month later those stay that somebody came from."""
    till = await make_system(now)
    lists = [
        [{"external_id": "1", "email": f"a{place}@example.ru"}, {"external_id": "2", "email": "b@example.ru"}]
        for place in range(5)
    ]
    for place, sent in enumerate(lists):
        await importing.take(till, sent, now + timedelta(days=place))
    await importing.bring(write(tmp_path, "3;;;c@example.ru"), "igora", OURS, now)
    assert await database.fetchval("SELECT count(*) FROM import_run") == 6
    assert await importing.sweep_runs(now + timedelta(days=29)) == 0
    assert await importing.sweep_runs(now + timedelta(days=40)) == 4
    kept = "SELECT count(*) FROM import_run AS r WHERE EXISTS (SELECT FROM opening AS o WHERE o.run_id = r.id)"
    assert await database.fetchval(kept) == await database.fetchval("SELECT count(*) FROM import_run") == 2
    assert await importing.take(till, lists[-1], now + timedelta(days=41)) == (2, [])
    later = now + timedelta(days=410)
    assert await importing.sweep(later) == 3
    assert await importing.sweep_runs(later) == 3
    assert await database.fetchval("SELECT count(*) FROM import_run") == 0


@pytest.mark.usefixtures("programme")
async def test_a_list_that_comes_while_its_run_is_swept_is_taken(now: datetime) -> None:
    """Ten senders and ten sweeps of the same run at once: every guest is there, and nobody hears of it."""
    till, later = await make_system(now), now + timedelta(days=40)
    sent = [{"external_id": "1", "email": "a@example.ru"}]
    for _ in range(10):
        await importing.take(till, sent, now)
        await database.execute("DELETE FROM opening")
        told = await asyncio.gather(
            *(importing.take(till, sent, now) for _ in range(5)), *(importing.sweep_runs(later) for _ in range(5))
        )
        assert told[:5] == [(1, [])] * 5
        assert await database.fetchval("SELECT count(*) FROM opening") == 1


@pytest.mark.usefixtures("programme")
async def test_a_key_that_was_not_given_guests_brings_none(now: datetime) -> None:
    till = await make_system(now, ("EARN", "REFUND"))
    before = await state(everything=True)
    with pytest.raises(Refusal) as caught:
        await importing.take(till, [{"external_id": "1", "email": "a@example.ru"}], now)
    assert caught.value.code is Code.FORBIDDEN
    assert await state(everything=True) == before


@pytest.mark.torture
async def test_a_killed_import_goes_on(fresh_database: str, now: datetime, tmp_path: Path) -> None:
    """SIGKILL in the middle; the next one goes on behind the last part, and every guest is there once."""
    await database.connect(fresh_database, connections=4)
    await make_programme(now)
    file = tmp_path / "many.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(("ID", "Телефон", "Почта"))
        lines.writerows((f"C-{place}", "", f"c{place}@example.ru") for place in range(3_000))
    victim = subprocess.Popen(
        [sys.executable, "-c", BRING, fresh_database, now.isoformat(), str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    for _ in range(5):
        assert await asyncio.to_thread(victim.stdout.readline)
    victim.kill()
    victim.wait()
    victim.stdout.close()
    assert 500 <= await database.fetchval("SELECT cursor FROM import_run") < 3_000
    assert await importing.bring(file, "igora", OURS, now) == Brought(3_000, 3_000)
    assert await database.fetchval("SELECT count(*) FROM opening") == 3_000
