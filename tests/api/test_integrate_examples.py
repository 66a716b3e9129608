"""docs/integrate.md is sent as it stands, one example after another, to a real server, and answered as it says."""

import json
import re
import shlex
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from api.clock import now
from services.resources import Resources
from services.tills import add_till
from tests.makers.people import make_phone
from tests.makers.plugins import Clock
from tests.makers.restaurant import OUTLET, make_regular
from tests.makers.serving import serving

PAGE: Final = Path(__file__).parents[2] / "docs" / "integrate.md"
EXAMPLE: Final = re.compile(r"```sh\n(ask '(?:(?!```).)*)```\n\n```json\n((?:(?!```).)*)```", re.DOTALL)
NAMED: Final = {"TICKET", "QUOTE", "PURCHASE", "LINE"}


def alike(shown: Any, told: Any, known: dict[str, str], path: str = "") -> None:
    """The answer is what is shown; `…` stands for anything, a word in capitals for what it names from then on."""
    if isinstance(shown, dict):
        assert isinstance(told, dict), (path, told)
        assert list(shown) == list(told), (path, told)
        for name, value in shown.items():
            alike(value, told[name], known, f"{path}.{name}")
    elif isinstance(shown, list):
        assert isinstance(told, list), (path, told)
        assert len(shown) == len(told), (path, told)
        for place, value in enumerate(shown):
            alike(value, told[place], known, f"{path}.{place}")
    elif shown in NAMED:
        assert known.setdefault(shown, told) == told, path
    elif shown != "…":
        assert shown == told, path


@pytest.fixture
async def known(db: None, resources: Resources) -> dict[str, str]:
    """What stands for the words in capitals."""
    moment: datetime = now()
    member = await make_regular(resources, Clock(moment))
    phone = await make_phone(resources, member.id, moment)
    _, key = await add_till(
        "My shop", "igora", OUTLET, kind="SYSTEM", channels=["TILL"], now=moment, scopes=("EARN", "SPEND", "REFUND")
    )
    return {"KEY": key, "CODE": phone.code(moment), "NOW": moment.isoformat()}


@pytest.fixture
async def url(resources: Resources) -> AsyncIterator[str]:
    async with serving(resources) as address:
        yield address


async def test_every_example_is_answered_as_it_is_shown(known: dict[str, str], url: str) -> None:
    """A-237: a stranger who copies line by line ends with a sale and its return."""
    text = PAGE.read_text(encoding="utf-8")
    examples = EXAMPLE.findall(text)
    assert len(examples) == text.count("\nask '") == 7
    headers = {"Content-Type": "application/json", "Authorization": f"Till {known['KEY']}", "Accept-Language": "en"}
    for line in ("-H 'Content-Type: application/json'", '-H "Authorization: Till $KEY"', "-H 'Accept-Language: en'"):
        assert line in text
    async with httpx2.AsyncClient(headers=headers) as client:
        for command, answer in examples:
            [_, body] = shlex.split(command)
            filled = re.sub(r'"([A-Z]+)"', lambda match: json.dumps(known.get(match[1], match[1])), body)
            told = await client.post(f"{url}/graphql", content=filled.encode())
            assert told.status_code == 200
            assert told.headers["ratelimit-policy"] == '"key";q=6000;w=60'
            alike(json.loads(answer), told.json(), known, command[:60])
    assert known.keys() >= NAMED
