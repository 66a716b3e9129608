"""The restore drill: what the backup scripts write is what a server can go on with."""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

import asyncpg
import pytest

from api.binaries import find_binaries
from models import database
from models.history import page
from services.audit import Actor
from services.erasing import erasing
from services.ledger import check_books
from services.resources import Resources
from tests.makers.erasing import found
from tests.makers.people import make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase
from tests.makers.roles import make_role

OPS: Final = Path(__file__).parents[2] / "ops"
# What the scripts need of gpg, for machines without it: a seal that opens with the same passphrase only.
SEAL: Final = """#!/bin/sh
set -eu
how=; passphrase=; output=; file=
while [ $# -gt 0 ]; do
    case "$1" in
        --symmetric|--decrypt) how="$1" ;;
        --passphrase-file) passphrase="$(cat "$2")"; shift ;;
        --output) output="$2"; shift ;;
        --pinentry-mode|--cipher-algo|--compress-algo) shift ;;
        -*) ;;
        *) file="$1" ;;
    esac
    shift
done
[ -z "$output" ] || exec >"$output"
[ -z "$file" ] || exec <"$file"
if [ "$how" = --symmetric ]; then
    echo "sealed $passphrase"
    exec base64
fi
read -r first
[ "$first" = "sealed $passphrase" ] || { echo "wrong passphrase" >&2; exit 2; }
exec base64 -d
"""

Run = Callable[..., Coroutine[Any, Any, tuple[int, str]]]


@dataclass(frozen=True)
class Sidecar:
    """The container of the backups, without its container: scripts, their environment and their folder."""

    run: Run
    folder: Path

    def kept(self) -> list[Path]:
        return sorted(self.folder.glob("*.dump.gpg*"))


