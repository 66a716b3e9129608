"""Where the acquirer posts: by the unguessable address alone, kept and answered at once, never a 500 (security.md 6.4)."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx2
import pytest

from api.app import create_app
from api.payments import open_acquirer
from api.settings import Settings
from integrations.standins.orders import HookFault
from integrations.standins.yookassa.server import YooKassaStandin
from loyalty.payments import PaymentState
from models import database
from services.payments import events
from tests.makers.app import ORIGIN, opened
from tests.makers.payments import Shop, acquirer_of, shop_of, standing_in
from tests.makers.resources import make_keyring, make_resources

PATH = f"{events.PATH}/{events.token_of(make_keyring())}"
GOOD = {"type": "notification", "event": "payment.succeeded", "object": {"id": "2a-7"}}


@asynccontextmanager
async def door(
    standin: YooKassaStandin, now: datetime, *, caller: str = "127.0.0.1", **settings: Any
) -> AsyncIterator[httpx2.AsyncClient]:
    async with acquirer_of(standin) as acquirer:
        resources = replace(make_resources(), payments=acquirer)
        app = create_app(Settings(**settings), resources=resources, clock=lambda: now, documents={})
        transport = httpx2.ASGITransport(app=app, raise_app_exceptions=True, client=(caller, 1))
        async with opened(app), httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
            yield client


@pytest.fixture
async def standin(db: None, now: datetime) -> AsyncIterator[YooKassaStandin]:
    async with standing_in(lambda: now) as one:
        yield one


async def kept() -> list[str]:
    return [row["state"] for row in await database.fetch("SELECT state FROM payment_event")]


async def test_who_does_not_know_the_address_leaves_nothing(standin: YooKassaStandin, now: datetime) -> None:
    async with door(standin, now) as client:
        for path in (f"{events.PATH}/{'0' * 32}", f"{events.PATH}/п"):
            assert (await client.post(path, json=GOOD)).status_code == 401
        assert (await client.post(PATH, content=b"a=b")).status_code == 415
        assert (await client.get(PATH)).status_code == 405
    assert await kept() == []


async def test_a_notification_is_kept_once_and_answered_200(standin: YooKassaStandin, now: datetime) -> None:
    async with door(standin, now) as client:
        for _ in range(10):
            assert (await client.post(PATH, json=GOOD)).status_code == 200
    assert await kept() == ["NEW"]


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'{"type":"notification"}', b"\xff\xfe", b"\x00" * 100])
async def test_what_cannot_be_read_is_put_aside_in_the_open(
    standin: YooKassaStandin, now: datetime, body: bytes
) -> None:
    async with door(standin, now) as client:
        for _ in range(2):
            answer = await client.post(PATH, content=body, headers={"content-type": "application/json"})
            assert answer.status_code == 200
    assert await kept() == ["ASIDE"]


async def test_too_much_is_refused(standin: YooKassaStandin, now: datetime) -> None:
    async with door(standin, now) as client:
        big = json.dumps(GOOD | {"x": "x" * 70_000}).encode()
        assert (await client.post(PATH, content=big, headers={"content-type": "application/json"})).status_code == 413
    assert await kept() == []


@pytest.mark.parametrize(("caller", "status"), [("185.71.76.5", 200), ("2a02:5180::7", 200), ("203.0.113.9", 401)])
async def test_only_its_networks_are_heard_where_they_are_set(
    standin: YooKassaStandin, now: datetime, caller: str, status: int
) -> None:
    networks = ("185.71.76.0/27", "2a02:5180::/32")
    async with door(standin, now, caller=caller, yookassa_networks=networks) as client:
        assert (await client.post(PATH, json=GOOD)).status_code == status


async def test_a_sandbox_takes_no_money() -> None:
    keys: dict[str, Any] = {"yookassa_shop_id": "1", "yookassa_secret_key": "k"}
    async with open_acquirer(Settings(sandbox=True, **keys)) as none, open_acquirer(Settings(**keys)) as some:
        assert none is None
        assert some is not None


@pytest.fixture
async def shop(db: None, now: datetime, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Shop]:
    async with shop_of(now, monkeypatch) as one:
        yield one


@pytest.mark.parametrize(("fault", "rows"), [("duplicate", 3), ("reorder", 3), ("drop", 0)])
async def test_the_stand_ins_own_notifications_end_well_whatever_happens_to_them(
    shop: Shop, fault: HookFault, rows: int
) -> None:
    """Ten of each, newest first, or none, and a door that is shut at first: two payments and one refund."""
    app = create_app(Settings(), resources=shop.resources, clock=shop.clock, documents={})
    shop.plan.hooks = {fault: 100}
    shop.standin.post_to(f"{ORIGIN}{PATH}")
    notifications = shop.standin.notifications
    notifications.transport = httpx2.ASGITransport(app=app)
    one, two = [await shop.opened() for _ in range(2)]
    shop.standin.pay(str(one.provider_id))
    shop.standin.pay(str(two.provider_id))

    async def heard() -> None:
        notifications.let_go()
        await notifications.settled()
        # Nobody would have to be told: whoever waits asks.
        await (shop.pass_time(4, minutes=5) if fault == "drop" else shop.work())

    async with opened(app):
        await heard()
        assert {(await shop.fresh(each)).state for each in (one, two)} == {PaymentState.SUCCEEDED}
        await shop.refund(one, 100)
        await shop.work()
        await heard()
    assert await shop.heard() == {"paid": 2, "refund.succeeded": 1}
    assert await kept() == ["DONE"] * rows
    assert notifications.lost == (3 if fault == "drop" else 0)
