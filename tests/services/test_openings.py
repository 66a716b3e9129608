"""A-235, A-239, C-20: opening balances under control totals, taken over by their owners, resumable, once."""

import asyncio
import csv
import subprocess
import sys
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from graph.points.types import PointsMoveKind
from graph.tiers.types import TierReason
from graph.tiers.words import WORDS
from loyalty.programme import Programme
from models import database
from services.audit import check as check_audit
from services.ledger import check_books, standing_of
from services.openings import importing
from services.openings.claiming import claim
from services.openings.importing import Imported, Looked, Mismatch, Overtaken, Totals
from services.openings.reading import UnreadableImport, rows_of
from services.points.balances import balance_of
from services.points.history import page
from services.resources import Resources
from services.work import work
from tests.makers.families import apply_family, make_family
from tests.makers.joining import make_joined
from tests.makers.people import MadeMember, make_member
from tests.makers.points import apply_points
from tests.makers.scans import waiting
from tests.makers.state import state

ROOT = Path(__file__).parents[2]
HEAD = "system,external_id,phone,email,qualifying,tier,tier_since,tier_until,lots"
IMPORT = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from models import database
from services import programmes
from services.openings import importing

async def main():
    await database.connect(sys.argv[1], connections=4)
    now, file = datetime.fromisoformat(sys.argv[2]), Path(sys.argv[3])
    programme = await programmes.current(now)
    looked = await importing.look(file, file.with_suffix(".faults"), programme, now)
    def told(cursor):
        print(cursor, flush=True)
    await importing.bring(file, looked, looked.totals, programme, now, told=told)

