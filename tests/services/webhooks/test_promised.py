"""What a webhook says is what docs/webhooks.md promises: every member of every body, none more and none less (A-236)."""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from tests.services.webhooks.conftest import Scene

ROW: Final = re.compile(r"^\| `(?P<type>[a-z_.]+)` \|[^|]*\| (?P<data>[^|]*) \|$", re.MULTILINE)
PARTS: Final = re.compile(r"`lines` \((?P<names>[^)]*)\)")
NAME: Final = re.compile(r"`(\w+)`")


def promised() -> dict[str, tuple[set[str], set[str]]]:
    """Type → (members of its data, members of each of its lines)."""
    text = (Path(__file__).parents[3] / "docs" / "webhooks.md").read_text(encoding="utf-8")
    table = text.partition("## Events")[2]
    found = {}
    for row in ROW.finditer(table):
        lines = PARTS.search(row["data"])
        names = set(NAME.findall(PARTS.sub("`lines`", row["data"])))
        found[row["type"]] = names, set(NAME.findall(lines["names"])) if lines else set[str]()
    return found


async def test_bodies_have_the_members_that_are_promised(scene: Scene, now: datetime) -> None:
    """A-236: a receipt that raises a tier, and its return, told to an integrator who reads by the page."""
    told = promised()
    assert set(told) == {"purchase.posted", "purchase.refunded", "member.tier_changed", "webhook.test"}
    await scene.listen(now)
    purchase = await scene.sell(now, roubles=150_000)
    await scene.give_back(purchase, now + timedelta(minutes=1))
    await scene.tell(now + timedelta(minutes=1))
    heard = [one.event for one in scene.receiver.heard]
    assert {event["type"] for event in heard} == set(told) - {"webhook.test"}
    for event in heard:
        members, lines = told[event["type"]]
        assert set(event) == {"type", "timestamp", "data"}
        assert set(event["data"]) == members, event["type"]
        assert [set(line) for line in event["data"].get("lines", [])] == ([lines] if lines else [])