@pytest.fixture
async def sidecar(fresh_database: str, server: Any, tmp_path: Path) -> Sidecar:
    programs = find_binaries(tmp_path / "PG_VERSION").folder
    tools = tmp_path / "tools"
    tools.mkdir()
    if shutil.which("gpg") is None:
        (tools / "gpg").write_text(SEAL)
        (tools / "gpg").chmod(0o755)
    (tmp_path / "passphrase").write_text("correct horse battery staple")
    folder = tmp_path / "backups"
    folder.mkdir()
    environment = {
        "PATH": f"{tools}:{programs}:{os.environ['PATH']}",
        "PGHOST": server.folder,
        "PGUSER": "kunak",
        "PGDATABASE": name_of(fresh_database),
        "RESTORE_USER": "kunak",
        "BACKUP_FOLDER": str(folder),
        "BACKUP_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "LC_ALL": "C",
    }

    async def run(script: str, *arguments: str, **others: str) -> tuple[int, str]:
        command = ["sh", str(OPS / "backup" / script), *arguments]
        process = await asyncio.create_subprocess_exec(
            *command,
            env=environment | others,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        told, _ = await process.communicate()
        return process.returncode or 0, told.decode()

    await database.connect(fresh_database)
    return Sidecar(run, folder)


async def test_a_backup_restores_to_the_same_books(
    sidecar: Sidecar, server: Any, resources: Resources, now: datetime
) -> None:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    for roubles in (1_000, 120_000, 7):
        await make_purchase(resources, till, member, [dinner(roubles)], now)
    before = await facts()
    receipts = await page(member.id, rows=10)

    code, told = await sidecar.run("backup")
    assert code == 0, told
    (kept,) = sidecar.kept()
    assert kept.name.endswith(".dump.gpg")
    assert kept.stat().st_mode & 0o077 == 0
    assert "Петрова".encode() not in kept.read_bytes()

    copy = f"restored_{uuid4().hex}"
    code, told = await sidecar.run("restore", str(kept), copy, RESTORE_OWNER="kunak")
    assert code == 0, told
    try:
        await database.close()
        await database.connect(server.url(copy), acquire_seconds=10.0)
        assert await facts() == before
        assert await check_books(now) == []
        assert await page(member.id, rows=10) == receipts
        # The promises came along with the rows: history cannot be changed in the copy either.
        with pytest.raises(Exception, match="entry_append_only"):
            await database.execute("UPDATE entry SET amount = amount + 1")
        # And life goes on where it stopped.
        await make_purchase(resources, till, member, [dinner(500)], now)
        assert await check_books(now) == []
    finally:
        await database.close()
        await server.run(f"DROP DATABASE {copy} WITH (FORCE)")


async def test_whoever_was_erased_after_a_backup_is_erased_again_after_its_restore(
    sidecar: Sidecar, server: Any, resources: Resources, now: datetime
) -> None:
    """I-34: the list beside the backups is newer than the backup that is read back, and names nobody."""
    await make_programme(now)
    member = await make_member(now)
    assert (await sidecar.run("backup"))[0] == 0
    (kept,) = sidecar.kept()
    reason = "требование участника"
    await erasing.erase(Actor.operator(), member.id, reason=reason, resources=resources, now=now)
    assert (await sidecar.run("backup"))[0] == 0
    listed = (sidecar.folder / "erased.list").read_text().split()
    assert listed[0] == str(member.id)
    copy = f"restored_{uuid4().hex}"
    assert (await sidecar.run("restore", str(kept), copy, RESTORE_OWNER="kunak"))[0] == 0
    try:
        await database.close()
        await database.connect(server.url(copy), acquire_seconds=10.0)
        assert set(await found(member.email, "Петрова")) == {"member", "contact"}
        assert await erasing.erase_again([UUID(listed[0])], resources, now) == [member.id]
        assert await found(member.email, "Петрова") == {}
        assert await check_books(now) == []
    finally:
        await database.close()
        await server.run(f"DROP DATABASE {copy} WITH (FORCE)")


async def test_a_failed_dump_leaves_no_backup(sidecar: Sidecar) -> None:
    code, told = await sidecar.run("backup", PGDATABASE="there_is_none")
    assert code == 1
    assert "nothing was kept" in told
    assert sidecar.kept() == []


async def test_an_empty_database_is_no_backup(sidecar: Sidecar) -> None:
    code, told = await sidecar.run("backup", PGDATABASE="postgres")
    assert code != 0
    assert sidecar.kept() == [], told


async def test_a_wrong_passphrase_and_a_cut_file_restore_nothing(
    sidecar: Sidecar, server: Any, tmp_path: Path, now: datetime
) -> None:
    await make_programme(now)
    assert (await sidecar.run("backup"))[0] == 0
    (kept,) = sidecar.kept()
    (tmp_path / "other").write_text("somebody else's")
    code, _ = await sidecar.run("restore", str(kept), "unread", BACKUP_PASSPHRASE_FILE=str(tmp_path / "other"))
    assert code == 1
    kept.write_bytes(kept.read_bytes()[: kept.stat().st_size // 2])
    code, _ = await sidecar.run("restore", str(kept), "unread")
    assert code == 1
    assert await database.fetchval("SELECT count(*) FROM pg_database WHERE datname = 'unread'") == 0


async def test_a_database_in_use_is_never_restored_over(sidecar: Sidecar, fresh_database: str, now: datetime) -> None:
    await make_programme(now)
    assert (await sidecar.run("backup"))[0] == 0
    (kept,) = sidecar.kept()
    before = await facts()
    code, told = await sidecar.run("restore", str(kept), name_of(fresh_database))
    assert code == 1
    assert "give another name" in told
    assert await facts() == before


async def test_old_backups_go_and_the_newest_stay(sidecar: Sidecar) -> None:
    long_ago = time.time() - 40 * 86_400
    for day in range(1, 6):
        old = sidecar.folder / f"kunak-2025010{day}T000000Z.dump.gpg"
        old.write_bytes(b"old")
        os.utime(old, (long_ago, long_ago))
    assert (await sidecar.run("fresh"))[0] == 1
    code, told = await sidecar.run("backup", BACKUP_KEEP_LEAST="3", PGDATABASE="kunak_none")
    assert code == 1, told
    assert len(sidecar.kept()) == 5

    name = await database.fetchval("SELECT current_database()")
    assert (await sidecar.run("backup", BACKUP_KEEP_LEAST="3", PGDATABASE=name))[0] == 0
    names = [file.name for file in sidecar.kept()]
    assert len(names) == 3
    assert "kunak-20250101T000000Z.dump.gpg" not in names
    assert (await sidecar.run("fresh"))[0] == 0


async def test_the_role_of_a_new_server_owns_one_database(server: Any, tmp_path: Path) -> None:
    name = await asyncio.to_thread(make_role, server.folder, tmp_path)
    try:
        connection = await asyncpg.connect(host=server.folder, user=name, database=name)
        try:
            rights = "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
            assert [tuple(row) for row in await connection.fetch(rights)] == [(False, False, False)]
            await connection.execute("CREATE TABLE mine (id int)")
        finally:
            await connection.close()
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(host=server.folder, user=await other_role(server), database=name)
    finally:
        await server.run(f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}", "DROP ROLE IF EXISTS stranger")


async def other_role(server: Any) -> str:
    await server.run("DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN")
    return "stranger"


def name_of(url: str) -> str:
    return url.partition("@/")[2].partition("?")[0]


async def facts() -> dict[str, Any]:
    """How many rows every table has, and what is promised of them."""
    rows = {}
    for table in await database.fetch("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"):
        rows[table[0]] = await database.fetchval(f"SELECT count(*) FROM {table[0]}")
    promises = await database.fetch(
        "SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        " UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " UNION ALL SELECT indexname FROM pg_indexes WHERE schemaname = 'public'"
        " UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1"
    )
    return {"rows": rows, "promises": [row["conname"] for row in promises]}
