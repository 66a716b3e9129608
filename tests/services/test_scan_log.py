"""The reason of a refused scan is in the log and in the counters, and its code in neither."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from io import StringIO

import prometheus_client
import pytest

from loyalty import codes
from models import database
from services.resources import Resources
from services.tills import TillFacts
from tests.makers.logs import logged, told
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.programme import make_programme
from tests.makers.scans import refused, scan


@pytest.fixture
async def scene(db: None, resources: Resources, now: datetime) -> tuple[TillFacts, MadeMember, Phone]:
    await make_programme(now)
    member = await make_member(now)
    till, _ = await make_till(now)
    return till, member, await make_phone(resources, member.id, now)


@pytest.fixture
def lines() -> Iterator[StringIO]:
    with logged() as stream:
        yield stream


def counted(reason: str) -> float:
    return prometheus_client.REGISTRY.get_sample_value("kunak_scans_refused_total", {"reason": reason}) or 0.0


@pytest.mark.parametrize(
    ("reason", "drift"),
    [("unreadable", None), ("unknown", None), ("wrong", None), ("used", 0), ("late", 0), ("ended", 0), ("waits", None)],
)
async def test_the_log_says_why_a_scan_was_refused_and_never_its_code(
    scene: tuple[TillFacts, MadeMember, Phone],
    resources: Resources,
    now: datetime,
    lines: StringIO,
    *,
    reason: str,
    drift: int | None,
) -> None:
    """Security 3.5: first digits of the handle, step, drift."""
    till, _, phone = scene
    code, handle = phone.code(now), phone.handle
    if reason == "unreadable":
        code, handle = code[:-1], ""
    elif reason == "unknown":
        handle = "999900000001"
        code = Phone(phone.credential, handle, phone.root, phone.session).code(now)
    elif reason == "wrong":
        code = phone.code(now, later=9)
    elif reason == "used":
        await scan(resources, till, code, now)
    elif reason == "late":
        now += timedelta(hours=73)
        code = phone.code(now)
    elif reason == "ended":
        await database.execute("UPDATE card SET status = 'BLOCKED'")
    else:
        for _ in range(5):
            await refused(resources, till, phone.code(now, later=9), now)
    before = counted(reason)
    await refused(resources, till, code, now)
    assert counted(reason) == before + 1
    line = told(lines)[-1]
    step = codes.step_at(int(now.timestamp()))
    facts = {"till": str(till.id), "reason": reason, "handle": handle[:4], "step": step, "drift": drift}
    ours = {"event", "level", "logger", "timestamp"}
    assert {name: value for name, value in line.items() if name not in ours} == facts
    assert (line["event"], line["level"]) == ("scan refused", "info")
    assert code not in lines.getvalue()
    assert phone.handle not in lines.getvalue()


async def test_a_refused_code_tells_how_far_its_phone_is_off(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime, lines: StringIO
) -> None:
    till, _, phone = scene

    def drifted(steps: int) -> float:
        return prometheus_client.REGISTRY.get_sample_value("kunak_scan_drift_total", {"steps": str(steps)}) or 0.0

    before = drifted(-1), drifted(1)
    await scan(resources, till, phone.code(now, later=-1), now)
    await scan(resources, till, phone.code(now, later=1), now)
    assert (drifted(-1), drifted(1)) == (before[0] + 1, before[1] + 1)
    await refused(resources, till, phone.code(now, later=-1), now)
    assert [(line["reason"], line["drift"]) for line in told(lines)] == [("used", -1)]


async def test_the_log_warns_of_a_till_that_guesses_and_of_a_card_that_is_guessed_at(
    scene: tuple[TillFacts, MadeMember, Phone], resources: Resources, now: datetime, lines: StringIO
) -> None:
    """T19: one warning each, at the guess that used up the limit."""
    till, _, phone = scene
    for place in range(32):
        unknown = Phone(phone.credential, f"{place:012d}", phone.root, phone.session)
        await refused(resources, till, unknown.code(now), now)
    for place in range(21):
        other, _ = await make_till(now)
        await refused(resources, other, phone.code(now, later=50 + place), now)
    warned = [line for line in told(lines) if line["level"] == "warning"]
    assert [(line.get("till"), line.get("credential")) for line in warned] == [
        (str(till.id), None),
        (None, str(phone.credential)),
    ]
