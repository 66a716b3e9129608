"""Subscriptions: graphql-transport-ws from the handshake to the end, with one credential and our own pages."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from hashlib import sha256
from typing import Any

import pytest

from api import sockets
from api.app import Kunak, create_app
from api.settings import Settings
from graph import faults
from services.sessions import end_sessions
from services.work import work
from tests.makers.app import opened
from tests.makers.credentials import make_token
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.sockets import Closed, Refused, socket_of
from tests.makers.toy_schema import SECRET, toy_schema

TICKS = "subscription { ticks }"


@pytest.fixture
async def app(now: datetime) -> AsyncIterator[Kunak]:
    settings = Settings(base_url="https://card.example")
    documents = {sha256(TICKS.encode()).hexdigest(): TICKS}
    made = create_app(settings, house=toy_schema(), resources=make_resources(), clock=lambda: now, documents=documents)
    async with opened(made):
        yield made


async def test_events_come_one_by_one_and_end(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        await socket.subscribe(TICKS, "a")
        assert [await socket.hear() for _ in range(3)] == [
            {"id": "a", "type": "next", "payload": {"data": {"ticks": 0}}},
            {"id": "a", "type": "next", "payload": {"data": {"ticks": 1}}},
            {"id": "a", "type": "complete"},
        ]
        await socket.subscribe("subscription ($n: Int!) { ticks(upto: $n) }", "a", variables={"n": 1})
        assert (await socket.hear())["payload"] == {"data": {"ticks": 0}}


async def test_a_trusted_document_is_known_by_its_hash(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        known = {"persistedQuery": {"version": 1, "sha256Hash": sha256(TICKS.encode()).hexdigest()}}
        await socket.say({"id": "a", "type": "subscribe", "payload": {"extensions": known}})
        assert (await socket.hear())["payload"] == {"data": {"ticks": 0}}


async def test_pings_are_answered_before_and_after_the_beginning(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.say({"type": "ping"})
        assert await socket.hear() == {"type": "pong"}
        await socket.begin()
        await socket.say({"type": "ping", "payload": {"at": 1}})
        await socket.say({"type": "pong"})
        assert await socket.hear() == {"type": "pong"}


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"query": "{ hello }"}, "INVALID_QUERY"),
        ({"query": "mutation { remember { __typename } }"}, "INVALID_QUERY"),
        ({"query": "subscription { tick }"}, "INVALID_QUERY"),
        ({"query": "subscription { ticks(upto: 1.5) }"}, "INVALID_QUERY"),
        ({"query": "subscription ($n: Int!) { ticks(upto: $n) }", "variables": {"n": "x"}}, "INVALID_QUERY"),
        ({"query": "subscription { a: ticks b: ticks }"}, "INVALID_QUERY"),
        ({"query": 1}, "INVALID_QUERY"),
        ({}, "INVALID_QUERY"),
        ([], "BAD_JSON"),
        ({"extensions": {"persistedQuery": {"sha256Hash": "0" * 64}}}, "INVALID_QUERY"),
        ({"query": "subscription { private }"}, "UNAUTHENTICATED"),
    ],
)
async def test_a_subscription_is_refused_with_a_code(app: Kunak, payload: Any, code: str) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        await socket.say({"id": "a", "type": "subscribe", "payload": payload})
        answer = await socket.hear()
        assert (answer["type"], answer["id"]) == ("error", "a")
        assert [error["extensions"]["code"] for error in answer["payload"]] == [code]
        await socket.subscribe(TICKS, "a")
        assert (await socket.hear())["type"] == "next", "the connection goes on"


async def test_a_fault_ends_one_subscription_and_says_nothing(app: Kunak) -> None:
    before = faults.FAULTS._value.get()
    async with socket_of(app) as socket:
        await socket.begin()
        await socket.subscribe("subscription { falls }")
        assert (await socket.hear())["payload"] == {"data": {"falls": 1}}
        answer = await socket.hear()
        assert answer["type"] == "error"
        assert answer["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert answer["payload"][0]["extensions"]["requestId"]
        assert SECRET not in str(answer)
        await socket.subscribe(TICKS)
        assert (await socket.hear())["type"] == "next"
    assert faults.FAULTS._value.get() == before + 1


@pytest.mark.parametrize(
    ("messages", "code"),
    [
        ([("nonsense", True)], 4400),
        ([("[]", True)], 4400),
        ([('{"type": 1}', True)], 4400),
        ([('{"type": "ping", "type": "ping"}', True)], 4400),
        ([('{"type": "ping", "a": ' + "[" * 5000 + "]" * 5000 + "}", True)], 4400),
        ([(" " * 70_000, True)], 4400),
        ([({"type": "subscribe", "id": "a", "payload": {"query": TICKS}}, False)], 4401),
        ([({"type": "connection_init", "payload": {"authorization": 1}}, False)], 4400),
        ([({"type": "connection_init"}, False), ({"type": "connection_init"}, False)], 4429),
        ([({"type": "connection_init"}, False), ({"type": "start", "id": "a"}, False)], 4400),
        ([({"type": "connection_init"}, False), ({"type": "subscribe", "payload": {"query": TICKS}}, False)], 4400),
        ([({"type": "connection_init"}, False), ({"type": "subscribe", "id": "a" * 129}, False)], 4400),
        ([({"type": "connection_init"}, False), ({"type": "complete", "id": 1}, False)], 4400),
    ],
)
async def test_who_does_not_keep_to_the_protocol_is_cut_off(app: Kunak, messages: Any, code: int) -> None:
    async with socket_of(app) as socket:
        for message, raw in messages:
            await socket.say(message, raw=raw)
        with pytest.raises(Closed) as closed:
            while True:
                await socket.hear()
        assert closed.value.code == code


async def test_messages_are_texts(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.say({"type": "connection_init"}, binary=True)
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4400


async def test_one_name_is_one_subscription(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        endless = "subscription { ticks(upto: 2147483647) }"
        await socket.subscribe(endless, "a")
        await socket.subscribe(endless, "a")
        with pytest.raises(Closed) as closed:
            while True:
                await socket.hear()
        assert closed.value.code == 4409


async def test_ten_subscriptions_are_the_most(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        for name in range(11):
            await socket.subscribe("subscription { ticks(upto: 2147483647) }", str(name))
        while (answer := await socket.hear())["type"] != "error":
            pass
        assert answer["id"] == "10"


async def test_a_completed_subscription_is_silent(app: Kunak) -> None:
    async with socket_of(app) as socket:
        await socket.begin()
        await socket.subscribe("subscription { ticks(upto: 2147483647) }", "a")
        await socket.hear()
        await socket.say({"id": "a", "type": "complete"})
        await socket.say({"type": "ping"})
        while (await socket.hear())["type"] != "pong":
            pass
        await asyncio.sleep(0.02)
        assert socket.outbox.empty()


async def test_nobody_waits_for_ever_to_begin(app: Kunak, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "INIT_SECONDS", 0.05)
    async with socket_of(app) as socket:
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4408


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("graphql-transport-ws2",)])
async def test_only_one_protocol_is_spoken(app: Kunak, protocols: tuple[str, ...]) -> None:
    with pytest.raises(Refused):
        async with socket_of(app, protocols=protocols):
            pass


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "", "https://card.example.evil.example", "https://kunak.test"]
)
async def test_a_page_of_somebody_elses_opens_no_socket_with_our_cookie(app: Kunak, origin: str) -> None:
    with pytest.raises(Refused):
        async with socket_of(app, ("origin", origin), ("cookie", "__Host-session=somebody")):
            pass


async def test_a_page_of_somebody_elses_may_bring_a_credential_but_not_our_cookie(
    app: Kunak, db: None, now: datetime
) -> None:
    """A widget on a partner's site says its token first and needs no Origin of ours; a cookie does."""
    await make_programme(now)
    member = await make_member(now)
    away = ("origin", "https://partner.example")
    async with socket_of(app, away) as socket:
        await socket.begin({"authorization": f"Bearer {await make_token(member, now)}"})
        await socket.subscribe("subscription { private }")
        assert (await socket.hear())["payload"] == {"data": {"private": str(member.id)}}
    for name in ("__Host-session", "__Host-till"):
        with pytest.raises(Refused):
            async with socket_of(app, away, ("cookie", f"{name}={await make_token(member, now, 'COOKIE')}")):
                pass


