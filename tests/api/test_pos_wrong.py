"""Whatever is sent to the interface for plugins: a clear no, never a fault, and nothing changed."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from copy import deepcopy
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from loyalty.refusals import Code
from services.ledger import check_books
from services.resources import Resources
from tests.api.test_bodies import NOT_JSON
from tests.makers.hostile import MOMENTS, MONEY, TEXTS, UUIDS, WRONG_TYPES
from tests.makers.people import MadeMember, Phone, make_phone, make_till
from tests.makers.plugins import Clock, Plugin, closing, dish, plugin_of
from tests.makers.resources import make_resources
from tests.makers.restaurant import OUTLET, make_regular, sold
from tests.makers.state import state

VALUES = tuple({repr(one): one for one in (*TEXTS, *MONEY, *MOMENTS, *UUIDS, *WRONG_TYPES, None)}.values())
CODES = {code.value for code in Code}


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


@pytest.fixture
async def member(db: None, clock: Clock, resources: Resources) -> MadeMember:
    return await make_regular(resources, clock)


@pytest.fixture
async def phone(member: MadeMember, resources: Resources, clock: Clock) -> Phone:
    return await make_phone(resources, member.id, clock())


@pytest.fixture
async def plugin(member: MadeMember, clock: Clock) -> AsyncIterator[Plugin]:
    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    patient = make_resources(
        scan_wrong_before_wait=10**6, scan_wrong_per_till_hour=10**6, scan_wrong_per_card_day=10**6
    )
    async with plugin_of(patient, key, clock) as made:
        yield made


def paths(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place of a body."""
    if path:
        yield path
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from paths(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from paths(inner, (*path, place))


def spoilt(body: dict[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """The body with another value at a place."""
    copy = deepcopy(body)
    into: Any = copy
    for step in path[:-1]:
        into = into[step]
    into[path[-1]] = value
    return copy


async def bodies(plugin: Plugin, phone: Phone, clock: Clock) -> dict[str, dict[str, Any]]:
    """A good body of every call, of orders that are not closed yet."""
    order, lines = str(uuid4()), [dish("100.00", quantity="2")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    scan = {"scanId": str(uuid4()), "code": phone.code(clock(), later=-50), "scannedAt": clock().isoformat()}
    commit = closing(order, quote, lines, clock(), scan=scan, plugin=plugin.said(front="9.1"))
    refund: dict[str, Any] = {
        "order": order,
        "refund": str(uuid4()),
        "number": "R-1",
        "refundedAt": clock().isoformat(),
    }
    refund["lines"] = [{"item": lines[0]["item"], "product": "soup", "quantity": "1"}]
    return {
        "hello": {"plugin": plugin.said(front="9.1")},
        "identify": {"code": phone.code(clock(), later=-90), "scanId": str(uuid4())},
        "order": {"order": order},
        "quote": {"order": order, "ticket": str(uuid4()), "lines": lines},
        "reserve": {"order": order, "quote": quote["quote"], "discount": "0.01"},
        "commit": commit,
        "cancel": {"order": str(uuid4())},
        "refund": refund,
        "batch": {"events": [{"call": "commit", **commit}, {"call": "refund", **refund}]},
    }


async def test_no_value_anywhere_is_a_fault(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """6.3, 6.4: every hostile value at every place of every call: no 5xx, a code of the list, no echo."""
    sent = 0
    told = {"phone": "+79000000001", "scanId": str(uuid4())}
    for call, body in [*(await bodies(plugin, phone, clock)).items(), ("identify", told)]:
        for number, path in enumerate(paths(body)):
            # Each place meets a third of the values; neighbours meet the others.
            for value in VALUES[number % 3 :: 3]:
                try:
                    content = json.dumps(spoilt(body, path, value)).encode()
                except (ValueError, UnicodeEncodeError):
                    continue
                answer = await plugin.client.post(
                    f"/pos/v1/{call}",
                    content=content,
                    headers={"Authorization": f"Till {plugin.key}", "Content-Type": "application/json"},
                )
                sent += 1
                assert answer.status_code < 500, (call, path, value, answer.text)
                told = answer.json()
                if answer.status_code >= 400:
                    assert told["code"] in CODES | {"BAD_JSON", "TOO_LARGE"}, (call, path, value, told)
                    assert told["message"]
                for one in told.get("answers", ()):
                    assert one["done"] or one["problem"]["status"] < 500, (path, value, one)
    assert sent > 1500
    assert await check_books(clock()) == []


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
async def test_what_is_no_json_is_told_so(plugin: Plugin, body: bytes) -> None:
    headers = {"Authorization": f"Till {plugin.key}", "Content-Type": "application/json"}
    before = await state()
    answer = await plugin.client.post("/pos/v1/commit", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"] in {"BAD_JSON", "INVALID_INPUT"}) == (400, True)
    assert await state() == before


@pytest.mark.parametrize(
    ("method", "path", "headers", "expected"),
    [
        ("GET", "commit", {}, (405, "METHOD_NOT_ALLOWED")),
        ("POST", "commit", {"Content-Type": "text/xml"}, (415, "UNSUPPORTED_TYPE")),
        ("POST", "commit", {"Content-Encoding": "gzip"}, (415, "UNSUPPORTED_TYPE")),
        ("POST", "commit", {"Content-Length": "70000"}, (413, "TOO_LARGE")),
        ("POST", "commit", {"Authorization": "Till kt_wrong"}, (401, "UNAUTHENTICATED")),
        ("POST", "commit", {"Authorization": "Bearer kt_wrong"}, (401, "UNAUTHENTICATED")),
        ("POST", "commit", {"Authorization": ""}, (401, "UNAUTHENTICATED")),
        ("POST", "launch", {}, (404, "NOT_FOUND")),
        ("POST", "", {}, (404, "NOT_FOUND")),
        ("POST", "../graphql", {}, (404, "NOT_FOUND")),
    ],
)
async def test_what_is_turned_away_at_the_door(
    plugin: Plugin, method: str, path: str, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    usual = {"Authorization": f"Till {plugin.key}", "Content-Type": "application/json"}
    before = await state()
    request = plugin.client.build_request(method, f"/pos/v1/{path}", content=b"{}", headers=usual | headers)
    if path == "../graphql":
        request.url = request.url.copy_with(path="/pos/v1/..%2fgraphql")
    answer = await plugin.client.send(request)
    assert (answer.status_code, answer.json()["code"]) == expected
    assert answer.headers["cache-control"] == "no-store"
    assert await state() == before


async def test_sentences_come_in_the_readers_language(plugin: Plugin) -> None:
    body = {"order": str(uuid4()), "lines": [dish("1.00")]}
    russian = (await plugin.send("quote", body)).json()["message"]
    plugin.more["Accept-Language"] = "en"
    english = (await plugin.send("quote", body)).json()["message"]
    assert russian == "У этого заказа нет гостя. Сканируйте код гостя."
    assert english == "This order has no guest. Scan the guest's code."


async def test_a_dozen_terminals_commit_one_order(
    plugin: Plugin, phone: Phone, clock: Clock, resources: Resources
) -> None:
    """I-10: every terminal of a group hears that an order is closed and tells it, each with a key of its own."""
    keys = [(await make_till(clock(), outlet=OUTLET, channels=("TILL",)))[1] for _ in range(12)]
    group = [Plugin(plugin.client, key, clock, f"terminal {place}") for place, key in enumerate(keys)]
    order, lines = str(uuid4()), [dish("100.00"), dish("11.11")]
    quote = await plugin.ask("quote", order=order, ticket=await plugin.scanned(phone), lines=lines)
    back: dict[str, Any] = {"order": order, "refund": str(uuid4()), "number": "R-1", "refundedAt": clock().isoformat()}
    back["lines"] = [{"product": "soup", "net": "50.00"}]
    answers = await asyncio.gather(
        *(one.ask("commit", **closing(order, quote, lines, clock(), number=f"{n}")) for n, one in enumerate(group)),
        *(one.ask("refund", **back) for one in group),
    )
    assert {answer["result"] for answer in answers[:12]} == {"POSTED"}
    assert len({answer["purchase"]["id"] for answer in answers[:12]}) == 1
    assert {answer["result"] for answer in answers[12:]} <= {"WAITING", "REFUNDED"}
    assert (await plugin.ask("refund", **back))["purchase"]["refunded"] == "50.00"
    assert [(net, returned) for _, net, returned in await sold()] == [(10_555, 5000)]
    assert await check_books(clock()) == []


async def test_rivals_share_no_kept_scan(plugin: Plugin, phone: Phone, clock: Clock) -> None:
    """I-29: one kept code among a dozen orders makes one purchase."""
    scan = {"scanId": str(uuid4()), "code": phone.code(clock()), "scannedAt": clock().isoformat()}
    asked = [
        plugin.send(
            "commit", closing(str(uuid4()), None, [dish("1.00")], clock(), scan=scan | {"scanId": str(uuid4())})
        )
        for _ in range(12)
    ]
    answers = await asyncio.gather(*asked)
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 11
    assert len(await sold()) == 1
