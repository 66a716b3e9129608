"""Functions of the database follow their files: whatever is missing, changed or gone is mended by the next migrate."""

import shutil
from pathlib import Path

import asyncpg
import pytest

from models import database, functions
from models.migrating import migrate, pending


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the files, to be edited."""
    copy = tmp_path / "functions"
    shutil.copytree(functions.HERE, copy)
    monkeypatch.setattr(functions, "HERE", copy)
    return copy


async def test_an_edited_function_is_put_in_again_with_other_parameters(fresh_database: str, files: Path) -> None:
    assert await pending(fresh_database) == []
    (files / "points_account.sql").write_text(
        "CREATE FUNCTION points_account(kind text) RETURNS text LANGUAGE sql AS $$ SELECT 'other ' || kind $$;"
    )
    assert await pending(fresh_database) == ["points_account"]
    assert await migrate(fresh_database) == ["points_account"]
    assert await pending(fresh_database) == []
    await database.connect(fresh_database, connections=1)
    assert await database.fetchval("SELECT points_account('one')") == "other one"
    kinds = await database.fetch("SELECT 1 FROM pg_proc WHERE proname = 'points_account'")
    assert len(kinds) == 1


async def test_one_without_a_mark_is_replaced_and_one_without_a_file_goes(fresh_database: str, files: Path) -> None:
    """A database of an earlier version has functions that its migrations wrote."""
    await database.connect(fresh_database, connections=1)
    await database.execute("COMMENT ON FUNCTION settle_points IS NULL")
    (files / "count_try.sql").unlink()
    assert await pending(fresh_database) == ["count_try", "settle_points"]
    assert await migrate(fresh_database) == ["count_try", "settle_points"]
    found = await database.fetch("SELECT proname FROM pg_proc WHERE proname IN ('count_try', 'settle_points')")
    assert [row["proname"] for row in found] == ["settle_points"]


async def test_a_faulty_file_changes_nothing(fresh_database: str, files: Path) -> None:
    (files / "count_try.sql").unlink()
    (files / "zero.sql").write_text("CREATE FUNCTION zero() RETURNS int LANGUAGE sql AS $$ SELECT 0 ")
    with pytest.raises(asyncpg.PostgresError):
        await migrate(fresh_database)
    assert await pending(fresh_database) == ["count_try", "zero"]