asyncio.run(main())
"""


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_points(tmp_path, now)


def write(folder: Path, *lines: str, head: str = HEAD) -> Path:
    file = folder / "balances.csv"
    file.write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    return file


async def look(file: Path, programme: Programme, now: datetime) -> Looked:
    return await importing.look(file, file.with_suffix(".faults"), programme, now)


async def bring(file: Path, programme: Programme, now: datetime, *, expected: Totals | None = None) -> Imported:
    looked = await look(file, programme, now)
    return await importing.bring(file, looked, expected or looked.totals, programme, now)


def many(folder: Path, rows: int) -> Path:
    """Customers whom nobody knows, with 30 points in two lots and 100 roubles each."""
    file = folder / "many.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        lines = csv.writer(opened)
        lines.writerow(HEAD.split(","))
        for place in range(rows):
            lots = "10@2026-12-31 20@never"
            lines.writerow(("erp", f"C-{place}", "", f"c{place}@example.ru", "100", "", "", "", lots))
    return file


async def held_alone(elsewhere: database.Connection, table: str, column: str, value: object) -> bool:
    """Whether nobody else has a row locked."""
    sql = f"SELECT 1 FROM {table} WHERE {column} = $1 FOR UPDATE SKIP LOCKED"
    return await elsewhere.fetchval(sql, value) is not None


async def test_an_import_locks_its_members_in_the_order_of_tills(
    programme: Programme, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """F4: whoever waits for one member holds no later one, so a till with both in its batch cannot wait in a ring."""
    made = sorted([await make_member(now), await make_member(now)], key=lambda one: one.id)
    first, second = made
    # The later member is found by a proved phone, so the file would have come to it first.
    await database.execute("UPDATE contact SET verified_at = $2 WHERE member_id = $1", second.id, now)
    file = write(tmp_path, f"erp,1,,{first.email},100,,,,10@never", f"erp,2,{second.phone},,100,,,,10@never")
    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT lock_books(ARRAY[$1::uuid], '{}')", first.id)
        importing_now = asyncio.create_task(bring(file, programme, now))
        await waiting(elsewhere, 1)
        assert await held_alone(elsewhere, "member_standing", "member_id", second.id)
    assert (await importing_now).claimed == 2
    assert await check_books(now) == []


async def test_taking_over_locks_the_family_before_the_member(
    db: None, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """F4: as every command about points does; what ran out of a reservation may go back to the pool."""
    programme = await apply_family(tmp_path, now)
    family, (_, child) = await make_family(resources, now, "Пётр")
    await bring(write(tmp_path, "erp,1,,later@example.ru,100,,,,10@never"), programme, now)
    await database.execute(
        "UPDATE contact SET value = 'later@example.ru' WHERE member_id = $1 AND kind = 'EMAIL'", child.id
    )

    async def take() -> int:
        async with work() as tx:
            return await claim(tx, child.id, now)

    async with database.lease() as elsewhere, elsewhere.transaction():
        await elsewhere.execute("SELECT 1 FROM family WHERE id = $1 FOR UPDATE", family)
        taking = asyncio.create_task(take())
        await waiting(elsewhere, 1)
        assert await held_alone(elsewhere, "member_standing", "member_id", child.id)
    assert await taking == 1
    assert await check_books(now) == []


async def test_a_member_gets_what_was_theirs(
    programme: Programme, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """E2: programme.opening −n, member.available +n, one lot per end; the counted sum makes the tier; the ids stay."""
    member = await make_member(now)
    file = write(tmp_path, f"erp,4711,,{member.email},100500.50,friend,2024-02-01,,120@2026-05-01 40@never")
    assert await bring(file, programme, now) == Imported(Totals(1, 160, 10_050_050), 1, is_new=True)
    balance = await balance_of(member.id, now)
    assert (balance.available, balance.pending, balance.debt) == (160, 0, 0)
    ends = datetime(2026, 5, 1, 21, tzinfo=UTC)
    assert [(lot.points, lot.expires_at, lot.issuer) for lot in balance.lots] == [(120, ends, None), (40, None, None)]
    assert (await standing_of(member.id)).accumulated == 10_050_050
    opening = "SELECT -sum(amount) FROM entry AS e JOIN account AS a ON a.id = e.account_id WHERE a.purpose = 'opening'"
    assert await database.fetchval(opening) == 160
    periods = await database.fetch("SELECT tier, since, reason FROM tier_period WHERE until IS NULL")
    assert [tuple(row) for row in periods] == [("friend", datetime(2024, 1, 31, 21, tzinfo=UTC), "IMPORT")]
    identity = await database.fetchrow("SELECT member_id, system, external_id FROM member_identity")
    assert identity is not None
    assert tuple(identity) == (member.id, "erp", "4711")
    assert {PointsMoveKind(move.kind) for move in await page(member.id, rows=20, after=None)} == {
        PointsMoveKind.OPENING
    }
    assert TierReason(periods[0]["reason"]) is TierReason.IMPORT
    assert set(TierReason) == {TierReason(key.rpartition(".")[2]) for key in WORDS if key.startswith("tiers.reason.")}
    assert await check_books(now) == []


async def test_it_waits_for_its_owner_and_assumes_no_consent(
    programme: Programme, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """Nobody is made a member by a file: who proves the address by joining has the balance with the card."""
    file = write(tmp_path, "crm,7,+79219990011,olga@example.ru,0,,,,55@never", "crm,8,,other@example.ru,0,,,,5@never")
    assert await bring(file, programme, now) == Imported(Totals(2, 60, 0), 0, is_new=True)
    for table in ("member", "consent", "contact", "entry"):
        assert await database.fetchval(f"SELECT count(*) FROM {table}") == 0
    _, member = await make_joined(resources, now, email="olga@example.ru")
    assert (await balance_of(member, now)).available == 55
    kept = await database.fetch("SELECT external_id, phone, email, member_id IS NULL FROM opening ORDER BY external_id")
    assert [tuple(row) for row in kept] == [("7", None, None, False), ("8", None, "other@example.ru", True)]
    assert await check_books(now) == []


async def test_an_address_that_nobody_proved_takes_nothing(
    programme: Programme, resources: Resources, now: datetime, tmp_path: Path
) -> None:
    """Whoever types another's phone or waits with an unconfirmed profile gets nothing of theirs."""
    member = await make_member(now)  # the phone is typed and not proved
    file = write(tmp_path, f"erp,1,{member.phone},,0,,,,55@never")
    assert (await bring(file, programme, now)).claimed == 0
    assert (await balance_of(member.id, now)).available == 0


