"""Answers: refusals with a code, faults with nothing but a name, documents without echo, and what the log says."""

import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
import structlog

from api.app import Kunak, create_app
from api.logs import LINE_BYTES, configure_logs
from api.settings import Settings
from api.trusted import load_trusted
from tests.makers.app import client_of
from tests.makers.documents import HARMFUL
from tests.makers.logs import logged
from tests.makers.resources import make_resources
from tests.makers.toy_schema import SECRET, toy_schema

HELLO = "query Hello { hello }"
PASSWORD = "correct horse battery staple"


def toy_app(**more: Any) -> Kunak:
    documents = {sha256(HELLO.encode()).hexdigest(): HELLO}
    return create_app(Settings(**more), house=toy_schema(), resources=make_resources(), documents=documents)


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(toy_app(introspection=True)) as opened:
        yield opened


@pytest.fixture
async def production() -> AsyncIterator[httpx2.AsyncClient]:
    async with client_of(toy_app(developer_key="letmein")) as opened:
        yield opened


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is logged meanwhile, by the configuration of the server."""
    with logged() as stream:
        yield stream


async def ask(client: httpx2.AsyncClient, text: str, variables: Any = None, **headers: str) -> httpx2.Response:
    return await client.post("/graphql", json={"query": text, "variables": variables}, headers=headers)


async def test_a_refusal_in_a_query_is_a_coded_error(client: httpx2.AsyncClient) -> None:
    answer = await ask(client, "{ busy }", **{"accept-language": "en"})
    assert answer.status_code == 200
    assert answer.json() == {
        "data": None,
        "errors": [
            {
                "message": "There are too many requests right now. Try again in a few seconds.",
                "path": ["busy"],
                "extensions": {
                    "code": "BUSY",
                    "retryable": True,
                    "retryAfterSeconds": 1,
                    "requestId": answer.headers["x-request-id"],
                },
            }
        ],
    }


ORDER = "mutation ($input: OrderInput!) { order(input: $input) { ... on Order { gross names } ... on Problem { code field } } }"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"lines": [{"service": "a", "amount": "1"}, {"service": "a", "amount": "-1"}]}, "input.lines.1.amount"),
        ({"lines": [{"service": "a", "amount": "1", "name": "\x00"}]}, "input.lines.0.name"),
        ({"lines": [{"service": "\ud800", "amount": "1"}]}, "input.lines.0.service"),
        ({"lines": [{"service": "a", "amount": "1", "name": "x" * 1001}]}, "input.lines.0.name"),
        ({"at": "yesterday"}, "input.at"),
        ({"day": "2026-02-30"}, "input.day"),
        ({"key": "x"}, "input.key"),
    ],
)
async def test_a_value_is_refused_by_its_path(client: httpx2.AsyncClient, change: dict[str, Any], field: str) -> None:
    order = {"lines": [{"service": "a", "amount": "1"}], **change}
    body = json.dumps({"query": ORDER, "variables": {"input": order}})
    answer = await client.post("/graphql", content=body, headers={"content-type": "application/json"})
    assert answer.json() == {"data": {"order": {"code": "INVALID_INPUT", "field": field}}}


@pytest.mark.parametrize(
    ("change", "at"),
    [
        ({"lines": [{"service": "a", "amount": 5}]}, ".lines[0].amount"),
        ({"lines": [{"service": "a"}]}, ".lines[0]"),
        ({"lines": [{"service": "a", "amount": "1", "kopeck": PASSWORD}]}, ".lines[0]"),
        ({"points": 1.5}, ".points"),
        ({"points": "1"}, ".points"),
        ({"points": 2**53}, ".points"),
        ({"day": 20260101}, ".day"),
    ],
)
async def test_a_wrong_type_is_a_wrong_document(client: httpx2.AsyncClient, change: dict[str, Any], at: str) -> None:
    answer = await ask(client, ORDER, {"input": {"lines": [{"service": "a", "amount": "1"}], **change}})
    assert answer.status_code == 400
    told = answer.json()["errors"][0]
    assert told["extensions"] == {"code": "INVALID_QUERY"}
    assert told["message"] == f"Variable '$input' has a value of a wrong type at {at}."


@pytest.mark.parametrize(
    "text",
    [
        f"{{ hello(name: {PASSWORD!r}) }}".replace("'", '"').replace("hello", "helo"),
        f'mutation {{ breaks(pasword: "{PASSWORD}") {{ __typename }} }}',
        f'mutation {{ breaks(password: ["{PASSWORD}"]) {{ __typename }} }}',
        f'mutation {{ breaks(password: {{a: "{PASSWORD}"}}) {{ __typename }} }}',
        f'{{ rows(first: "{PASSWORD}") {{ place }} }}',
        f'query ($a: Int = "{PASSWORD}") {{ rows(first: $a) {{ place }} }}',
        f'{{ hello @include(if: "{PASSWORD}") }}',
        f'{{ hello """{PASSWORD}""" }}',
        f'{{ hello(name: "{PASSWORD}") {{ place }} }}',
    ],
)
async def test_a_literal_is_never_told_back(
    client: httpx2.AsyncClient, production: httpx2.AsyncClient, lines: io.StringIO, text: str
) -> None:
    for open_to in (client, production):
        answer = await ask(open_to, text)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (400, "INVALID_QUERY")
        assert PASSWORD not in answer.text
        assert "Did you mean" not in answer.text
    assert PASSWORD not in lines.getvalue()


@pytest.mark.parametrize("text", HARMFUL.values(), ids=HARMFUL.keys())
async def test_a_harmful_document_is_told_one_short_error(production: httpx2.AsyncClient, text: str) -> None:
    answer = await ask(production, text)
    assert answer.status_code == 400
    body = answer.json()
    assert len(body["errors"]) == 1
    assert len(answer.content) < 400
    assert "Did you mean" not in answer.text
    assert body["errors"][0]["extensions"]["code"] in {"INVALID_QUERY", "BAD_JSON"}


@pytest.mark.parametrize("text", ["{ __schema { types { name } } }", '{ __type(name: "Query") { name } }', "{ helo }"])
async def test_production_tells_nothing_about_the_schema(production: httpx2.AsyncClient, text: str) -> None:
    answer = await ask(production, text)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["message"] == "The document or its variables do not fit the schema."


async def test_a_developer_has_a_key(production: httpx2.AsyncClient) -> None:
    schema = "{ __schema { queryType { name } } }"
    assert (await ask(production, schema, **{"x-kunak-developer": "letmeinn"})).status_code == 400
    assert (await ask(production, schema, **{"x-kunak-developer": ""})).status_code == 400
    for _ in range(2):
        answer = await ask(production, schema, **{"x-kunak-developer": "letmein"})
        assert answer.json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    assert (await ask(production, schema)).status_code == 400, "remembered, and still closed to others"
    assert "Cannot query field 'helo'" in (await ask(production, "{ helo }", **{"x-kunak-developer": "letmein"})).text


async def test_only_the_name_of_a_type_is_nobodys_secret(production: httpx2.AsyncClient) -> None:
    assert (await ask(production, "{ __typename }")).json() == {"data": {"__typename": "Query"}}


async def test_trusted_documents_are_known_by_hash(production: httpx2.AsyncClient) -> None:
    known = {"persistedQuery": {"version": 1, "sha256Hash": sha256(HELLO.encode()).hexdigest()}}
    answer = await production.post("/graphql", json={"extensions": known})
    assert answer.json() == {"data": {"hello": "Hello, guest"}}
    named = await production.post("/graphql", json={"extensions": known, "operationName": "Hello"})
    assert named.status_code == 200
    assert (await production.post("/graphql", json={"extensions": known, "operationName": "Else"})).status_code == 400


def test_a_build_that_lies_about_a_hash_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "documents.json"
    assert load_trusted(file) == {}
    file.write_bytes(orjson.dumps({sha256(HELLO.encode()).hexdigest(): HELLO}))
    assert list(load_trusted(file).values()) == [HELLO]
    file.write_bytes(orjson.dumps({"0" * 64: HELLO}))
    with pytest.raises(ValueError, match="is not the hash"):
        load_trusted(file)


@pytest.mark.parametrize(
    "text", ["query Broken { broken }", f'mutation Broken {{ breaks(password: "{PASSWORD}") {{ __typename }} }}']
)
async def test_a_fault_is_one_sentence_and_one_line(client: httpx2.AsyncClient, lines: io.StringIO, text: str) -> None:
    answer = await ask(client, text)
    request = answer.headers["x-request-id"]
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["extensions"]) == (200, {"code": "INTERNAL", "requestId": request})
    assert SECRET not in answer.text
    assert PASSWORD not in answer.text
    written = lines.getvalue().splitlines()
    assert len(written) == 1
    assert len(written[0]) <= LINE_BYTES
    line = json.loads(written[0])
    assert (line["event"], line["request"], line["operation"]) == ("fault", request, "Broken")
    assert line["document"] == sha256(text.encode()).hexdigest()[:16]
    assert line["kind"].endswith("Broken")
    assert any("toy_schema" in place for place in line["places"])
    assert SECRET not in written[0]
    assert PASSWORD not in written[0]


async def test_refusals_are_no_faults(client: httpx2.AsyncClient, lines: io.StringIO) -> None:
    for text in ("{ busy }", "{ mine }", "{ helo }", "{", '{ rows(since: "x") { place } }'):
        await ask(client, text)
    assert lines.getvalue() == ""


async def test_300_unknown_directives_are_one_error_and_no_log(client: httpx2.AsyncClient, lines: io.StringIO) -> None:
    """security.md 6.2: 101 errors and 38 KB of log once."""
    answer = await ask(client, "{ hello " + "@nope " * 300 + "}")
    assert len(answer.json()["errors"]) == 1
    assert len(lines.getvalue()) <= LINE_BYTES


async def test_a_library_that_logs_its_exception_keeps_the_text_to_itself(lines: io.StringIO) -> None:
    try:
        raise ValueError(SECRET)
    except ValueError:
        logging.getLogger("some.library").exception("could not connect")
    line = json.loads(lines.getvalue())
    assert (line["event"], line["kind"], line["level"]) == ("could not connect", "builtins.ValueError", "error")
    assert SECRET not in lines.getvalue()


async def test_a_line_has_an_end(lines: io.StringIO) -> None:
    structlog.get_logger("kunak").error("much", told="я" * 10_000, request="r")
    assert len(lines.getvalue().encode()) <= LINE_BYTES
    assert json.loads(lines.getvalue())["event"] == "much"


async def test_a_log_that_fails_stops_nobody(client: httpx2.AsyncClient) -> None:
    class Full(io.StringIO):
        def write(self, _line: str) -> int:
            raise OSError(28, "No space left on device")

    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure_logs("info", Full())
    try:
        assert (await ask(client, "{ broken }")).status_code == 200
    finally:
        root.handlers[:], root.level = before, level
        structlog.reset_defaults()


async def test_a_request_that_takes_too_long_is_told_to_come_back(now: datetime) -> None:
    app = toy_app()
    async with client_of(app) as client:
        assert app._shell
        app._shell._desk.executing._seconds = 0.05
        answer = await ask(client, "{ slow(seconds: 5) }")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (200, "BUSY")
