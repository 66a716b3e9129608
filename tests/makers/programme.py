"""The programme of the repository, in force."""

from datetime import datetime
from pathlib import Path

from loyalty.programme import Programme
from models import database
from services import programmes

FILES = Path(__file__).parents[2] / "programmes"


async def make_programme(now: datetime, file: str = "znak-kachestva.yaml") -> Programme:
    """Apply a file of programmes/ and give the version in force."""
    programmes.forget()
    applied = await programmes.apply(FILES / file, now)
    assert applied.version is not None, applied.checked
    return await programmes.current(now)


async def empty_programme() -> None:
    """Take the programme in force out: this story has one of its own."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("DELETE FROM programme_version")
    programmes.forget()
