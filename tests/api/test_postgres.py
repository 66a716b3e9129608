"""The private server: starts anywhere, ends with its owner, and trusts nobody but the owner of its folder."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from api.binaries import Absent, find_binaries, places
from api.postgres import Postgres, Unstartable, alive, another_user

OWNER = """
import sys, time
from pathlib import Path
from api.postgres import Postgres
server = Postgres(Path(sys.argv[1]))
server.start()
print(server._child.pid, flush=True)
time.sleep(600)
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kunak-home-")) / "postgres"
    yield folder
    shutil.rmtree(folder.parent, ignore_errors=True)


async def answer(server: Postgres) -> int:
    connection = await asyncpg.connect(host=str(server.socket_folder), user="kunak", database="postgres")
    try:
        number: int = await connection.fetchval("SELECT 41 + 1")
        return number
    finally:
        await connection.close()


async def test_it_starts_stops_and_keeps_its_data(home: Path) -> None:
    server = Postgres(home)
    server.start()
    connection = await asyncpg.connect(host=str(server.socket_folder), user="kunak", database="postgres")
    await connection.execute("CREATE TABLE kept (a int)")
    await connection.close()
    server.stop()
    assert not (home / "data" / "postmaster.pid").exists()
    server.start()
    try:
        connection = await asyncpg.connect(host=str(server.socket_folder), user="kunak", database="postgres")
        assert await connection.fetchval("SELECT count(*) FROM kept") == 0
        assert await connection.fetchval("SHOW listen_addresses") == ""
        await connection.close()
    finally:
        server.stop()


async def test_it_dies_with_a_killed_owner_and_a_new_one_takes_over(home: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", OWNER, home], cwd=ROOT, stdout=subprocess.PIPE)
    assert owner.stdout is not None
    pid = owner.stdout.readline().strip()
    assert alive(pid)
    owner.kill()
    owner.wait()
    owner.stdout.close()
    heir = Postgres(home)
    heir.start()
    try:
        assert await answer(heir) == 42
        assert not alive(pid)
    finally:
        heir.stop()


async def test_a_second_owner_is_refused_at_once_and_the_first_goes_on(home: Path) -> None:
    first = Postgres(home)
    first.start()
    try:
        started = time.monotonic()
        with pytest.raises(Unstartable, match="another Kunak"):
            Postgres(home).start()
        assert time.monotonic() - started < 10
        assert await answer(first) == 42
    finally:
        first.stop()


async def test_a_long_path_in_cyrillic_gets_a_short_private_socket(home: Path) -> None:
    long = home / "очень-длинная-папка-для-гостевой-программы" / "ещё-одна-папка-для-гостевой-программы"
    server = Postgres(long)
    assert server.socket_folder != long
    server.start()
    try:
        assert server.socket_folder.stat().st_mode & 0o777 == 0o700
        assert await answer(server) == 42
    finally:
        server.stop()
        shutil.rmtree(server.socket_folder)


def test_a_folder_that_others_can_enter_is_refused(home: Path) -> None:
    home.mkdir(mode=0o755)
    home.chmod(0o755)
    with pytest.raises(Unstartable, match="0700"):
        Postgres(home).start()


def test_a_link_in_place_of_the_folder_is_refused(home: Path) -> None:
    elsewhere = home.parent / "elsewhere"
    elsewhere.mkdir(mode=0o700)
    home.symlink_to(elsewhere)
    with pytest.raises(Unstartable, match="0700"):
        Postgres(home).start()


def test_a_start_that_was_killed_leaves_nothing_half_made(home: Path) -> None:
    home.mkdir(mode=0o700)
    (home / "data.new").mkdir()
    (home / "data.new" / "rubbish").write_text("half")
    server = Postgres(home)
    server.start()
    server.stop()
    assert not (home / "data.new").exists()
    assert (home / "data" / "PG_VERSION").exists()


def test_it_starts_on_the_main_thread_only(home: Path) -> None:
    caught: list[BaseException] = []

    def start() -> None:
        try:
            Postgres(home).start()
        except RuntimeError as error:
            caught.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert [str(error) for error in caught] == ["start PostgreSQL on the main thread"]
    assert not home.exists()


async def test_it_survives_a_signal_meant_for_the_terminal(home: Path) -> None:
    server = Postgres(home)
    server.start()
    try:
        assert server._child is not None
        assert os.getpgid(server._child.pid) != os.getpgid(0)
        assert await answer(server) == 42
    finally:
        server.stop(signal.SIGINT)


def test_data_of_another_major_version_is_not_touched(home: Path) -> None:
    (home / "data").mkdir(parents=True)
    (home / "data" / "PG_VERSION").write_text("9\n")
    with pytest.raises(Absent, match="made by PostgreSQL 9"):
        Postgres(home)


@pytest.mark.parametrize("folder", places(), ids=str)
async def test_every_server_of_this_machine_will_do(home: Path, folder: Path) -> None:
    server = Postgres(home, binaries=folder)
    assert server.binaries == find_binaries(home / "none", folder)
    server.start()
    try:
        assert await answer(server) == 42
    finally:
        server.stop()


def test_programs_that_are_not_there_are_named(home: Path) -> None:
    with pytest.raises(Absent, match="no PostgreSQL 15 or newer"):
        find_binaries(home / "none", home)


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
async def test_without_user_namespaces_root_lets_another_user_run_it(home: Path) -> None:
    servant = another_user()
    assert servant is not None
    home.parent.chmod(0o711)
    reachable = [folder for folder in places() if servant_can_reach(folder)]
    if not reachable:
        with pytest.raises(Unstartable):
            Postgres(home, runs_as=servant).start()
        return
    server = Postgres(home, binaries=reachable[0], runs_as=servant)
    server.start()
    try:
        assert await answer(server) == 42
        assert server._child is not None
        assert Path(f"/proc/{server._child.pid}").stat().st_uid == servant.user
        assert home.stat().st_uid == servant.user
    finally:
        server.stop()


def servant_can_reach(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


def test_a_long_folder_for_temporary_files_is_passed_by(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way round a long path must not lead through another one."""
    long = tmp_path / ("d" * 120)
    long.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(long))
    postgres = Postgres(long / "home")
    assert len(str(postgres.socket_folder)) < 80
    assert long not in postgres.socket_folder.parents
