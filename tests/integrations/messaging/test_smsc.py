"""SMSC.ru: the adapter, and the stand-in's strictness (A-227)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from integrations.messaging.calling import Line
from integrations.messaging.smsc import Smsc
from integrations.ports import Drained, Message, Refused, Uncertain, Unreadable
from integrations.standins.messaging.exchange import Plan
from integrations.standins.messaging.smsc import SmscStandin
from loyalty.messages import Channel, Fate
from models.ids import uuid7

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)
MESSAGE = Message(id=uuid7(), channel=Channel.SMS, to="+79211234567", text="я" * 71)


@asynccontextmanager
async def opened(plan: Plan | None = None) -> AsyncIterator[tuple[Smsc, SmscStandin]]:
    async with SmscStandin(lambda: NOW, plan=plan or Plan()).open() as standin:
        line = Line(standin.url, seconds=0.5)
        try:
            yield Smsc(line, key=standin.key, sender="KUNAK"), standin
        finally:
            await line.close()


async def test_a_price_is_asked_and_a_message_sent_delivered_and_paid() -> None:
    async with opened() as (gateway, standin):
        assert await gateway.price(MESSAGE) == 820
        assert not standin.exchange.caught
        told = await gateway.send(MESSAGE)
        assert (told.segments, told.cost, await gateway.balance()) == (2, 820, 1_000_00 - 820)
        await standin.exchange.settled()
        asked = await gateway.ask(told.provider_id, MESSAGE)
        assert asked is not None
        assert (asked.fate, asked.provider_id) == (Fate.DELIVERED, told.provider_id)


@pytest.mark.parametrize(
    ("seconds", "hours"), [(None, None), (0, 1), (300, 1), (3600, 1), (3601, 2), (86_400, 24), (259_200, 24)]
)
async def test_a_text_is_given_up_when_it_makes_no_sense_any_more(seconds: int | None, hours: int | None) -> None:
    """In whole hours, a day at most: a code of five minutes does not arrive tomorrow."""
    async with opened() as (gateway, standin):
        await gateway.send(replace(MESSAGE, lives_seconds=seconds))
        assert standin.valid == [hours]


async def test_a_lost_answer_is_found_by_our_own_id() -> None:
    async with opened() as (gateway, standin):
        assert await gateway.resolve(MESSAGE, handed_at=NOW, known=()) is None
        standin.exchange.plan.faults.append("lose")
        with pytest.raises(Uncertain):
            await gateway.send(MESSAGE)
        found = await gateway.resolve(MESSAGE, handed_at=NOW, known=())
        assert found is not None
        with pytest.raises(Uncertain, match="9"):
            await gateway.send(MESSAGE)
        assert len(standin.exchange.caught) == 1


async def test_errors_are_numbered() -> None:
    async with opened(Plan(balance=100)) as (gateway, standin):
        with pytest.raises(Drained, match="3"):
            await gateway.send(MESSAGE)
        with pytest.raises(Refused, match="7"):
            await gateway.send(replace(MESSAGE, to="+123"))
        line = Line(standin.url)
        with pytest.raises(Drained, match="2"):
            await Smsc(line, key="wrong", sender="KUNAK").balance()
        with pytest.raises(Refused, match="6"):
            await Smsc(line, key=standin.key, sender="NOBODY").send(MESSAGE)
        await line.close()


GOOD = {"fmt": "3", "phones": "79211234567", "mes": "Да", "sender": "KUNAK", "charset": "utf-8", "id": "7", "cost": "3"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"apikey": "wrong"}, 2),
        ({"fmt": "1"}, 1),
        ({"charset": "koi8-r"}, 1),
        ({"id": "0"}, 1),
        ({"id": str(2**31)}, 1),
        ({"phones": "+79211234567"}, 7),
        ({"mes": ""}, 6),
        ({"sender": "NOBODY"}, 6),
        ({"cost": "2"}, 1),
        ({"valid": "0"}, 1),
        ({"valid": "25"}, 1),
        ({"viber": "1"}, 1),
    ],
)
async def test_the_standin_refuses_what_the_vendor_would(wrong: dict[str, Any], code: int) -> None:
    async with opened() as (_, standin), httpx2.AsyncClient() as client:
        form = {"apikey": standin.key} | GOOD
        answer = await client.post(f"{standin.url}/send.php", data=form | wrong)
        assert (answer.status_code, answer.json()["error_code"]) == (200, code)
        in_address = await client.post(f"{standin.url}/send.php", params={"psw": "x"}, data=form)
        assert in_address.json()["error_code"] == 2, "a key in an address would stand in every log"
        assert not standin.exchange.caught
        assert (await client.post(f"{standin.url}/send.php", data=form)).json()["id"] == 7


def test_a_report_is_a_reason_to_ask() -> None:
    gateway = Smsc(Line("https://smsc.test"), key="k", sender="s")
    form = "application/x-www-form-urlencoded"
    (report,) = gateway.read(b"id=77&phone=79211234567&status=1&md5=x", form)
    assert (report.provider_id, report.fate) == ("77.79211234567", None)
    for body in (b"", b"id=77", b"phone=1", b"id=x&phone=1", b"\xff=1", b"id"):
        with pytest.raises(Unreadable):
            gateway.read(body, form)
    with pytest.raises(Unreadable):
        gateway.read(b"id=77&phone=79211234567", "application/json")
