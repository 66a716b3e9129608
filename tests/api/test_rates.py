"""How often a key may ask, and what it was given: told in headers, refused with a code, and nothing has moved."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from loyalty.refusals import Code, Refusal
from models import database
from services.identify import identify
from services.quotes import quote_purchase
from services.refunds import RefundCommand, refund_purchase
from services.resources import Resources
from services.tills import SCOPES, add_till, till_by_key
from tests.makers.app import client_of
from tests.makers.people import make_member, make_phone
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase, make_ticket
from tests.makers.resources import make_resources
from tests.makers.state import state

WHO = {"query": "{ till { id scopes } }"}


@dataclass
class Clock:
    now: datetime


@dataclass
class Scene:
    client: httpx2.AsyncClient
    clock: Clock
    resources: Resources

    async def ask(self, key: str) -> httpx2.Response:
        return await self.client.post("/graphql", json=WHO, headers={"authorization": f"Till {key}"})


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now)
    clock, resources = Clock(now), make_resources(requests_per_system_minute=3)
    app = create_app(Settings(introspection=True), resources=resources, clock=lambda: clock.now, documents={})
    async with client_of(app) as client:
        yield Scene(client, clock, resources)


async def make_key(now: datetime, *, scopes: tuple[str, ...] = SCOPES, per_minute: int | None = None) -> str:
    """A key of a web shop."""
    _, key = await add_till(
        "Магазин",
        "igora",
        "igora-restaurant",
        kind="SYSTEM",
        channels=["SHOP", "TILL"],
        now=now,
        scopes=scopes,
        per_minute=per_minute,
    )
    return key


async def test_every_answer_says_how_often_a_key_may_still_ask(scene: Scene, now: datetime) -> None:
    """A-237: by the draft's fields; the fourth in a minute is 429, and in the next minute all is well."""
    key = await make_key(now)
    for left in (2, 1, 0):
        answer = await scene.ask(key)
        assert answer.status_code == 200
        assert answer.headers["ratelimit-policy"] == '"key";q=3;w=60'
        assert answer.headers["ratelimit"] == f'"key";r={left};t=60'
    scene.clock.now = now + timedelta(seconds=20)
    refused = await scene.ask(key)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "40")
    assert refused.headers["ratelimit"] == '"key";r=0;t=40'
    told = refused.json()["errors"][0]["extensions"]
    assert (told["code"], told["retryable"], told["retryAfterSeconds"]) == ("LIMIT_REACHED", True, 40)
    other = await make_key(now)
    assert (await scene.ask(other)).status_code == 200
    scene.clock.now = now + timedelta(seconds=61)
    assert (await scene.ask(key)).headers["ratelimit"] == '"key";r=2;t=60'


async def test_a_key_may_have_a_rate_of_its_own_in_restaurants_too(scene: Scene, now: datetime) -> None:
    key = await make_key(now, per_minute=1)
    headers = {"authorization": f"Till {key}"}
    order = {"order": str(uuid4())}
    first = await scene.client.post("/pos/v1/order", json=order, headers=headers)
    assert first.headers["ratelimit"] == '"key";r=0;t=60'
    second = await scene.client.post("/pos/v1/order", json=order, headers=headers)
    assert (second.status_code, second.json()["code"]) == (429, "LIMIT_REACHED")
    assert second.headers["retry-after"] == "60"
    assert (await scene.ask(key)).status_code == 429


async def test_whoever_has_no_key_is_told_nothing_of_rates(scene: Scene) -> None:
    for headers in ({}, {"authorization": "Till kt_unknown"}):
        answer = await scene.client.post("/graphql", json={"query": "{ programme { name } }"}, headers=headers)
        assert answer.status_code == 200
        assert "ratelimit" not in answer.headers


async def test_a_key_does_what_it_was_given_and_no_more(scene: Scene, now: datetime) -> None:
    """T26: EARN, SPEND and REFUND are told by `till`, each is refused where it was not given, and nothing moves."""
    member = await make_member(now)
    phone = await make_phone(scene.resources, member.id, now)
    whole = await till_by_key(await make_key(now))
    assert whole is not None
    bought = (await make_purchase(scene.resources, whole, member, [dinner(100)], now, channel="TILL")).purchase
    for scopes, asked in (
        (("REFUND",), "identify"),
        (("REFUND",), "quote"),
        (("EARN",), "spend"),
        (("EARN", "SPEND"), "refund"),
    ):
        key = await make_key(now, scopes=scopes)
        assert (await scene.ask(key)).json()["data"]["till"]["scopes"] == list(scopes)
        till = await till_by_key(key)
        assert till is not None
        ticket = await make_ticket(till, member, now)
        before = await state(everything=True)
        with pytest.raises(Refusal) as caught:
            if asked == "identify":
                await identify(scene.resources, till, scan_id=uuid4(), code=phone.code(now), now=now)
            elif asked == "refund":
                wanted = RefundCommand(str(uuid4()), bought.id, None, None, "1", now, None)
                await refund_purchase(scene.resources, till, wanted, now=now)
            else:
                points = 10 if asked == "spend" else None
                await quote_purchase(till, ticket=ticket, lines=[dinner(10)], channel="TILL", now=now, points=points)
        assert (caught.value.code, caught.value.words) == (Code.FORBIDDEN, "till.scope")
        assert await state(everything=True) == before


async def test_a_key_of_before_scopes_gets_none_that_came_since(scene: Scene, now: datetime) -> None:
    """T26: whoever holds an old key is not found able to change members' data one morning."""
    key = await make_key(now)
    await database.execute("UPDATE till SET scopes = NULL")
    assert (await scene.ask(key)).json()["data"]["till"]["scopes"] == ["EARN", "SPEND", "REFUND"]
    till = await till_by_key(key)
    assert till is not None
    with pytest.raises(Refusal) as caught:
        till.require("MEMBERS")
    assert caught.value.code is Code.FORBIDDEN


@pytest.mark.parametrize("scopes", [(), ("EARN", "EVERYTHING"), ("earn",)])
async def test_scopes_that_there_are_not_are_refused(scene: Scene, now: datetime, scopes: tuple[str, ...]) -> None:
    before = await state(everything=True)
    with pytest.raises(Refusal) as caught:
        await make_key(now, scopes=scopes)
    assert (caught.value.code, caught.value.field) == (Code.INVALID_INPUT, "scopes")
    for rate in (0, -1, 10**9):
        with pytest.raises(Refusal):
            await make_key(now, per_minute=rate)
    assert await state(everything=True) == before
