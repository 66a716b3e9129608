"""What may be sent to /graphql at all: the transport table of the corpus, line by line (security.md 6.2)."""

import gzip
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from api.app import Kunak, create_app
from api.settings import Settings
from tests.makers.app import client_of
from tests.makers.resources import make_resources
from tests.makers.toy_schema import toy_schema

HELLO = json.dumps({"query": "{ hello }"}).encode()
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def app() -> Kunak:
    return create_app(Settings(introspection=True), house=toy_schema(), resources=make_resources(), documents={})


@pytest.fixture
async def client(app: Kunak) -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(app) as opened:
        yield opened


def code_of(answer: httpx2.Response) -> str:
    body = answer.json()
    assert set(body) == {"errors"}
    assert len(body["errors"]) == 1
    code: str = body["errors"][0]["extensions"]["code"]
    return code


async def test_a_request_is_answered(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/graphql", content=HELLO, headers=JSON)
    assert (answer.status_code, answer.json()) == (200, {"data": {"hello": "Hello, guest"}})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert len(answer.headers["x-request-id"]) == 16


NOT_JSON: dict[str, bytes] = {
    "empty": b"",
    "spaces": b"  ",
    "broken": b'{"query": "{ hello }"',
    "trailing": HELLO + b"x",
    "twice": HELLO * 2,
    "null": b"null",
    "number": b"1",
    "string": b'"a"',
    "true": b"true",
    "batch": b"[" + HELLO + b"]",
    "empty batch": b"[]",
    "not utf-8": b'{"query": "{ hello }", "a": "\xff\xfe"}',
    "utf-16": HELLO.decode().encode("utf-16"),
    "utf-32": HELLO.decode().encode("utf-32"),
    "byte order mark": b"\xef\xbb\xbf" + HELLO,
    "depth 33": b'{"query": "{ hello }", "variables": {"a": ' + b"[" * 31 + b"]" * 31 + b"}}",
    "depth 30000": b'{"query": "{ hello }", "variables": ' + b'{"a":' * 10_000 + b"1" + b"}" * 10_000 + b"}",
    "open brackets": b"[" * 60_000,
    "5000 digits": b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 5000 + b"}}",
    "21 digits": b'{"query": "{ hello }", "variables": {"a": ' + b"9" * 21 + b"}}",
    "same key twice": b'{"query": "{ hello }", "query": "{ hello }"}',
    "same key twice inside": b'{"query": "{ hello }", "variables": {"a": {"b": 1, "b": 2}}}',
    "same key in another spelling": b'{"query": "{ hello }", "qu\\u0065ry": "{ hello }"}',
    "NaN": b'{"query": "{ hello }", "variables": {"a": NaN}}',
    "Infinity": b'{"query": "{ hello }", "variables": {"a": -Infinity}}',
    "1e999": b'{"query": "{ hello }", "variables": {"a": 1e999}}',
    "raw line feed in a string": b'{"query": "{\n hello }"}',
    "single quotes": b"{'query': '{ hello }'}",
    "comment": b'{"query": "{ hello }" /* */}',
}
NO_REQUEST: dict[str, Any] = {
    "no document": {},
    "empty document": {"query": ""},
    "null document": {"query": None},
    "document is a number": {"query": 1},
    "document is a list": {"query": ["{ hello }"]},
    "variables are a list": {"query": "{ hello }", "variables": []},
    "variables are a text": {"query": "{ hello }", "variables": "{}"},
    "operation is a number": {"query": "{ hello }", "operationName": 1},
    "extensions are a list": {"query": "{ hello }", "extensions": []},
    "unknown operation": {"query": "query A { hello }", "operationName": "B"},
    "operation of a nameless document": {"query": "{ hello }", "operationName": "A"},
    "two operations": {"query": "query A { hello } query B { hello }"},
    "two operations, one named": {"query": "query A { hello } query B { hello }", "operationName": "A"},
    "hash is a number": {"extensions": {"persistedQuery": {"sha256Hash": 1}}},
    "hash of nothing known": {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}},
    "persisted query is a list": {"extensions": {"persistedQuery": []}},
    "missing variable": {"query": "query ($a: Int!) { slow(seconds: $a) }"},
    "wrong variable": {"query": "query ($a: Int!) { slow(seconds: $a) }", "variables": {"a": "kopeck"}},
    "2^31": {"query": "query ($a: Int!) { slow(seconds: $a) }", "variables": {"a": 2**31}},
    "subscription": {"query": "subscription { ticks }"},
}


