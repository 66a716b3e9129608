"""Delivery reports: kept first, worked off apart, in any number and order (fault matrix, corpus 6.4)."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import orjson
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.messaging.calling import Line
from integrations.messaging.edna import Edna
from integrations.messaging.letters import MailGateway
from integrations.ports import Report
from loyalty.messages import Channel
from models import database
from services.gateways import Gateways
from services.messages import hooks, reports, stopping, watching
from services.resources import Resources
from tests.makers.app import client_of
from tests.makers.gateways import ScriptedGateway, make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.messages import attempt_rows, make_reachable, plan_one, state_of
from tests.makers.working import work_off

JSON = "application/json"
NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


class ReportingGateway(ScriptedGateway):
    """Takes messages as any scripted one, and reads reports as edna does."""

    def __init__(self) -> None:
        super().__init__("edna")
        self.reads = Edna(Line("https://edna.test"), cascades={}, clock=lambda: NOW).read

    def read(self, body: bytes, content_type: str) -> list[Report]:
        return self.reads(body, content_type)


def body_of(provider_id: str, status: str) -> bytes:
    return orjson.dumps({"requestId": provider_id, "cascadeStageUUID": "st-1", "status": status})


async def handed(
    resources: Resources, now: datetime, channels: Sequence[Channel] = tuple(Channel)
) -> tuple[Gateways, ReportingGateway, UUID]:
    member = await make_reachable(resources, now)
    gateway = ReportingGateway()
    gateways = make_gateways(gateway)
    message = await plan_one(member, now, channels=list(channels))
    await work_off(resources, gateways, now)
    return gateways, gateway, message


async def test_any_order_and_number_of_reports_ends_in_one_state(resources: Resources, now: datetime) -> None:
    """Duplicates ×10, every order of four reports, worked off one by one or together: one state."""
    gateways, _, first = await handed(resources, now)
    for number, order in enumerate(permutations(["SENT", "DELIVERED", "READ", "UNDELIVERED"])):
        message = first if number == 0 else await plan_one((await one_member()), now, channels=list(Channel))
        await work_off(resources, gateways, now)
        (attempt,) = await attempt_rows(message)
        for status in order:
            for _ in range(10 if number == 0 else 1):
                await reports.keep("edna", body_of(attempt["provider_id"], status), JSON, now)
            await work_off(resources, gateways, now) if number % 3 == 0 else None
        await work_off(resources, gateways, now)
        assert await state_of(message) == "READ"
    await work_off(resources, gateways, now + timedelta(hours=9))
    assert await database.fetchval("SELECT sum(times) FROM delivery_report") == 4 * 10 + 23 * 4
    assert await database.fetchval("SELECT count(*) FROM delivery_report WHERE state <> 'DONE'") == 0
    assert (
        await database.fetchval("SELECT count(*) FROM delivery_report WHERE body <> ''") == 0
    )  # I-34: numbers stood there


async def one_member() -> UUID:
    member: UUID = await database.fetchval("SELECT member_id FROM message LIMIT 1")
    return member


async def test_a_failure_that_is_reported_moves_on_at_once(resources: Resources, now: datetime) -> None:
    """A-229."""
    gateways, gateway, message = await handed(resources, now, [Channel.VIBER, Channel.SMS])
    (attempt,) = await attempt_rows(message)
    await reports.keep("edna", body_of(attempt["provider_id"], "UNDELIVERED"), JSON, now)
    await work_off(resources, gateways, now)
    assert [one.channel for one in gateway.taken] == [Channel.VIBER, Channel.SMS]


async def test_a_report_may_overtake_the_answer_it_is_about(resources: Resources, now: datetime) -> None:
    gateways, _, message = await handed(resources, now)
    (attempt,) = await attempt_rows(message)
    await database.execute("UPDATE delivery_attempt SET provider_id = NULL, fate = 'HANDING'")
    await reports.keep("edna", body_of(attempt["provider_id"], "DELIVERED"), JSON, now)
    await work_off(resources, gateways, now)
    assert await state_of(message) == "SENT"
    await database.execute("UPDATE delivery_attempt SET provider_id = $1, fate = 'ACCEPTED'", attempt["provider_id"])
    await work_off(resources, gateways, now + timedelta(seconds=30))
    assert await state_of(message) == "DELIVERED"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"{}",
        b"\xff\xfe",
        b"<xml/>",
        b'{"requestId": 7}',
        body_of("00000000-0000-0000-0000-000000000000", "READ"),
    ],
)
async def test_what_cannot_be_is_put_aside_in_the_open(
    body: bytes, resources: Resources, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    gateways, _, message = await handed(resources, now)
    await reports.keep("edna", body, JSON, now)
    with caplog.at_level(logging.ERROR, "services.messages.reports"):
        await work_off(resources, gateways, now)
        await work_off(resources, gateways, now + timedelta(minutes=11))
    (row,) = await reports.aside(10)
    assert (row["gateway"], row["times"], bool(row["fault"])) == ("edna", 1, True)
    assert "put aside" in caplog.text
    assert await state_of(message) == "SENT"
    assert await reports.replay([row["id"]], now) == 1
    assert await reports.aside(10) == []


async def test_an_unknown_status_is_kept_and_is_no_news(resources: Resources, now: datetime) -> None:
    gateways, _, message = await handed(resources, now)
    (attempt,) = await attempt_rows(message)
    await reports.keep("edna", body_of(attempt["provider_id"], "TELEPORTED"), JSON, now)
    await work_off(resources, gateways, now)
    (attempt,) = await attempt_rows(message)
    assert (attempt["fate"], attempt["told"]) == ("ACCEPTED", "TELEPORTED")


async def test_whoever_blocks_us_in_viber_hears_by_the_next_channel_and_no_more_there(
    resources: Resources, now: datetime
) -> None:
    """A-227: told once by the gateway, kept as a stop of that channel; the next notice goes by text at once."""
    gateways, _, message = await handed(resources, now)
    (attempt,) = await attempt_rows(message)
    assert attempt["channel"] == "VIBER"
    body = orjson.loads(body_of(attempt["provider_id"], "UNDELIVERED")) | {"error": "user-blocked"}
    await reports.keep("edna", orjson.dumps(body), JSON, now)
    await work_off(resources, gateways, now)
    assert [row["channel"] for row in await attempt_rows(message)] == ["VIBER", "SMS"]
    (stop,) = await stopping.stopped(10)
    assert (stop.channel, stop.address, stop.scope, stop.source) == ("VIBER", attempt["address"], "ALL", "gateway")
    member = await database.fetchval("SELECT member_id FROM message WHERE id = $1", message)
    later = await plan_one(member, now, channels=list(Channel))
    await work_off(resources, gateways, now)
    rows = [(row["channel"], row["fate"], row["told"]) for row in await attempt_rows(later)]
    assert rows[0] == ("VIBER", "FAILED", "NO_ADDRESS")
    assert [channel for channel, fate, _ in rows if fate != "FAILED"] == ["SMS"]


async def test_the_hook_answers_at_once_and_whatever_comes(resources: Resources, now: datetime) -> None:
    """Corpus 6.4: never a 500, 401 for a wrong address, nothing is looked into while the gateway waits."""
    app = create_app(Settings(), resources=resources, clock=lambda: now, documents={})
    right = f"/hooks/messages/edna/{hooks.token_of('edna', resources.keyring)}"
    form = "application/x-www-form-urlencoded"
    async with client_of(app) as client:

        async def post(path: str, body: bytes, content_type: str = JSON) -> int:
            return (await client.post(path, content=body, headers={"content-type": content_type})).status_code

        for wrong in (
            "/hooks/messages/edna/" + "0" * 32,
            right.replace("edna", "smsc"),
            right + "0",
            "/hooks/messages/edna/%00",
        ):
            assert await post(wrong, b"{}") == 401
        assert await post(right, b"<xml/>", "text/xml") == 415
        assert await post(right, b"x" * (64 * 1024 + 1)) == 413
        assert (await client.get(right)).status_code == 405
        assert await database.fetchval("SELECT count(*) FROM delivery_report") == 0
        for body, kind in (
            (b"", JSON),
            (b"\xff\x00", JSON),
            (b"{}", JSON),
            (b"a=1", form),
            (b"[1]", JSON + "; charset=utf-8"),
        ):
            assert await post(right, body, kind) == 200
        assert set(await asyncio.gather(*(post(right, b'{"same": 1}') for _ in range(50)))) == {200}
    rows = await database.fetch("SELECT times FROM delivery_report ORDER BY times")
    assert [row["times"] for row in rows] == [1, 1, 1, 1, 1, 50]
    assert await database.fetchval("SELECT count(*) FROM job WHERE name = 'message.report'") == 6


async def test_an_account_that_runs_dry_rings(
    resources: Resources, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    """Out of money: below the alarm, or below what three days cost."""
    gateway = ScriptedGateway()
    gateways = Gateways([gateway, MailGateway(RememberingMailer())], {})
    with caplog.at_level(logging.ERROR):
        await watching.look(resources, gateways, now)
    assert caplog.text == ""
    member = await make_reachable(resources, now)
    message = await plan_one(member, now)
    await work_off(resources, make_gateways(gateway), now)
    await database.execute("UPDATE delivery_attempt SET cost = 100001 WHERE message_id = $1", message)
    with caplog.at_level(logging.ERROR):
        await watching.look(resources, gateways, now)
    assert "runs dry" in caplog.text


async def test_a_message_whose_job_is_gone_is_taken_up(resources: Resources, now: datetime) -> None:
    member = await make_reachable(resources, now)
    message = await plan_one(member, now)
    await database.execute("DELETE FROM job")
    assert await watching.take_up(now + timedelta(minutes=5)) == 0
    assert await watching.take_up(now + timedelta(minutes=16)) == 1
    assert await watching.take_up(now + timedelta(minutes=16)) == 0
    gateway = ScriptedGateway()
    await work_off(resources, make_gateways(gateway), now + timedelta(minutes=17))
    assert (len(gateway.taken), await state_of(message)) == (1, "SENT")
