"""A short torture of every run: servers and sessions killed under load, fifty rivals on one member, all of it there once."""

import pytest

from models import database
from tests.torture.ground import private_postgres
from tests.torture.running import Wanted, on_server

pytestmark = pytest.mark.torture
KILLS = 14


async def test_killed_at_any_moment_nothing_is_lost_and_nothing_doubled() -> None:
    """C-03, I-01..I-12, INV-07, INV-16: `make torture` does the same a thousand times."""
    await database.close()
    wanted = Wanted(kills=KILLS, seed=20, rounds=2, seconds=300, waits_for_holds=False)
    with private_postgres(wanted.options) as (home, postgres):
        report = await on_server(home, postgres, wanted, lambda _line: None)
    assert report.verdict.lost == []
    assert report.verdict.doubled == []
    assert report.verdict.wrong == []
    assert report.books == (0, "")
    assert report.kills.made == KILLS
    assert report.kills.servers
    assert report.kills.sessions
    assert report.kills.inside
    assert report.history.answered >= KILLS
    assert report.rivalry.serialised
    assert report.rivalry.server_errors == 0
    assert report.is_clean
