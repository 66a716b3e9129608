"""Two servers on one database are one Kunak: phones hear each other's tills, limits are shared, Redis or no Redis."""

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

from api.clock import now
from models import database
from tests.makers.credentials import make_token
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.people import Phone, make_member, make_phone, make_till
from tests.makers.processes import free_port
from tests.makers.programme import make_programme
from tests.makers.redis import RedisServer
from tests.makers.resources import make_resources

pytestmark = pytest.mark.torture

ROOT = Path(__file__).parents[2]
PROTOCOL = Subprotocol("graphql-transport-ws")
IDENTIFY = "mutation ($scan: UUID!, $code: String!) { identify(scanId: $scan, code: $code) { __typename } }"
LISTEN = "subscription { cardActivity { kind } }"
SIGN_IN = 'mutation { signIn(login: "nobody@mail.test", password: "wrong wrong") { ... on Problem { code } } }'


@dataclass
class Pair:
    """Servers on one database, with what is needed to talk to them."""

    ports: tuple[int, ...]
    home: Path
    environment: dict[str, str]
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    async def start(self) -> None:
        for port in self.ports:
            environment = os.environ | self.environment | {"PORT": str(port)}
            with (self.home / f"{port}.log").open("wb") as log:
                command = [sys.executable, "-m", "api.cli", "serve"]
                self.processes.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        async with httpx2.AsyncClient() as client, asyncio.timeout(90):
            for port, process in zip(self.ports, self.processes, strict=True):
                while not await answers(client, f"http://127.0.0.1:{port}/ready"):
                    assert process.poll() is None, (self.home / f"{port}.log").read_text()
                    await asyncio.sleep(0.1)

    def end(self) -> None:
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(60)

    async def ask(
        self, which: int, query: str, *, authorization: str | None = None, **variables: Any
    ) -> dict[str, Any]:
        headers = {"Authorization": authorization} if authorization else {"X-Kunak": "1"}
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.ports[which]}", headers=headers) as client:
            answer = await client.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


async def answers(client: httpx2.AsyncClient, url: str) -> bool:
    try:
        return (await client.get(url)).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
async def pair(fresh_database: str, tmp_path: Path) -> AsyncIterator[Pair]:
    keys = tmp_path / "keys"
    keys.write_text(f"1:{base64.b64encode(bytes([1]) * 32).decode()}\n")
    keys.chmod(0o600)
    environment = {
        "DATABASE_URL": fresh_database,
        "KUNAK_HOME": str(tmp_path),
        "KUNAK_KEYS": str(keys),
        "KUNAK_WORKER": "apart",
        "KUNAK_SIGN_IN_BURST": "4",
        "KUNAK_LOG": "warning",
    }
    made = Pair((free_port(), free_port()), tmp_path, environment)
    yield made
    made.end()


@asynccontextmanager
async def phone_on(port: int, token: str) -> AsyncIterator[ClientConnection]:
    """A phone that listens to its card."""
    async with connect(f"ws://127.0.0.1:{port}/graphql", subprotocols=[PROTOCOL]) as talk:
        await talk.send(json.dumps({"type": "connection_init", "payload": {"authorization": f"Bearer {token}"}}))
        assert json.loads(await talk.recv())["type"] == "connection_ack"
        await talk.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": LISTEN}}))
        await asyncio.sleep(0.3)
        yield talk


async def hear(talk: ClientConnection, *, seconds: float = PATIENCE_SECONDS) -> str:
    async with asyncio.timeout(seconds):
        while True:
            message = json.loads(await talk.recv())
            if message["type"] == "next":
                kind: str = message["payload"]["data"]["cardActivity"]["kind"]
                return kind
            assert message["type"] == "ping", message


async def scan(pair: Pair, which: int, key: str, code: str) -> str:
    told = await pair.ask(which, IDENTIFY, authorization=f"Till {key}", scan=str(uuid4()), code=code)
    answer: str = told["data"]["identify"]["__typename"]
    return answer


async def cast(url: str) -> tuple[str, str, Phone]:
    """(a member's token, a till's key, the member's phone)"""
    await database.connect(url, connections=3)
    moment = now()
    await make_programme(moment - timedelta(days=1))
    member = await make_member(moment)
    token = await make_token(member, moment)
    _, key = await make_till(moment)
    phone = await make_phone(make_resources(), member.id, moment)
    await database.close()
    return token, key, phone


async def refusals(pair: Pair, count: int) -> list[str]:
    told = [await pair.ask(number % 2, SIGN_IN) for number in range(count)]
    return [one["data"]["signIn"]["code"] for one in told]


async def test_without_redis(fresh_database: str, pair: Pair) -> None:
    token, key, phone = await cast(fresh_database)
    await pair.start()
    async with phone_on(pair.ports[1], token) as talk:
        code = phone.code(now())
        assert await scan(pair, 0, key, code) == "Identified"
        assert await hear(talk) == "SCANNED"
        assert await scan(pair, 1, key, code) == "Problem"
        assert await scan(pair, 1, key, phone.code(now(), later=1)) == "Identified"
        assert await hear(talk) == "SCANNED"
    assert await refusals(pair, 6) == ["SIGN_IN_FAILED"] * 4 + ["LIMIT_REACHED"] * 2


async def test_with_a_redis_that_dies_in_mid_run(fresh_database: str, pair: Pair, tmp_path: Path) -> None:
    token, key, phone = await cast(fresh_database)
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        pair.environment["REDIS_URL"] = redis.url
        await pair.start()
        async with phone_on(pair.ports[1], token) as talk:
            code = phone.code(now())
            assert await scan(pair, 0, key, code) == "Identified"
            assert await hear(talk) == "SCANNED"
            told = await refusals(pair, 3)
            redis.kill()
            assert await scan(pair, 1, key, code) == "Problem"
            assert await scan(pair, 0, key, phone.code(now(), later=1)) == "Identified"
            assert await hear(talk) == "SCANNED"
            told += await refusals(pair, 3)
        assert told == ["SIGN_IN_FAILED"] * 4 + ["LIMIT_REACHED"] * 2
    finally:
        redis.kill()
