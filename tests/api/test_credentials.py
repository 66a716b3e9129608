"""Credentials on the wire: one a request, each by its own way, and a browser's only from our own pages."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest

from api.app import Kunak, create_app
from api.settings import Settings
from loyalty.refusals import Code, Refusal
from models import database
from services import tills
from services.callers import Caller
from services.sessions import end_sessions
from services.work import work
from tests.makers.app import ORIGIN, client_of
from tests.makers.credentials import make_token
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.statements import statements_of
from tests.makers.toy_schema import toy_schema

OURS = {"x-kunak": "1"}


@dataclass
class Clock:
    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Scene:
    """A member, a till and the doors they knock at."""

    client: httpx2.AsyncClient
    clock: Clock
    member: MadeMember
    cookie: str
    bearer: str
    till: tills.TillFacts
    key: str
    pairing: str

    async def ask(self, text: str, *headers: tuple[str, str | bytes]) -> httpx2.Response:
        raw = [(name.encode(), value if isinstance(value, bytes) else value.encode()) for name, value in headers]
        return await self.client.post("/graphql", json={"query": text}, headers=raw)

    async def who(self, *headers: tuple[str, str]) -> str | None:
        """Who the shell takes the sender for: the member's id, the till's name or nobody."""
        for text, field in (("{ mine }", "mine"), ("{ counter }", "counter")):
            body = (await self.ask(text, *headers)).json()
            if body.get("data"):
                return str(body["data"][field])
        return None


def toy_app(clock: Clock) -> Kunak:
    settings = Settings(base_url="https://card.example")
    return create_app(settings, house=toy_schema(), resources=make_resources(), clock=clock, documents={})


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now)
    member, clock = await make_member(now), Clock(now)
    till, key = await make_till(now)
    _, pairing, _ = await tills.pair(key, Caller(address="192.0.2.1"), make_resources(), now)
    tokens = await make_token(member, now, "COOKIE"), await make_token(member, now, "BEARER")
    async with client_of(toy_app(clock)) as client:
        yield Scene(client, clock, member, *tokens, till, key, pairing)


def cookie(*pairs: str) -> tuple[str, str]:
    return ("cookie", "; ".join(pairs))


async def test_each_credential_opens_its_own_door(scene: Scene) -> None:
    member, till = str(scene.member.id), scene.till.name
    assert await scene.who(cookie(f"__Host-session={scene.cookie}"), ("x-kunak", "1")) == member
    assert await scene.who(("authorization", f"Bearer {scene.bearer}")) == member
    assert await scene.who(("authorization", f"bearer  {scene.bearer} ")) == member
    assert await scene.who(("authorization", f"Till {scene.key}")) == till
    paired = cookie(f"__Host-session={scene.cookie}", f"__Host-till={scene.pairing}")
    assert await scene.who(paired, ("x-kunak", "1"), ("x-kunak-credential", "till")) == till
    assert await scene.who(paired, ("x-kunak", "1")) == member
    assert await scene.who() is None


async def test_a_wrong_credential_is_nobody(scene: Scene) -> None:
    for headers in (
        [("authorization", "Bearer wrong")],
        [("authorization", "Bearer ")],
        [("authorization", "Basic dTpw")],
        [("authorization", f"Till {scene.bearer}")],
        [("authorization", f"Bearer {scene.key}")],
        [("authorization", f"Bearer {scene.bearer}x")],
        [("authorization", "Bearer " + "a" * 5000)],
        [("authorization", b"Bearer \xff\xfe")],
        # A cookie's token is no bearer token, and the other way round.
        [("authorization", f"Bearer {scene.cookie}")],
        [cookie(f"__Host-session={scene.bearer}"), ("x-kunak", "1")],
        [cookie("__Host-session="), ("x-kunak", "1")],
        [cookie(f"__Host-till={scene.pairing}"), ("x-kunak", "1")],
        [cookie(f"session={scene.cookie}"), ("x-kunak", "1")],
    ):
        refused = await scene.ask("{ mine }", *headers)
        assert refused.status_code == 200, headers
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", headers
        assert (await scene.ask("{ hello }", *headers)).json() == {"data": {"hello": "Hello, guest"}}


@pytest.mark.parametrize("first", ["cookie", "bearer", "till"])
@pytest.mark.parametrize("second", ["cookie", "bearer", "till"])
async def test_two_credentials_are_one_too_many(scene: Scene, first: str, second: str) -> None:
    shown = {
        "cookie": cookie(f"__Host-session={scene.cookie}"),
        "bearer": ("authorization", f"Bearer {scene.bearer}"),
        "till": ("authorization", f"Till {scene.key}"),
    }
    answer = await scene.ask("{ hello }", shown[first], shown[second], ("x-kunak", "1"))
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_QUERY")


async def test_one_cookie_sent_twice_is_two(scene: Scene) -> None:
    twice = cookie(f"__Host-session={scene.cookie}", f"__Host-session={scene.bearer}")
    assert (await scene.ask("{ mine }", twice, ("x-kunak", "1"))).status_code == 400


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [("x-kunak", "0")],
        [("x-kunak", "")],
        [("x-kunak", "1"), ("origin", "https://evil.example")],
        [("x-kunak", "1"), ("origin", "null")],
        [("x-kunak", "1"), ("origin", "https://card.example.evil.example")],
        [("x-kunak", "1"), ("origin", "http://card.example")],
        [("x-kunak", "1"), ("origin", "https://kunak.test")],
        [("x-kunak", "1"), ("origin", "")],
        [("x-kunak", "1"), ("origin", "https://card.example"), ("origin", "https://evil.example")],
    ],
)
async def test_a_page_of_somebody_elses_is_forbidden(scene: Scene, headers: list[tuple[str, str]]) -> None:
    answer = await scene.ask("mutation { remember { __typename } }", cookie(f"__Host-session={scene.cookie}"), *headers)
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["https://card.example", ORIGIN])
async def test_our_own_pages_are_not(scene: Scene, origin: str) -> None:
    held = cookie(f"__Host-session={scene.cookie}")
    assert (await scene.ask("{ mine }", held, ("x-kunak", "1"), ("origin", origin))).status_code == 200


async def test_headers_need_neither(scene: Scene) -> None:
    away = ("origin", "https://partner.example")
    assert (await scene.ask("{ mine }", ("authorization", f"Bearer {scene.bearer}"), away)).json()["data"]
    assert (await scene.ask("{ hello }", away)).json()["data"]


async def test_a_cookie_is_written_for_our_pages_alone(scene: Scene) -> None:
    answer = await scene.ask("mutation { remember { __typename } }")
    assert answer.headers["set-cookie"] == "__Host-session=token; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=60"


async def test_a_session_ends_at_once(scene: Scene) -> None:
    held = ("authorization", f"Bearer {scene.bearer}")
    assert await scene.who(held)
    async with work() as tx:
        await end_sessions(tx, scene.member.id, scene.clock.at)
    assert await scene.who(held) is None


async def test_an_ended_till_is_out_at_once_in_every_process(scene: Scene) -> None:
    """T8: two servers that have both just heard of the till, and nobody who tells them."""
    by_key = [("authorization", f"Till {scene.key}")]
    paired = [cookie(f"__Host-till={scene.pairing}"), ("x-kunak", "1"), ("x-kunak-credential", "till")]
    async with client_of(toy_app(scene.clock)) as another:
        other = replace(scene, client=another)
        for one in (scene, other):
            assert [await one.who(*held) for held in (by_key, paired)] == [scene.till.name] * 2
        await tills.unpair(replace(scene.till, pairing=await pairing_of(scene)), scene.clock.at)
        for one in (scene, other):
            assert [await one.who(*held) for held in (by_key, paired)] == [scene.till.name, None]
        await tills.revoke(scene.till.id, scene.clock.at)
        for one in (scene, other):
            assert await one.who(*by_key) is None


async def pairing_of(scene: Scene) -> UUID:
    found = await tills.till_by_session(scene.pairing, scene.clock.at)
    assert found is not None
    assert found.pairing is not None
    return found.pairing


async def test_a_till_that_is_ended_takes_its_pages_along(scene: Scene) -> None:
    paired = [cookie(f"__Host-till={scene.pairing}"), ("x-kunak", "1"), ("x-kunak-credential", "till")]
    assert await scene.who(*paired) == scene.till.name
    await tills.revoke(scene.till.id, scene.clock.at)
    assert await scene.who(*paired) is None


async def test_tills_that_ask_in_one_moment_are_told_apart_by_one_statement(scene: Scene, now: datetime) -> None:
    others = [await make_till(now, outlet="igora-bar") for _ in range(3)]
    keys = [scene.key, "kt_nobody", *(key for _, key in others), scene.key]

    async def all_of_them() -> None:
        found = await asyncio.gather(*map(tills.till_by_key, keys))
        named = [scene.till.id, None, *(till.id for till, _ in others), scene.till.id]
        assert [till and till.id for till in found] == named

    assert len(await statements_of(all_of_them())) == 1


async def test_a_member_is_no_till_and_a_till_no_member(scene: Scene) -> None:
    for text, held in (("{ counter }", f"Bearer {scene.bearer}"), ("{ mine }", f"Till {scene.key}")):
        body: Any = (await scene.ask(text, ("authorization", held))).json()
        assert body["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_a_mutation_says_no_in_its_union(scene: Scene) -> None:
    text = 'mutation { cancel(order: "x") { ... on Problem { code message requestId } } }'
    answer = await scene.client.post("/graphql", json={"query": text}, headers={"accept-language": "en"})
    assert answer.json()["data"]["cancel"] == {
        "code": "UNAUTHENTICATED",
        "message": "Sign in to go on.",
        "requestId": answer.headers["x-request-id"],
    }


async def test_till_keys_are_tried_ten_times_a_minute_and_pairings_end(db: None, now: datetime) -> None:
    """KUNAK_PAIR_PER_IP_MINUTE and KUNAK_TILL_SESSION_DAYS hold; another address is not the worse for it."""
    await make_programme(now)
    _, key = await make_till(now)
    resources, guesser = make_resources(till_session_days=30), Caller(address="192.0.2.1")
    told = await asyncio.gather(
        *(tills.pair(f"kt_{number}", guesser, resources, now) for number in range(12)), return_exceptions=True
    )
    codes = [answer.code for answer in told if isinstance(answer, Refusal)]
    assert sorted(codes) == [Code.LIMIT_REACHED] * 2 + [Code.UNAUTHENTICATED] * 10
    with pytest.raises(Refusal) as late:
        await tills.pair(key, guesser, resources, now)
    assert late.value.code is Code.LIMIT_REACHED
    assert await database.fetchval("SELECT count(*) FROM till_session") == 0
    _, pairing, ends = await tills.pair(key, Caller(address="192.0.2.2"), resources, now)
    assert ends == now + timedelta(days=30)
    assert await tills.till_by_session(pairing, ends - timedelta(seconds=1)) is not None
    assert await tills.till_by_session(pairing, ends) is None
