"""SMS Aero: the adapter against a server that keeps the vendor's contract, and that server's own strictness (A-227, A-228)."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from integrations.messaging.calling import Line, kopecks, whole
from integrations.messaging.smsaero import SmsAero
from integrations.ports import Drained, Message, Refused, Unavailable, Uncertain, Unreadable
from integrations.standins.messaging.exchange import Plan
from integrations.standins.messaging.smsaero import SmsAeroStandin
from loyalty.messages import Channel, Fate
from models.ids import uuid7

NOW = datetime(2026, 3, 14, 9, 26, 53, tzinfo=UTC)


def make_message(**changes: Any) -> Message:
    facts: dict[str, Any] = {"id": uuid7(), "channel": Channel.SMS, "to": "+79211234567", "text": "482193 — код"}
    return Message(**(facts | changes))


@asynccontextmanager
async def opened(
    plan: Plan | None = None, clock: Callable[[], datetime] = lambda: NOW
) -> AsyncIterator[tuple[SmsAero, SmsAeroStandin]]:
    async with SmsAeroStandin(clock, plan=plan or Plan()).open() as standin:
        line = Line(standin.url, auth=(standin.login, standin.key), seconds=0.5)
        try:
            yield SmsAero(line, sign="KUNAK", viber_sign="KUNAK"), standin
        finally:
            await line.close()


async def test_a_message_is_taken_delivered_and_paid() -> None:
    async with opened() as (gateway, standin):
        message = make_message()
        told = await gateway.send(message)
        assert (told.fate, told.cost, told.raw) == (Fate.ACCEPTED, 520, "0 queue")
        (caught,) = standin.exchange.caught
        assert (caught.to, caught.text, caught.sender) == ("79211234567", "482193 — код", "KUNAK")
        await standin.exchange.settled()
        asked = await gateway.ask(told.provider_id, message)
        assert asked is not None
        assert asked.fate is Fate.DELIVERED
        assert await gateway.balance() == 1_000_00 - 520


async def test_viber_has_its_own_states() -> None:
    """A-228."""
    async with opened(Plan(usual=(Fate.SENT, Fate.DELIVERED, Fate.READ))) as (gateway, standin):
        message = make_message(channel=Channel.VIBER)
        told = await gateway.send(message)
        await standin.exchange.settled()
        asked = await gateway.ask(told.provider_id, message)
        assert asked is not None
        assert (told.fate, asked.fate) == (Fate.ACCEPTED, Fate.READ)
        with pytest.raises(Uncertain):
            await gateway.resolve(message, handed_at=NOW, known=())


@pytest.mark.parametrize(
    ("fault", "error"),
    [("429", Unavailable), ("503", Uncertain), ("500", Uncertain), ("lose", Uncertain), ("slow", Uncertain)],
)
async def test_each_trouble_says_whether_the_message_may_have_been_taken(fault: Any, error: type[Exception]) -> None:
    async with opened(Plan(slow_seconds=1.0)) as (gateway, standin):
        standin.exchange.plan.faults.append(fault)
        with pytest.raises(Unavailable) as raised:
            await gateway.send(make_message())
        assert type(raised.value) is error


async def test_a_lost_answer_is_found_again_and_an_untaken_message_is_not() -> None:
    async with opened() as (gateway, standin):
        message = make_message()
        standin.exchange.plan.faults.append("lose")
        with pytest.raises(Uncertain):
            await gateway.send(message)
        (caught,) = standin.exchange.caught
        found = await gateway.resolve(message, handed_at=NOW, known=())
        assert found is not None
        assert found.provider_id == str(caught.id)
        assert await gateway.resolve(message, handed_at=NOW, known=[str(caught.id)]) is None
        assert await gateway.resolve(message, handed_at=NOW + timedelta(minutes=5), known=()) is None
        assert await gateway.resolve(make_message(text="другой"), handed_at=NOW, known=()) is None


async def test_an_empty_account_and_a_wrong_key_are_told_from_a_bad_message() -> None:
    async with opened(Plan(balance=100)) as (gateway, standin):
        with pytest.raises(Drained):
            await gateway.send(make_message())
        line = Line(standin.url, auth=(standin.login, "wrong"))
        with pytest.raises(Drained):
            await SmsAero(line, sign="KUNAK").balance()
        await line.close()
        with pytest.raises(Refused, match="Validation"):
            await gateway.send(make_message(to="+358401234567"))
        assert standin.exchange.caught == standin.exchange.caught.__class__()


async def test_nobody_answers() -> None:
    line = Line("http://127.0.0.1:9")
    with pytest.raises(Unavailable) as raised:
        await SmsAero(line, sign="KUNAK").send(make_message())
    assert not isinstance(raised.value, Uncertain)
    await line.close()


def test_keys_never_travel_in_the_open() -> None:
    with pytest.raises(ValueError, match="https"):
        Line("http://gate.example/v2")


def test_a_report_is_a_reason_to_ask() -> None:
    gateway = SmsAero(Line("https://gate.example"), sign="KUNAK")
    (report,) = gateway.read(b'{"id": 551200, "status": 1}', "application/json")
    assert (report.provider_id, report.fate) == ("551200", None)
    for body in (b"", b"{}", b"[]", b"null", b'{"id": "x"}', b"<xml/>", b"\xff", b'{"id": true}'):
        with pytest.raises(Unreadable):
            gateway.read(body, "application/json")
    with pytest.raises(Unreadable):
        gateway.read(b"id=551200", "application/x-www-form-urlencoded")


GOOD = {"number": "79211234567", "text": "Да", "sign": "KUNAK"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "9211234567"},
        {"number": "+79211234567"},
        {"number": "358401234567"},
        {"text": ""},
        {"text": "я" * 1001},
        {"text": None},
        {"sign": "NOBODY"},
        {"sign": "K"},
        {"callbackUrl": "nowhere"},
        {"dateSend": "tomorrow"},
        {"unknown": 1},
    ],
)
async def test_the_standin_refuses_what_the_vendor_would(wrong: dict[str, Any]) -> None:
    async with opened() as (_, standin), httpx2.AsyncClient(auth=(standin.login, standin.key)) as client:
        answer = await client.post(f"{standin.url}/sms/send", json=GOOD | wrong)
        assert (answer.status_code, answer.json()["success"]) == (400, False)
        assert not standin.exchange.caught
        assert (await client.post(f"{standin.url}/sms/send", json=GOOD)).json()["success"] is True


async def test_a_stopped_number_stands_in_the_blacklist_once_until_it_is_taken_out() -> None:
    """A-227."""
    async with opened() as (gateway, standin):
        for _ in range(2):
            await gateway.resume("+79211234567")
            for _ in range(2):
                await gateway.stop("+79211234567")
            assert list(standin.blacklist.values()) == ["79211234567"]
            with pytest.raises(Refused):
                await gateway.send(make_message())
        await gateway.stop("+79211234568")
        await gateway.resume("+79211234567")
        assert list(standin.blacklist.values()) == ["79211234568"]
        assert (await gateway.send(make_message())).fate is Fate.ACCEPTED
        with pytest.raises(Refused):
            await gateway.stop("+375291234567")


@pytest.mark.parametrize("header", [None, "Bearer x", "Basic !", "Basic " + b64encode(b"demo@example.ru:no").decode()])
async def test_the_standin_lets_only_its_account_in(header: str | None) -> None:
    async with opened() as (_, standin), httpx2.AsyncClient() as client:
        sent = {} if header is None else {"Authorization": header}
        for path in ("sms/send", "sms/status", "sms/list", "viber/send", "viber/statistic", "balance", "blacklist/add"):
            assert (await client.post(f"{standin.url}/{path}", json=GOOD, headers=sent)).status_code == 401
        assert (await client.get(f"{standin.url}/balance")).status_code == 405


def test_prices_are_exact_and_never_rounded_down() -> None:
    assert [kopecks(price) for price in ("4.10", 5.2, "0", 3, "1.001", None, "x", -1, True)] == [
        *(410, 520, 0, 300, 101),
        *(None, None, None, None),
    ]
    assert [whole(each) for each in (7, "7", "-3", "٣", "", None, True, "9" * 30)] == [7, 7, -3, *[None] * 5]
