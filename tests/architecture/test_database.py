"""The database is what the migrations make of it, and the migrations are what the models ask for."""

import difflib
from importlib import import_module
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationTarget
from tortoise.migrations.operations import RunPython

from models import database
from models.migrating import TORTOISE, executing, migrate, pending

EXPECTED = Path(__file__).with_name("database.txt")
CONSTRAINTS = """
SELECT format('%s %s %s %s%s', contype, conrelid::regclass, conname, pg_get_constraintdef(oid),
    CASE WHEN convalidated THEN '' ELSE ' NOT VALID' END)
FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n' ORDER BY 1
"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname"
TRIGGERS = (
    "SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname, tgrelid::regclass::text"
)
FUNCTIONS = """
SELECT format('%s(%s)', proname, pg_get_function_identity_arguments(oid)) FROM pg_proc
WHERE pronamespace = 'public'::regnamespace ORDER BY 1
"""
COLUMNS = """
SELECT format('%s.%s %s%s', table_name, column_name, data_type, CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END)
FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name
"""


async def described() -> str:
    parts = []
    for title, sql in [
        ("columns", COLUMNS),
        ("constraints", CONSTRAINTS),
        ("indexes", INDEXES),
        ("triggers", TRIGGERS),
        ("functions", FUNCTIONS),
    ]:
        rows = [str(row[0]) for row in await database.fetch(sql)]
        parts.append(f"# {title}\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


async def test_constraints_indexes_and_triggers_are_the_expected_ones(db: None, request: pytest.FixtureRequest) -> None:
    """tortoise drops constraints of new tables without a word, so what is there is compared with a list."""
    found = await described()
    if request.config.getoption("--write"):
        EXPECTED.write_text(found, encoding="utf-8")
    changes = difflib.unified_diff(EXPECTED.read_text(encoding="utf-8").splitlines(), found.splitlines(), lineterm="")
    assert not list(changes), (
        "after a migration: pytest tests/architecture/test_database.py --write, and read the change"
    )


async def test_migrations_say_what_the_models_say() -> None:
    context = TortoiseContext()
    with context:
        await context.init(TORTOISE, init_connections=False)
        assert context.apps is not None
        found = await MigrationAutodetector(context.apps, TORTOISE["apps"]).changes()
    await context.close_connections()
    assert [migration.operations for migration in found] == []


async def test_migrations_stand_in_one_line() -> None:
    """Two that follow the same one would be applied in either order."""
    files = sorted(path.stem for path in (Path(__file__).parents[2] / "migrations").glob("0*.py"))
    follows = {name: import_module(f"migrations.{name}").Migration.dependencies for name in files}
    assert follows == {
        name: [("models", before)] if before else [] for name, before in zip(files, ["", *files], strict=False)
    }


async def test_migrations_ask_by_sql_alone() -> None:
    """models/projecting.py gives them pictures of the models that cannot be asked anything."""
    files = sorted(path.stem for path in (Path(__file__).parents[2] / "migrations").glob("0*.py"))
    operations = [one for name in files for one in import_module(f"migrations.{name}").Migration.operations]
    assert len(operations) > len(files)
    assert not [one for one in operations if isinstance(one, RunPython)]


async def test_the_way_down_and_up_again_ends_where_it_began(fresh_database: str) -> None:
    await database.connect(fresh_database, connections=2)
    before = await described()
    await database.close()
    async with executing(fresh_database) as (executor, _):
        await executor.loader.build_graph()
        names = sorted(key.name for key in await executor.recorder.applied_migrations())
        await executor.migrate(targets=[MigrationTarget("models", "__first__")], direction="backward")
    assert len(names) >= 3
    assert await pending(fresh_database) == names
    assert await migrate(fresh_database) == names
    await database.connect(fresh_database, connections=2)
    assert await described() == before
