"""Stopped numbers stand in gateways' own lists too, and texts are priced by those who take the money (A-227)."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from functools import partial

import pytest

from integrations.messaging.calling import Line
from integrations.messaging.smsaero import SmsAero
from integrations.messaging.smsc import Smsc
from integrations.ports import Gateway
from integrations.standins.messaging.smsaero import SmsAeroStandin
from integrations.standins.messaging.smsc import SmscStandin
from loyalty.messages import Channel
from loyalty.tariffs import Price, Tariff
from models import database
from services.gateways import Gateways
from services.messages import stopping
from services.messages.pricing import prices
from services.resources import Resources
from tests.makers.messages import PHONE
from tests.makers.patience import rivals
from tests.makers.working import work_off

NUMBER = PHONE.removeprefix("+")


class Account:
    """SMS Aero with a list of its own, and SMSC without one."""

    def __init__(self, aero: SmsAeroStandin, smsc: SmscStandin, gateways: Gateways, resources: Resources) -> None:
        self.aero, self.smsc, self.gateways, self.resources = aero, smsc, gateways, resources

    @property
    def listed(self) -> list[str]:
        return list(self.aero.blacklist.values())

    async def work(self, now: datetime) -> list[str]:
        await work_off(self.resources, self.gateways, now)
        return self.listed


@pytest.fixture
async def account(resources: Resources, now: datetime) -> AsyncIterator[Account]:
    async with AsyncExitStack() as stack:
        aero = await stack.enter_async_context(SmsAeroStandin(lambda: now).open())
        smsc = await stack.enter_async_context(SmscStandin(lambda: now).open())
        lines = [Line(aero.url, auth=(aero.login, aero.key)), Line(smsc.url)]
        for line in lines:
            stack.push_async_callback(line.close)
        both: list[Gateway] = [SmsAero(lines[0], sign="KUNAK"), Smsc(lines[1], key=smsc.key, sender="KUNAK")]
        yield Account(aero, smsc, Gateways(both, {Channel.SMS: ("smsaero", "smsc")}), resources)


async def test_a_stop_of_everything_is_told_to_the_gateway_once(account: Account, now: datetime) -> None:
    """After the commit, by a job, and again when the gateway is back; adverts alone and other channels are our own matter."""
    stop = partial(stopping.stop, source="operator", now=now)
    await stop(Channel.SMS, PHONE, "MARKETING")
    await stop(Channel.VIBER, PHONE, "ALL")
    await stop(Channel.EMAIL, "anna@example.ru", "ALL")
    assert await account.work(now) == []
    account.aero.exchange.plan.often = {"503": 100}
    await stop(Channel.SMS, PHONE, "ALL")
    assert await account.work(now) == []
    account.aero.exchange.plan.often = {}
    for _ in range(3):
        await stop(Channel.SMS, PHONE, "ALL")
        assert await account.work(now + timedelta(minutes=10)) == [NUMBER]
    assert await database.fetchval("SELECT count(*) FROM job WHERE payload::text LIKE '%' || $1 || '%'", NUMBER) == 0
    await stop(Channel.SMS, PHONE, "MARKETING")
    assert await account.work(now + timedelta(minutes=20)) == [], "codes go there again"


async def test_a_lost_answer_enters_a_number_once(account: Account, now: datetime) -> None:
    await stopping.stop(Channel.SMS, PHONE, "ALL", source="operator", now=now)
    faults = account.aero.exchange.plan.faults
    account.aero.exchange.plan.slow_seconds = 0.0
    faults.extend(["late", "lose"])  # the list is told, then the entry is made and nobody hears of it
    assert await account.work(now) == [NUMBER]
    assert not faults
    assert await account.work(now + timedelta(minutes=10)) == [NUMBER]


async def test_who_is_resumed_is_taken_out_of_the_gateways_list(account: Account, now: datetime) -> None:
    await stopping.stop(Channel.SMS, PHONE, "ALL", source="operator", now=now)
    assert await account.work(now) == [NUMBER]
    assert await stopping.resume(Channel.SMS, "8 (921) 123-45-67")
    account.aero.exchange.plan.often = {"503": 100}
    assert await stopping.resume_at(account.gateways, PHONE) == ["smsaero"], "whoever asked hears who is away"
    account.aero.exchange.plan.often = {}
    assert await stopping.resume_at(account.gateways, PHONE) == []
    assert (account.listed, await account.work(now + timedelta(hours=1))) == ([], [])


async def test_a_stop_that_ends_while_it_is_told_leaves_nothing_behind(account: Account, now: datetime) -> None:
    """Ten jobs at once, and a word taken back in between: the gateway says what stands here."""
    for scope in ("ALL", "MARKETING", "ALL"):
        await stopping.stop(Channel.SMS, PHONE, scope, source="operator", now=now)
    row = await database.fetchval("SELECT id FROM stopped_address")
    account.aero.exchange.plan.slow_seconds = 0.05
    account.aero.exchange.plan.faults.extend(["slow", "late"])
    told = partial(stopping.mirror, row, account.gateways)
    await rivals(told, partial(stopping.resume, Channel.SMS, PHONE))
    await stopping.mirror(row, account.gateways)
    await account.work(now)
    assert account.listed == []


async def test_a_text_is_priced_by_its_gateway_and_else_by_the_tariff(account: Account) -> None:
    """Nothing is sent, and no gateway that is away keeps a price back."""
    tariff = Tariff((Price("smsaero", Channel.SMS, 520), Price("smsc", Channel.SMS, 999)))
    account.smsc.exchange.plan.faults.append("503")
    away, there = [await prices(account.gateways, tariff, "8 921 123-45-67", "я" * 71) for _ in range(2)]
    assert [(one.gateway, one.kopecks) for one in away] == [("smsaero", 1040), ("smsc", 1998)]
    assert [bool(one.trouble) for one in away] == [False, True]
    assert [(one.gateway, one.tariff, one.told, one.kopecks) for one in there] == [
        ("smsaero", 1040, None, 1040),
        ("smsc", 1998, 820, 820),
    ]
    unknown, told = await prices(account.gateways, Tariff(), PHONE, "Да")
    assert (unknown.kopecks, told.kopecks) == (None, 410)
    assert not account.smsc.exchange.caught
    assert not account.aero.exchange.caught
