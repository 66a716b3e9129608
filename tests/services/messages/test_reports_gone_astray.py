"""Behind every fault of a gateway's own reports a text ends right: ten times, turned round, and never (security.md 5)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.messaging.calling import Line
from integrations.messaging.edna import Edna
from integrations.messaging.smsaero import SmsAero
from integrations.messaging.smsc import Smsc
from integrations.ports import Gateway
from integrations.standins.messaging.edna import EdnaStandin
from integrations.standins.messaging.exchange import Exchange
from integrations.standins.messaging.smsaero import SmsAeroStandin
from integrations.standins.messaging.smsc import SmscStandin
from integrations.standins.orders import HookFault
from loyalty.messages import Channel
from models import database
from services.gateways import Gateways
from services.messages.hooks import callback_url
from services.resources import Policy, Resources
from tests.makers.app import ORIGIN, opened
from tests.makers.messages import attempt_rows, make_reachable, plan_one, state_of
from tests.makers.working import work_off

FAULTS: list[HookFault] = ["duplicate", "reorder", "drop"]
WAIT = timedelta(seconds=Policy().notice_wait_seconds)


@asynccontextmanager
async def gateway_of(name: str, now: datetime, resources: Resources) -> AsyncIterator[tuple[Gateway, Exchange]]:
    """A gateway's adapter on its stand-in, which posts its reports where the operator was told to have them posted."""
    ours = str(callback_url(ORIGIN, name, resources.keyring))
    if name == "smsaero":
        async with SmsAeroStandin(lambda: now).open() as aero:
            line = Line(aero.url, auth=(aero.login, aero.key))
            yield SmsAero(line, sign="KUNAK"), aero.exchange
    elif name == "edna":
        async with EdnaStandin(lambda: now).open() as edna:
            edna.post_to(ours)
            line = Line(edna.url, headers={"X-API-KEY": edna.key})
            yield Edna(line, cascades={Channel.SMS: 211}, clock=lambda: now), edna.exchange
    else:
        async with SmscStandin(lambda: now).open() as smsc:
            smsc.hook = ours
            line = Line(smsc.url)
            yield Smsc(line, key=smsc.key, sender="KUNAK"), smsc.exchange
    await line.close()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["smsaero", "edna", "smsc"])
async def test_a_text_is_one_text_whatever_happens_to_its_reports(
    resources: Resources, now: datetime, name: str, fault: HookFault
) -> None:
    """What nobody reports is asked for at the end of its wait; edna cannot be asked, and its text stays sent."""
    async with gateway_of(name, now, resources) as (gateway, exchange):
        gateways = Gateways([gateway], {Channel.SMS: (name,)}, hooks=ORIGIN)
        app = create_app(Settings(), resources=replace(resources, base_url=ORIGIN), clock=lambda: now, documents={})
        exchange.transport, exchange.plan.hooks = httpx2.ASGITransport(app=app), {fault: 100}
        message = await plan_one(await make_reachable(resources, now), now)
        async with opened(app):
            await work_off(resources, gateways, now)
            await exchange.settled()
            await work_off(resources, gateways, now)
        if fault == "drop":
            assert (await state_of(message), exchange.lost) == ("SENT", 2)
            await work_off(resources, gateways, now + WAIT)
        ends = "SENT" if (name, fault) == ("edna", "drop") else "DELIVERED"
        assert await state_of(message) == ends
        assert (len(exchange.caught), len(await attempt_rows(message))) == (1, 1)
        counted = await database.fetchval("SELECT coalesce(sum(times), 0) FROM delivery_report")
        assert counted == {"duplicate": 20, "reorder": 2, "drop": 0}[fault]
        assert await database.fetchval("SELECT count(*) FROM delivery_report WHERE state <> 'DONE'") == 0