async def test_a_tier_above_the_sum_is_a_grant_that_ends(programme: Programme, now: datetime, tmp_path: Path) -> None:
    member = await make_member(now)
    file = write(tmp_path, f"erp,1,,{member.email},10,friend,2025-01-01,2026-12-31,")
    await bring(file, programme, now)
    row = await database.fetchrow("SELECT tier, until, reason FROM tier_grant")
    assert row is not None
    assert tuple(row) == ("friend", datetime(2026, 12, 31, 21, tzinfo=UTC), "imported from erp")
    assert await database.fetchval("SELECT tier FROM tier_period WHERE until IS NULL") == "friend"
    assert await check_books(now) == []


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("ERP,1,,a@example.ru,0,,,,", "system"),
        ("erp,,,a@example.ru,0,,,,", "external_id"),
        ("erp,1,12,,0,,,,", "phone"),
        ("erp,1,,nobody,0,,,,", "email"),
        ("erp,1,,,0,,,,", "phone"),
        ("erp,1,,a@example.ru,1e3,,,,", "qualifying"),
        ("erp,1,,a@example.ru,-5,,,,", "qualifying"),
        ("erp,1,,a@example.ru,0,gold,,,", "tier"),
        ("erp,1,,a@example.ru,0,friend,,,", "tier"),
        ("erp,1,,a@example.ru,0,guest,2031-01-01,,", "tier_since"),
        ("erp,1,,a@example.ru,0,guest,01.02.2024,,", "tier_since"),
        ("erp,1,,a@example.ru,0,friend,,2020-01-01,", "tier_until"),
        ("erp,1,,a@example.ru,0,,,,12", "lots"),
        ("erp,1,,a@example.ru,0,,,,0@never", "lots"),
        ("erp,1,,a@example.ru,0,,,,5@2026-02-30", "lots"),
        ("erp,1,,a@example.ru,0,,,,5@2026-03-13", "lots"),
    ],
)
async def test_what_is_wrong_is_listed_with_its_line_and_nothing_is_written(
    programme: Programme, now: datetime, tmp_path: Path, line: str, column: str
) -> None:
    before = await state(everything=True)
    file = write(tmp_path, "erp,0,,good@example.ru,0,,,,1@never", line)
    looked = await look(file, programme, now)
    assert looked.faults >= 1
    with file.with_suffix(".faults").open(encoding="utf-8") as faults:
        found = list(csv.DictReader(faults))
    assert (found[0]["line"], found[0]["column"]) == ("3", column)
    assert found[0]["what"]
    assert found[0]["mend"]
    with pytest.raises(Mismatch):
        await importing.bring(file, looked, looked.totals, programme, now)
    assert await state(everything=True) == before


async def test_totals_that_differ_write_nothing(programme: Programme, now: datetime, tmp_path: Path) -> None:
    """C-20: rows, points and sums are compared before anything is written."""
    file = write(tmp_path, "erp,1,,a@example.ru,10,,,,5@never")
    before = await state(everything=True)
    for expected in (Totals(2, 5, 1000), Totals(1, 6, 1000), Totals(1, 5, 999)):
        with pytest.raises(Mismatch):
            await bring(file, programme, now, expected=expected)
    assert await state(everything=True) == before


async def test_the_same_file_again_changes_nothing(programme: Programme, now: datetime, tmp_path: Path) -> None:
    """And both the beginning and the end, with their totals, stand in the sealed log."""
    file = many(tmp_path, 250)
    await bring(file, programme, now)
    before = await state(everything=True)
    assert await bring(file, programme, now + timedelta(days=1)) == Imported(
        Totals(250, 7500, 2_500_000), 0, is_new=False
    )
    assert await state(everything=True) == before
    rows = await database.fetch("SELECT action, after ->> 'points' AS points FROM audit_event ORDER BY sequence")
    assert [tuple(row) for row in rows] == [("balances.import", "7500"), ("balances.imported", "7500")]
    assert (await check_audit()).findings == []


async def test_a_run_that_a_night_interrupts_ends_the_day_after(
    programme: Programme, now: datetime, tmp_path: Path
) -> None:
    """C-20: the last day of a lot and of a tier passes between the parts; the totals are still those of the file."""
    member = await make_member(now)
    last = now.date().isoformat()
    lines = [f"erp,{place},,a{place}@example.ru,0,,,,10@never" for place in range(importing.ROWS_AT_ONCE)]
    file = write(
        tmp_path, *lines, f"erp,lot,,{member.email},0,,,,5@{last}", f"erp,tier,,t@example.ru,0,friend,,{last},"
    )

    class Killed(Exception):
        pass

    def told(_cursor: int) -> None:
        raise Killed

    faults = file.with_suffix(".faults")
    looked = await importing.look(file, faults, programme, now)
    assert not looked.faults
    with pytest.raises(Killed):
        await importing.bring(file, looked, looked.totals, programme, now, told=told)
    later = now + timedelta(days=1)
    again = await importing.look(file, faults, programme, later)
    assert (again.faults, again.totals) == (0, looked.totals)
    brought = await importing.bring(file, again, looked.totals, programme, later)
    assert brought.totals == looked.totals
    assert await check_books(later) == []
    assert (await balance_of(member.id, later)).available == 0, "they ended before they were there"


