"""The installation of compose.yaml without its containers: the same commands, settings, secrets and checks, as processes."""

import asyncio
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import yaml

from api.clock import now
from integrations.standins.mailbox import Mailbox
from models import database
from tests.makers.processes import free_port
from tests.makers.redis import RedisServer
from tests.makers.roles import make_role

ROOT: Final = Path(__file__).parents[2]
READY_SECONDS: Final = 60.0
REGISTER: Final = (
    "mutation($input: RegisterInput!) { register(input: $input) { __typename ... on Problem { code field } } }"
)
CONFIRM: Final = "mutation($link: String!) { confirmEmail(token: $link) { __typename } }"
SIGN_IN: Final = """
mutation($login: String!, $password: String!) {
  signIn(login: $login, password: $password, transport: BEARER) { __typename ... on SignedIn { token } }
}
"""
ME: Final = "{ me { firstName card { status } progress { tier { id } } } }"


@dataclass
class Installation:
    """What a server has: secrets in files, the settings of every service, and the processes that run."""

    environments: dict[str, dict[str, str]]
    ports: dict[str, int]
    running: dict[str, asyncio.subprocess.Process]

    async def run(self, service: str, *words: str) -> str:
        """Run a command in a service's surroundings and give what it said."""
        process = await self.spawn(service, sys.executable, "-m", "api.cli", *words)
        told, _ = await process.communicate()
        assert process.returncode == 0, told.decode()
        return told.decode()

    async def start(self, service: str, *words: str) -> None:
        self.running[service] = await self.spawn(service, sys.executable, "-m", "api.cli", *words, quiet=True)

    async def spawn(self, service: str, *command: str, quiet: bool = False) -> asyncio.subprocess.Process:
        out = asyncio.subprocess.DEVNULL if quiet else asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, env=self.environments[service], stdout=out, stderr=asyncio.subprocess.STDOUT
        )

    async def becomes_healthy(self, service: str, *check: str) -> None:
        """Wait as the health check of its container would."""
        async with asyncio.timeout(READY_SECONDS):
            while await (await self.spawn(service, *check, quiet=True)).wait():
                assert self.running[service].returncode is None
                await asyncio.sleep(0.2)

    async def ask(self, service: str, query: str, token: str | None = None, **variables: Any) -> dict[str, Any]:
        """Ask as the proxy would, for somebody at an address."""
        headers = {"X-Forwarded-For": "203.0.113.9"} | ({"Authorization": f"Bearer {token}"} if token else {})
        async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{self.ports[service]}", timeout=20) as client:
            answer = await client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)
        data: dict[str, Any] = answer.json()["data"]
        return data

    async def end(self) -> dict[str, int | None]:
        """Tell everything to end, and give the exit codes."""
        for process in self.running.values():
            if process.returncode is None:
                process.send_signal(signal.SIGTERM)
        return {name: await process.wait() for name, process in self.running.items()}


@asynccontextmanager
async def installed(folder: Path, url: str, mailbox: Mailbox, redis: RedisServer) -> AsyncIterator[Installation]:
    secrets = folder / "secrets"
    surroundings = {"PATH": os.environ["PATH"], "KUNAK_SECRETS": str(secrets)}
    subprocess.run(
        ["sh", str(ROOT / "ops" / "make-secrets"), "--as-me"], env=surroundings, check=True, capture_output=True
    )
    (secrets / "database_url").chmod(0o600)
    (secrets / "database_url").write_text(url)
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    example = (ROOT / "ops" / "env.example").read_text()
    asked = {name: value.strip('"') for name, value in re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)}
    ports = {"api-1": free_port(), "api-2": free_port()}
    environments = {}
    for name in ("api-1", "api-2", "worker", "migrate", "kunak"):
        home = folder / name
        home.mkdir()
        given = {
            variable: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: asked[found[1]], str(value)).replace(
                "/run/secrets", str(secrets)
            )
            for variable, value in services[name]["environment"].items()
        }
        # What is another machine there is another process here.
        here = {"PATH": os.environ["PATH"], "KUNAK_HOME": str(home), "REDIS_URL": redis.url, "HOST": "127.0.0.1"}
        here |= {"PORT": str(ports[name]), "KUNAK_TRUSTED_PROXIES": "127.0.0.1/32"} if name in ports else {}
        here |= {"SMTP_URL": mailbox.url} if name == "worker" else {}
        environments[name] = given | here
    made = Installation(environments, ports, {})
    try:
        yield made
    finally:
        for process in made.running.values():
            if process.returncode is None:
                process.kill()
                await process.wait()


@pytest.mark.torture
async def test_two_servers_and_a_worker_serve_one_guest(server: Any, tmp_path: Path) -> None:
    """Joined at one server, confirmed at the other; one is killed, the other goes on; all end when told."""
    await database.close()
    # A role that owns its database and nothing else, as on a server: nothing of ours may need more.
    name = await asyncio.to_thread(make_role, server.folder, tmp_path)
    url = f"asyncpg://{name}@/{name}?host={server.folder}"
    redis = RedisServer(tmp_path)
    redis.start()
    try:
        async with Mailbox(now).open() as mailbox, installed(tmp_path, url, mailbox, redis) as house:
            assert "migrations applied" in await house.run("migrate", "migrate")
            assert "is version 1 now" in await house.run(
                "kunak", "programme", "apply", "programmes/znak-kachestva.yaml"
            )
            await house.start("api-1", "serve")
            await house.start("api-2", "serve")
            await house.start("worker", "worker")
            for service in ("api-1", "api-2"):
                check = (sys.executable, str(ROOT / "ops" / "healthcheck"))
                await house.becomes_healthy(service, *check, f"http://127.0.0.1:{house.ports[service]}/ready")
            await house.becomes_healthy("worker", sys.executable, "-m", "api.cli", "worker", "--health")

            form = {
                "lastName": "Петров",
                "firstName": "Пётр",
                "birthDate": "1990-01-01",
                "email": "petr@petrov.ru",
                "phone": "+79211234567",
                "password": "гречневая каша 7",
                "acceptOffer": True,
                "acceptPersonalData": True,
            }
            assert await house.ask("api-1", REGISTER, input=form) == {"register": {"__typename": "Registered"}}
            async with asyncio.timeout(READY_SECONDS):
                while not mailbox.letters("petr@petrov.ru"):
                    await asyncio.sleep(0.1)
            link = next(link for link in mailbox.letters("petr@petrov.ru")[0].links if "/confirm?" in link)
            assert link.startswith("https://card.example.ru/confirm?token=")
            confirmed = await house.ask("api-2", CONFIRM, link=link.partition("=")[2])
            assert confirmed == {"confirmEmail": {"__typename": "EmailConfirmed"}}
            signed = await house.ask("api-1", SIGN_IN, login=form["email"], password=form["password"])
            token = signed["signIn"]["token"]

            house.running["api-1"].kill()
            await house.running["api-1"].wait()
            seen = await house.ask("api-2", ME, token)
            assert seen == {
                "me": {"firstName": "Пётр", "card": {"status": "ACTIVE"}, "progress": {"tier": {"id": "dreamer"}}}
            }

            await database.connect(url, connections=2)
            assert await database.fetchval("SELECT address FROM session") == "203.0.113.9"
            await database.close()
            assert "the books balance" in await house.run("kunak", "books", "check")
            assert await house.end() == {"api-1": -signal.SIGKILL, "api-2": 0, "worker": 0}
    finally:
        redis.kill()
        await database.close()
        await server.run(f"DROP DATABASE {name} WITH (FORCE)", f"DROP ROLE {name}")
