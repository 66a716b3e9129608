"""Functions of the database: one a file, named as the function is, put in again whenever its text has changed.

A migration is history and is never edited; the text of a function is what holds today, so it lives in one place and is
compared with what a database has. Its digest stands in the comment of the function.
"""

from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from models.database import Record

HERE: Final = Path(__file__).parent
MARK: Final = "sha256:"
KNOWN: Final = """
SELECT proname AS name, obj_description(oid, 'pg_proc') AS digest, oid::regprocedure::text AS signature
FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND obj_description(oid, 'pg_proc') LIKE 'sha256:%'
"""
# What an earlier version of Kunak wrote from migrations carries no mark and is replaced as well.
SIGNATURES: Final = """
SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname = $1
"""

Asked: TypeAlias = "asyncpg.Pool[Record] | PoolConnectionProxy[Record]"


def texts() -> dict[str, str]:
    """Name → text of each function, in the order of their names."""
    return {path.stem: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.sql"))}


async def stale(connection: Asked) -> list[str]:
    """The names of functions that the database lacks, has with another text, or has and should no longer have."""
    wanted = {name: digest(text) for name, text in texts().items()}
    known = {row["name"]: row["digest"] for row in await connection.fetch(KNOWN)}
    return sorted(name for name in wanted.keys() | known.keys() if wanted.get(name) != known.get(name))


async def refresh(connection: "PoolConnectionProxy[Record]") -> list[str]:
    """Put in what has changed and drop what is gone, all at once; gives the names. Parameters may change as well."""
    changed = await stale(connection)
    wanted = texts()
    async with connection.transaction():
        # One function may name another that comes later.
        await connection.execute("SET LOCAL check_function_bodies = off")
        for name in changed:
            for row in await connection.fetch(SIGNATURES, name):
                await connection.execute(f"DROP FUNCTION {row[0]}")
            if name in wanted:
                await connection.execute(wanted[name])
                await connection.execute(f"COMMENT ON FUNCTION {name} IS '{digest(wanted[name])}'")
    return changed


def digest(text: str) -> str:
    """What stands in the comment of a function with this text."""
    return MARK + sha256(text.encode()).hexdigest()
