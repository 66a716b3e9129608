"""docs/iiko.md is sent as it stands, one example after another, and answered as it says."""

import json
import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from api.pos.calls import CALLS
from services.resources import Resources
from tests.makers.people import make_phone, make_till
from tests.makers.plugins import Clock, Plugin, plugin_of
from tests.makers.restaurant import OUTLET, make_regular, take_phones

PAGE: Final = Path(__file__).parents[2] / "docs" / "iiko.md"
EXAMPLE: Final = re.compile(r"```json\n((?:(?!```).)*)```\n```json\n((?:(?!```).)*)```", re.DOTALL)


def examples() -> list[tuple[str, str, str]]:
    """(call, body, answer) of every example."""
    text = PAGE.read_text(encoding="utf-8")
    found = []
    for match in EXAMPLE.finditer(text):
        heading = re.findall(r"^##+ (.+)$", text[: match.start()], re.MULTILINE)[-1]
        found.append(("batch" if heading == "Without network" else heading, match[1], match[2]))
    return found


@pytest.fixture
async def plugin(
    db: None, now: datetime, resources: Resources, tmp_path: Path
) -> AsyncIterator[tuple[Plugin, dict[str, str]]]:
    """(a plugin, what stands for the words in capitals)"""
    clock = Clock(now)
    member = await make_regular(resources, clock)
    await take_phones(tmp_path, clock)
    phone = await make_phone(resources, member.id, now)
    _, key = await make_till(now, outlet=OUTLET, channels=("TILL",))
    codes = {"CODE": phone.code(now), "EARLIER_CODE": phone.code(now - timedelta(hours=1)), "PHONE": member.phone}
    async with plugin_of(resources, key, clock) as made:
        made.more["Accept-Language"] = "en"
        yield made, codes


def alike(shown: Any, told: Any, known: dict[str, str], path: str = "") -> None:
    """The answer has what is shown and nothing else; `…` stands for anything, a word in capitals for what it names."""
    if isinstance(shown, dict):
        assert isinstance(told, dict), path
        assert list(shown) == list(told), path
        for name, value in shown.items():
            alike(value, told[name], known, f"{path}.{name}")
    elif isinstance(shown, list):
        assert isinstance(told, list), path
        assert len(shown) == len(told), (path, told)
        for place, value in enumerate(shown):
            alike(value, told[place], known, f"{path}.{place}")
    elif shown in {"TICKET", "QUOTE"}:
        assert known.setdefault(shown, told) == told, path
    elif shown != "…":
        assert shown == told, path


async def test_every_example_is_answered_as_it_is_shown(plugin: tuple[Plugin, dict[str, str]]) -> None:
    """A-087."""
    terminal, known = plugin
    called = set()
    for call, body, answer in examples():
        filled = json.loads(re.sub(r'"([A-Z_]+)"', lambda match: f'"{known.get(match[1], match[1])}"', body))
        told = await terminal.ask(call, **filled)
        alike(json.loads(answer), told, known, call)
        called.add(call)
    assert called == set(CALLS)


async def test_the_refusal_that_is_shown_is_one(plugin: tuple[Plugin, dict[str, str]]) -> None:
    terminal, _ = plugin
    shown = json.loads(re.findall(r"```json\n(\{\"status\".*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)[0])
    line = {"item": "b1f0a001-0000-4000-8000-000000000001", "name": "Уха", "quantity": "1", "amount": "1.00"}
    order = "7f542382-6d3c-4a55-9a51-0c5f7be0a001"
    told = (await terminal.send("quote", {"order": order, "ticket": order, "lines": [line]})).json()
    assert told | {"requestId": shown["requestId"]} == shown