@pytest.mark.parametrize("body", NOT_JSON.values(), ids=NOT_JSON.keys())
async def test_what_is_no_json_object_is_bad_json(client: httpx2.AsyncClient, body: bytes) -> None:
    answer = await client.post("/graphql", content=body, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (400, "BAD_JSON")
    assert "hello" not in answer.text


@pytest.mark.parametrize("body", NO_REQUEST.values(), ids=NO_REQUEST.keys())
async def test_what_is_no_operation_is_an_invalid_query(client: httpx2.AsyncClient, body: Any) -> None:
    answer = await client.post("/graphql", json=body)
    assert (answer.status_code, code_of(answer)) == (400, "INVALID_QUERY")
    assert "kopeck" not in answer.text


async def test_depth_32_is_no_sin(client: httpx2.AsyncClient) -> None:
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    answer = await client.post("/graphql", json={"query": "{ hello }", "variables": {"a": deep}})
    assert answer.status_code == 200


async def test_brackets_in_a_text_are_no_depth(client: httpx2.AsyncClient) -> None:
    answer = await client.post(
        "/graphql", json={"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": '{["\\' * 100}}
    )
    assert answer.json()["data"]["hello"].startswith('Hello, {["')


async def test_one_point_nought_is_a_whole_number(client: httpx2.AsyncClient) -> None:
    """GraphQL says that a number without a fraction may be written with one."""
    answer = await client.post(
        "/graphql", json={"query": "query ($a: Int!) { slow(seconds: $a) }", "variables": {"a": 0.0}}
    )
    assert answer.json() == {"data": {"slow": "late"}}


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"])
async def test_only_post_is_a_method(client: httpx2.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/graphql?query={hello}", headers=JSON)
    assert answer.status_code == 405
    assert answer.headers["allow"] == "POST"
    assert method == "HEAD" or code_of(answer) == "METHOD_NOT_ALLOWED"


@pytest.mark.parametrize(
    "kind",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "application/json, text/plain",
        "application/json; charset=utf-16",
        "application/json; charset=utf-8; charset=utf-16",
        "application/graphql",
        "application/xml",
    ],
)
async def test_only_json_is_a_type(client: httpx2.AsyncClient, kind: str | None) -> None:
    answer = await client.post("/graphql", content=HELLO, headers={} if kind is None else {"content-type": kind})
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_TYPE")


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", 'Application/JSON;charset="UTF-8"', "application/json "]
)
async def test_json_may_say_that_it_is_utf_8(client: httpx2.AsyncClient, kind: str) -> None:
    assert (await client.post("/graphql", content=HELLO, headers={"content-type": kind})).status_code == 200


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "identity, gzip", "nonsense"])
async def test_bodies_are_not_compressed(client: httpx2.AsyncClient, encoding: str) -> None:
    answer = await client.post("/graphql", content=gzip.compress(HELLO), headers={**JSON, "content-encoding": encoding})
    assert (answer.status_code, code_of(answer)) == (415, "UNSUPPORTED_TYPE")


@pytest.mark.parametrize("size", [64 * 1024 + 1, 10**6, 5 * 10**7])
async def test_64_kb_is_the_most(client: httpx2.AsyncClient, size: int) -> None:
    answer = await client.post("/graphql", content=b" " * size, headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "TOO_LARGE")


async def test_64_kb_are_allowed(client: httpx2.AsyncClient) -> None:
    answer = await client.post("/graphql", content=HELLO.ljust(64 * 1024), headers=JSON)
    assert answer.status_code == 200


async def test_a_body_without_a_length_is_counted_as_it_comes(client: httpx2.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1024
            yield b" " * 1024

    answer = await client.post("/graphql", content=endless(), headers=JSON)
    assert (answer.status_code, code_of(answer)) == (413, "TOO_LARGE")
    assert sent <= 66 * 1024


@pytest.mark.parametrize("length", ["65537", "9" * 5000, "-1", "1e3", "+5", "", "0x10"])
async def test_a_length_is_believed_before_the_body_is_read(app: Kunak, length: str) -> None:
    told: list[Any] = []

    async def never() -> Any:
        raise AssertionError("the body was read")

    async def send(message: Any) -> None:
        told.append(message)

    headers = [(b"content-type", b"application/json"), (b"content-length", length.encode())]
    async with client_of(app):
        await app({"type": "http", "method": "POST", "path": "/graphql", "headers": headers}, never, send)
    assert told[0]["status"] == 413
    assert (b"connection", b"close") in told[0]["headers"]


async def test_a_browser_finds_graphiql_where_the_schema_is_open(
    client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("api.playground.FILES", tmp_path / "nothing")
    answer = await client.get("/graphql", headers={"accept": "text/html"})
    assert (answer.status_code, "make demo" in answer.text) == (200, True)
    monkeypatch.setattr("api.playground.FILES", tmp_path)
    answer = await client.get("/graphql", headers={"accept": "text/html,application/xhtml+xml"})
    assert answer.status_code == 200
    assert "GraphiQL" in answer.text
    assert "https://" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "'X-Kunak': '1'" in answer.text


async def test_a_browser_finds_nothing_in_production() -> None:
    closed = create_app(Settings(), house=toy_schema(), resources=make_resources(), documents={})
    async with client_of(closed) as client:
        answer = await client.get("/graphql", headers={"accept": "text/html"})
        assert answer.status_code == 404
        assert "GraphiQL" not in answer.text
