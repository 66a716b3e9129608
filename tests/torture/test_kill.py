"""Killed in the middle: nothing that was answered is lost, nothing is doubled, and the books balance afterwards."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import httpx2
import pytest

from api.clock import now
from api.postgres import Postgres
from services.ledger import Finding
from tests.journeys import test_main_job as job
from tests.makers.demo import Demo, running_demo
from tests.makers.patience import PATIENCE_SECONDS

pytestmark = [pytest.mark.torture, pytest.mark.xdist_group("journeys")]
POSTS = 200
RIVALS = 16
KILL_AFTER = 70


async def post_all(demo: Demo, key: str, commands: list[dict[str, Any]], *, kill_after: int | None) -> dict[str, Any]:
    """Answers by idempotency key; with `kill_after` the server is killed once so many have come.

    A till that is told to come back later does so, a minute long.
    """
    answers: dict[str, Any] = {}
    waiting = list(commands)
    patience = time.monotonic() + 60

    async def till(client: httpx2.AsyncClient) -> None:
        while waiting:
            command = waiting.pop()
            try:
                answer = await client.post("/graphql", json={"query": job.POST, "variables": {"input": command}})
            except httpx2.HTTPError:
                continue
            body = answer.json()
            told = body["data"]["postPurchase"] if body.get("data") else body["errors"][0]["extensions"]
            if told.get("code") == "BUSY" and time.monotonic() < patience:
                waiting.append(command)
                await asyncio.sleep(0.2)
                continue
            assert body.get("data"), (answer.status_code, body)
            answers[command["idempotencyKey"]] = told
            if kill_after is not None and len(answers) == kill_after:
                assert demo.process is not None
                demo.process.send_signal(signal.SIGKILL)

    async with httpx2.AsyncClient(
        base_url=demo.told["url"], headers={"Authorization": f"Till {key}"}, timeout=20
    ) as client:
        await asyncio.gather(*(till(client) for _ in range(RIVALS)))
    return answers


async def found_in(home: Path, sql: str, *args: object) -> list[asyncpg.Record]:
    """Rows of the demo's database."""
    connection = await asyncpg.connect(Postgres(home / "postgres").url().replace("asyncpg", "postgresql"))
    try:
        return list(await connection.fetch(sql, *args))
    finally:
        await connection.close()


async def findings(home: Path, demo: Demo) -> list[Finding]:
    """What `kunak books check` would say."""
    from models import database  # noqa: PLC0415 - connected for this question alone

    shares = False  # the demo's programme keeps the progress of its families apart
    rows = await found_in(home, database.statement("check_books"), await tiers(home), now(), shares)
    for more in ("check_points", "check_families", "check_settlement"):
        rows += await found_in(home, database.statement(more))
    del demo
    return [Finding(row["check"], row["subject"], row["detail"]) for row in rows]


async def tiers(home: Path) -> str:
    rows = await found_in(
        home, "SELECT document->'tiers' AS tiers FROM programme_version ORDER BY version DESC LIMIT 1"
    )
    return str(rows[0]["tiers"])


async def test_killed_in_the_middle_of_two_hundred_posts(tmp_path: Path) -> None:
    """I-12: acknowledged means present once; a repeated key ends what the kill left open."""
    home = tmp_path / "var"
    with running_demo(home) as demo:
        member, _ = job.joined(demo, "torture")
        till = job.till_of(demo)
        ticket = job.scanned(till, member.ask(job.KEY, device="phone"))["ticket"]
        commands = [job.posting(job.quoted(till, ticket, "10.00")) for _ in range(POSTS)]
        key = demo.till("igora")["key"]
        answered = await post_all(demo, key, commands, kill_after=KILL_AFTER)
        assert demo.process is not None
        assert demo.process.wait(PATIENCE_SECONDS) == -signal.SIGKILL
        assert KILL_AFTER <= len(answered) < POSTS
        demo.start()
        kept = {str(row["id"]) for row in await found_in(home, "SELECT id FROM purchase WHERE gross = 1000")}
        assert {answer["purchase"]["id"] for answer in answered.values()} <= kept
        again = await post_all(demo, key, commands, kill_after=None)
        assert all(answer["__typename"] == "PurchasePosted" for answer in again.values())
        assert {name: again[name] for name in answered} == answered
        rows = await found_in(home, "SELECT count(*) AS n, sum(net) AS net FROM purchase WHERE gross = 1000")
        assert (rows[0]["n"], rows[0]["net"]) == (POSTS, POSTS * 1000)
        assert await findings(home, demo) == []


async def test_connections_cut_at_random_double_nothing(tmp_path: Path) -> None:
    """F8: an error is never a no; the key alone decides."""
    home = tmp_path / "var"
    with running_demo(home) as demo:
        member, _ = job.joined(demo, f"cut{uuid4().hex[:6]}")
        till = job.till_of(demo)
        ticket = job.scanned(till, member.ask(job.KEY, device="phone"))["ticket"]
        commands = [job.posting(job.quoted(till, ticket, "10.00")) for _ in range(POSTS)]
        key = demo.till("igora")["key"]

        async def cut() -> None:
            for _ in range(12):
                await found_in(
                    home,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'kunak' AND pid <> pg_backend_pid()",
                )
                await asyncio.sleep(0.05)

        first, _ = await asyncio.gather(post_all(demo, key, commands, kill_after=None), cut())
        assert {answer["__typename"] for answer in first.values()} == {"PurchasePosted"}
        again = await post_all(demo, key, commands, kill_after=None)
        assert {answer["__typename"] for answer in again.values()} == {"PurchasePosted"}
        rows = await found_in(home, "SELECT count(*) AS n FROM purchase WHERE gross = 1000")
        assert rows[0]["n"] == POSTS
        assert await findings(home, demo) == []
