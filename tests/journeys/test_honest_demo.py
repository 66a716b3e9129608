"""A year of honest guests gives no signal: what is watched for in the programmes as they are shipped."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.clock import now
from api.postgres import Postgres
from models import database
from services import programmes
from services.control import looking
from tests.makers.demo import running_demo

pytestmark = pytest.mark.xdist_group("journeys")
WHOLE = timedelta(days=800)


@pytest.mark.parametrize(("programme", "folder"), [("znak-kachestva", ""), ("askona", "askona")])
async def test_a_year_of_honest_guests_gives_no_signal(tmp_path: Path, programme: str, folder: str) -> None:
    """A-242: every receipt, return and phone of the demo is looked at, by every limit and pattern of its programme."""
    with running_demo(tmp_path / "var", programme) as demo:
        await database.close()
        programmes.forget()
        await database.connect(Postgres(demo.home / folder / "postgres").url(), connections=2)
        try:
            await database.execute("DELETE FROM control_progress")
            assert len(list(looking.detectors(await programmes.current(now())))) >= 5
            found = await looking.look(now(), first_look=WHOLE, chunk=timedelta(days=30))
            assert found == await database.fetchval("SELECT count(*) FROM fraud_signal") == 0
            assert await database.fetchval("SELECT count(*) FROM purchase") > 100
            assert await database.fetchval("SELECT count(*) FROM control_progress") >= 5
        finally:
            await database.close()
            programmes.forget()
