"""edna Pulse: the adapter, the stand-in's strictness, its webhook (A-228)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from integrations.messaging.calling import Line
from integrations.messaging.edna import Edna
from integrations.ports import Drained, Message, Refused, Uncertain, Unreadable
from integrations.standins.messaging.edna import EdnaStandin
from loyalty.messages import Channel, Fate
from models.ids import uuid7

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
MESSAGE = Message(id=uuid7(), channel=Channel.SMS, to="+79211234567", text="Да")


class Moment:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def opened() -> AsyncIterator[tuple[Edna, EdnaStandin, Moment]]:
    clock = Moment()
    async with EdnaStandin(clock).open() as standin:
        line = Line(standin.url, headers={"X-API-KEY": standin.key}, seconds=0.5)
        try:
            yield Edna(line, cascades={Channel.VIBER: 210, Channel.SMS: 211}, clock=clock), standin, clock
        finally:
            await line.close()


async def test_a_lost_answer_is_repeated_and_the_platform_sends_once() -> None:
    async with opened() as (gateway, standin, clock):
        standin.exchange.plan.faults.append("lose")
        with pytest.raises(Uncertain):
            await gateway.send(MESSAGE)
        told = await gateway.resolve(MESSAGE, handed_at=NOW, known=())
        assert told is not None
        assert (told.provider_id, told.fate, len(standin.exchange.caught)) == (str(MESSAGE.id), Fate.ACCEPTED, 1)
        clock.now += timedelta(minutes=16)
        with pytest.raises(Uncertain, match="too late"):
            await gateway.resolve(MESSAGE, handed_at=NOW, known=())
        assert len(standin.exchange.caught) == 1


async def test_each_channel_goes_by_its_own_cascade() -> None:
    """A-228."""
    async with opened() as (gateway, standin, _):
        await gateway.send(MESSAGE)
        await gateway.send(Message(id=uuid7(), channel=Channel.VIBER, to="+79211234567", text="Да"))
        assert [one.channel for one in standin.exchange.caught] == [Channel.SMS, Channel.VIBER]


async def test_a_wrong_key_is_told_from_a_bad_message() -> None:
    async with opened() as (gateway, standin, _):
        with pytest.raises(Refused, match="text"):
            await gateway.send(Message(id=uuid7(), channel=Channel.SMS, to="+79211234567", text=""))
        line = Line(standin.url, headers={"X-API-KEY": "wrong"})
        with pytest.raises(Drained):
            await Edna(line, cascades={Channel.SMS: 211}, clock=lambda: NOW).send(MESSAGE)
        await line.close()


GOOD: dict[str, Any] = {
    "requestId": "r",
    "cascadeId": 211,
    "subscriberFilter": {"address": "79211234567", "type": "PHONE"},
    "content": {"smsContent": {"text": "Да"}},
}


@pytest.mark.parametrize(
    "wrong",
    [
        {"requestId": ""},
        {"cascadeId": 1},
        {"cascadeId": "211"},
        {"subscriberFilter": {"address": "79211234567"}},
        {"subscriberFilter": {"address": "+79211234567", "type": "PHONE"}},
        {"content": {}},
        {"content": {"viberContent": {"text": "Да"}}},
        {"content": {"smsContent": {"text": "Да"}, "viberContent": {"text": "Да"}}},
        {"content": {"smsContent": {"text": "я" * 1001}}},
        {"unknown": 1},
    ],
)
async def test_the_standin_refuses_what_the_vendor_would(wrong: dict[str, Any]) -> None:
    async with opened() as (_, standin, _clock), httpx2.AsyncClient(headers={"X-API-KEY": standin.key}) as client:
        assert (await client.post(f"{standin.url}/cascade/schedule", json=GOOD | wrong)).status_code == 400
        assert not standin.exchange.caught
        assert (await client.post(f"{standin.url}/cascade/schedule", json=GOOD)).json() == {"requestId": "r"}
        wrong_url = await client.post(f"{standin.url}/callback/set", json={"statusCallbackUrl": "http://open.test"})
        assert wrong_url.status_code == 400


def test_reports_are_read_strictly() -> None:
    gateway = Edna(Line("https://edna.test"), cascades={}, clock=lambda: NOW)
    (report,) = gateway.read(
        b'{"requestId": "r", "status": "UNDELIVERED", "error": "user-blocked"}', "application/json"
    )
    assert (report.provider_id, report.fate, report.raw) == ("r", Fate.UNDELIVERED, "UNDELIVERED user-blocked")
    for body in (b"", b"[]", b"{}", b'{"requestId": "r"}', b'{"requestId": 1, "status": "SENT"}', b"[[]]"):
        with pytest.raises(Unreadable):
            gateway.read(body, "application/json")
    with pytest.raises(Unreadable):
        gateway.read(b'{"requestId": "r", "status": "SENT"}', "text/plain")
