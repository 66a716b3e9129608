"""`kunak iiko` from the first look to the report, against a stand-in of the cloud that answers beside it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from typer.testing import CliRunner

from api import clock
from api.cli import app
from integrations.standins.iiko_cloud.server import IikoCloudStandin
from tests.makers.iiko_cloud import dish

TODAY = Path(__file__).parents[2] / "programmes" / "znak-kachestva.yaml"
OUTLET = "igora-restaurant"


def kunak(*words: str) -> tuple[int, str, str]:
    """How the command ends, and what it says."""
    result = CliRunner().invoke(app, list(words))
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout, result.stderr


@contextmanager
def standing_beside() -> Iterator[IikoCloudStandin]:
    """A stand-in on a loop of its own: every command has one of its own, too."""
    standin, ready, stop = IikoCloudStandin(clock.now), threading.Event(), threading.Event()

    async def answer() -> None:
        async with standin.open():
            ready.set()
            while not stop.is_set():
                await asyncio.sleep(0.02)

    thread = threading.Thread(target=lambda: asyncio.run(answer()))
    thread.start()
    assert ready.wait(30)
    try:
        yield standin
    finally:
        stop.set()
        thread.join()


@pytest.fixture
def standin(fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[IikoCloudStandin]:
    """An installation with keys, a programme and a key of the cloud."""
    with standing_beside() as one:
        told = {"URL": one.url, "API_KEY": one.api_key, "APP_ID": one.app_id, "CLIENT_SECRET": one.client_secret}
        for name, value in told.items():
            monkeypatch.setenv(f"KUNAK_IIKO_{name}", value)
        monkeypatch.setenv("KUNAK_IIKO_TABLES", "yes")
        monkeypatch.setenv("DATABASE_URL", fresh_database)
        monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
        assert kunak("programme", "apply", str(TODAY))[0] == 0
        assert kunak("keys", "new")[0] == 0
        yield one


def test_an_operator_connects_a_restaurant_and_reads_the_report(standin: IikoCloudStandin) -> None:
    """A-087: sync, list, link, discount, hook that takes nothing from others, poll, aside, compare and report."""
    house = standin.organizations[0]
    assert kunak("iiko", "sync")[:2] == (0, "2 restaurants\n")
    code, listed, _ = kunak("iiko", "list")
    assert (code, house.group in listed, "none of ours" in listed) == (0, True, True)
    assert kunak("iiko", "link", house.group, "no-outlet")[0] == 1
    assert kunak("iiko", "link", str(UUID(int=1)), OUTLET)[0] == 1
    assert kunak("iiko", "link", house.group, OUTLET)[0] == 0
    assert kunak("plugins", "map", OUTLET, "restaurants")[0] == 0
    code, kinds, _ = kunak("iiko", "discounts", house.id)
    assert (code, f"{house.discounts[0].id}\tKunak\tfree sum" in kinds) == (0, True)
    assert kunak("iiko", "discount", house.id, house.discounts[1].id)[0] == 1
    assert kunak("iiko", "discount", house.id, house.discounts[0].id)[0] == 0
    house.hook_uri = "https://other.example/hook"
    assert kunak("iiko", "hook", house.id, "--set")[0] == 1
    assert house.hook_uri == "https://other.example/hook"
    assert kunak("iiko", "hook", house.id, "--set", "--replace")[0] == 0
    assert house.hook_uri.endswith("/hooks/iiko")
    house.hook_uri = None
    standin.closed(standin.ordered(house, "delivery", [dish(house, "Уха", 50_000)], skew=1))
    assert kunak("iiko", "poll")[0] == 0
    code, aside, _ = kunak("iiko", "aside")
    assert (code, "its dishes do not add up to its sum" in aside) == (0, True)
    assert kunak("iiko", "list")[0] == 1
    assert kunak("iiko", "replay")[:2] == (0, "1 are looked at anew\n")
    today = (clock.now() + timedelta(hours=3)).date().isoformat()
    assert kunak("iiko", "compare", today)[0] == 1
    code, report, _ = kunak("iiko", "report")
    assert (code, "MISSING_HERE" in report) == (1, True)
    assert kunak("iiko", "guests")[:2] == (0, "0 members will be told\n")


def test_without_a_key_the_sentence_says_which(
    fresh_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", fresh_database)
    monkeypatch.setenv("KUNAK_HOME", str(tmp_path / "home"))
    assert kunak("keys", "new")[0] == 0
    code, _, trouble = kunak("iiko", "sync")
    assert code == 1
    assert "KUNAK_IIKO_API_KEY" in trouble