async def test_a_customer_is_brought_once(programme: Programme, now: datetime, tmp_path: Path) -> None:
    """Twice in a file, or again in another one: told with the line, and nothing is written."""
    twice = write(tmp_path, "erp,1,,a@example.ru,0,,,,5@never", "erp,1,,b@example.ru,0,,,,6@never")
    assert (await look(twice, programme, now)).faults == 1
    await bring(write(tmp_path, "erp,1,,a@example.ru,0,,,,5@never"), programme, now)
    other = write(tmp_path, "erp,1,,a@example.ru,0,,,,6@never", "erp,2,,b@example.ru,0,,,,6@never")
    assert (await look(other, programme, now)).faults == 1


@pytest.mark.parametrize("head", ["system;external_id;e-mail", "system,phone", "system,external_id,external_id", ""])
async def test_a_file_with_other_columns_is_told_so(
    programme: Programme, now: datetime, tmp_path: Path, head: str
) -> None:
    with pytest.raises(UnreadableImport):
        list(rows_of(write(tmp_path, "erp,1,2", head=head), programme, now))


async def test_names_are_left_out_and_semicolons_understood(
    programme: Programme, now: datetime, tmp_path: Path
) -> None:
    head = "\ufeffsystem;external_id;last_name;first_name;email;lots"
    file = write(tmp_path, "erp;1;Петрова;Анна;a@example.ru;5@never", head=head)
    assert (await bring(file, programme, now)).totals == Totals(1, 5, 0)


async def test_rivals_with_one_file_bring_each_row_once(programme: Programme, now: datetime, tmp_path: Path) -> None:
    file = many(tmp_path, 500)
    told = await asyncio.gather(*(bring(file, programme, now) for _ in range(10)), return_exceptions=True)
    assert {type(one) for one in told} <= {Imported, Overtaken}
    assert (await bring(file, programme, now)).totals == Totals(500, 15_000, 5_000_000)
    assert await database.fetchval("SELECT count(*) FROM audit_event") == 2


async def test_a_sum_changed_afterwards_is_found(programme: Programme, now: datetime, tmp_path: Path) -> None:
    """What was taken over is compared with the ledger every night, points and counted sums alike."""
    member = await make_member(now)
    await bring(write(tmp_path, f"erp,1,,{member.email},10,,,,5@never"), programme, now)
    await database.execute("UPDATE opening SET points = points + 1, qualifying = qualifying + 1")
    found = {finding.check for finding in await check_books(now)}
    assert found == {"opening balances are in the ledger", "standing equals purchases"}


@pytest.mark.torture
async def test_a_killed_import_of_10_000_rows_goes_on_in_bounded_memory(
    fresh_database: str, now: datetime, tmp_path: Path
) -> None:
    """C-20: SIGKILL in the middle; the next one goes on behind the last part, and needs no more memory for more rows."""
    await database.connect(fresh_database, connections=4)
    programme = await apply_points(tmp_path, now)
    owners: list[MadeMember] = []
    file = many(tmp_path, 10_000)
    for place in (10, 5_000, 9_990):
        owners.append(await make_member(now))
        await database.execute(
            "UPDATE contact SET value = $2 WHERE member_id = $1 AND kind = 'EMAIL'",
            owners[-1].id,
            f"c{place}@example.ru",
        )
    victim = subprocess.Popen(
        [sys.executable, "-c", IMPORT, fresh_database, now.isoformat(), str(file)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert victim.stdout is not None
    for _ in range(20):
        assert await asyncio.to_thread(victim.stdout.readline)
    victim.kill()
    victim.wait()
    victim.stdout.close()
    [run] = await importing.runs()
    assert 2_000 <= run["cursor"] < 10_000
    tracemalloc.start()
    try:
        imported = await bring(file, programme, now)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert imported == Imported(Totals(10_000, 300_000, 100_000_000), 3, is_new=True)
    assert peak < 8_000_000
    assert await database.fetchval("SELECT count(*) FROM opening") == 10_000
    assert [(await balance_of(owner.id, now)).available for owner in owners] == [30, 30, 30]
    assert await check_books(now) == []
