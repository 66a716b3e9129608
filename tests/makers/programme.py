"""The programme of the repository, in force."""

from datetime import datetime
from pathlib import Path

from loyalty.programme import Programme
from services import programmes

FILES = Path(__file__).parents[2] / "programmes"


async def make_programme(now: datetime, file: str = "znak-kachestva.yaml") -> Programme:
    """Apply a file of programmes/ and give the version in force."""
    programmes.forget()
    applied = await programmes.apply(FILES / file, now)
    assert applied.version is not None, applied.checked
    return await programmes.current(now)
