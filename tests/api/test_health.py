"""Whether a process runs, whether it can serve, who may read its counters, and what it says without its database."""

from datetime import datetime
from time import monotonic
from typing import Any

import httpx2
import pytest

from api.app import Kunak, create_app
from api.settings import Settings
from models import database
from tests.conftest import Server
from tests.makers.app import ORIGIN, client_of, opened
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.toy_schema import toy_schema

WAIT_SECONDS_MAX = 4.0


def toy_app() -> Kunak:
    return create_app(Settings(), house=toy_schema(), resources=make_resources(), documents={})


async def test_a_process_is_ready_once_there_is_a_programme(db: None, now: datetime) -> None:
    async with client_of(toy_app()) as client:
        assert (await client.get("/live")).status_code == 200
        answer = await client.get("/ready")
        assert (answer.status_code, answer.text) == (503, "no programme has been applied\n")
        await make_programme(now)
        answer = await client.get("/ready")
        assert (answer.status_code, answer.text) == (200, "ready\n")


async def test_without_its_database_a_process_answers_and_never_hangs(fresh_database: str, server: Server) -> None:
    await database.connect(fresh_database, acquire_seconds=0.5)
    async with client_of(toy_app()) as client:
        await server.run(f"DROP DATABASE {fresh_database.partition('@/')[2].partition('?')[0]} WITH (FORCE)")

        async def ask(text: str, **headers: str) -> tuple[int, Any]:
            begun = monotonic()
            answer = await client.post("/graphql", json={"query": text}, headers=headers)
            assert monotonic() - begun < WAIT_SECONDS_MAX
            return answer.status_code, answer.json()

        assert (await client.get("/live")).status_code == 200
        answer = await client.get("/ready")
        assert (answer.status_code, answer.text) == (503, "the database does not answer\n")
        assert await ask("{ hello }") == (200, {"data": {"hello": "Hello, guest"}})
        for text, who in (("{ mine }", "Bearer token"), ("{ counter }", "Till key")):
            status, body = await ask(text, authorization=who)
            told = body["errors"][0]["extensions"]
            assert (status, told["code"], told["retryable"], told["retryAfterSeconds"]) == (503, "BUSY", True, 1)


@pytest.mark.parametrize(
    ("address", "forwarded", "status"),
    [
        ("127.0.0.1", None, 200),
        ("10.1.2.3", None, 200),
        ("::1", None, 200),
        ("8.8.8.8", None, 404),
        ("2a00::1", None, 404),
        ("127.0.0.1", "8.8.8.8", 404),
        ("nowhere", None, 404),
    ],
)
async def test_counters_are_read_from_near(address: str, forwarded: str | None, status: int) -> None:
    app = toy_app()
    transport = httpx2.ASGITransport(app=app, client=(address, 1))
    headers = {"x-forwarded-for": forwarded} if forwarded else {}
    async with opened(app), httpx2.AsyncClient(transport=transport, base_url=ORIGIN) as client:
        await client.post("/graphql", json={"query": "{ hello }"})
        answer = await client.get("/metrics", headers=headers)
        assert answer.status_code == status
        assert ("kunak_graphql_seconds" in answer.text) == (status == 200)