async def test_members_come_by_cookie_or_by_what_they_say_first(app: Kunak, db: None, now: datetime) -> None:
    await make_programme(now)
    member = await make_member(now)
    cookie, bearer = await make_token(member, now, "COOKIE"), await make_token(member, now, "BEARER")
    held = ("cookie", f"__Host-session={cookie}")
    said = {"authorization": f"Bearer {bearer}"}
    for headers, payload in (
        ([held, ("origin", "https://card.example")], None),
        ([held, ("origin", "http://kunak.test")], {}),
        ([], said),
        ([("authorization", f"Bearer {bearer}")], None),
    ):
        async with socket_of(app, *headers) as socket:
            await socket.begin(payload)
            await socket.subscribe("subscription { private }")
            assert (await socket.hear())["payload"] == {"data": {"private": str(member.id)}}
    async with socket_of(app, held) as socket:
        await socket.say({"type": "connection_init", "payload": said})
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4400, "two credentials"
    async with socket_of(app) as socket:
        await socket.begin({"authorization": "Bearer wrong"})
        await socket.subscribe("subscription { private }")
        assert (await socket.hear())["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_whoever_signs_out_hears_nothing_more(app: Kunak, db: None, now: datetime) -> None:
    """T8: the session is read again before every event, not only once in a while."""
    await make_programme(now)
    member = await make_member(now)
    async with socket_of(app) as socket:
        await socket.begin({"authorization": f"Bearer {await make_token(member, now)}"})
        await socket.subscribe("subscription { beats(seconds: 0.2) }")
        assert (await socket.hear())["payload"] == {"data": {"beats": 0}}
        async with work() as tx:
            await end_sessions(tx, member.id, now)
        while not socket.outbox.empty():
            await socket.hear()
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4401


async def test_a_socket_ends_with_its_session(
    app: Kunak, db: None, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "WATCH_SECONDS", 0.05)
    await make_programme(now)
    member = await make_member(now)
    async with socket_of(app) as socket:
        await socket.begin({"authorization": f"Bearer {await make_token(member, now)}"})
        await asyncio.sleep(0.12)
        assert socket.outbox.empty()
        async with work() as tx:
            await end_sessions(tx, member.id, now)
        with pytest.raises(Closed) as closed:
            await socket.hear()
        assert closed.value.code == 4401
