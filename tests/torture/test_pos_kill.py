"""A server killed in the middle of commits: every order that was told is there once, and its guests' books balance."""

import asyncio
import base64
import os
import signal
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from api.clock import now
from models import database
from services.ledger import check_books
from services.pos import menu
from tests.makers.people import make_member, make_till
from tests.makers.plugins import closing, dish
from tests.makers.processes import free_port
from tests.makers.programme import make_programme
from tests.makers.purchases import make_ticket
from tests.makers.restaurant import OUTLET
from tests.torture.test_two_servers import Pair

pytestmark = pytest.mark.torture
ORDERS = 60
KILL_AFTER = 40
Sent = tuple[str, dict[str, Any]]


async def test_killed_in_the_middle_of_commits(fresh_database: str, tmp_path: Path) -> None:
    """I-12: two terminals tell of each order; what was answered before the kill is answered the same after it."""
    tickets, keys = await cast(fresh_database)
    house = house_on(fresh_database, tmp_path)
    try:
        await house.start()
        url = f"http://127.0.0.1:{house.ports[0]}"
        async with httpx2.AsyncClient(base_url=url, timeout=20) as client:
            commits = [await quoted(client, keys[0], tickets[place % len(tickets)]) for place in range(ORDERS)]
            told = [(key, body) for body in commits for key in keys]
            answered = await send_all(client, told, house, kill_after=KILL_AFTER)
        assert house.processes[0].wait(10) == -signal.SIGKILL
        assert KILL_AFTER <= len(answered) < len(told)
        house.processes.clear()
        await house.start()
        async with httpx2.AsyncClient(base_url=url, timeout=20) as client:
            again = await send_all(client, told, house, kill_after=None)
    finally:
        house.end()
    assert len(again) == len(told)
    assert {name: again[name] for name in answered} == answered
    await database.connect(fresh_database, connections=3)
    rows = await database.fetch(
        "SELECT o.order_id::text AS id, p.net FROM pos_order AS o JOIN purchase AS p USING (id)"
    )
    assert {row["id"] for row in rows} == {body["order"] for body in commits}
    assert await database.fetchval("SELECT count(*) FROM purchase") == ORDERS == len(rows)
    assert {row["net"] for row in rows} == {12_300}
    assert await check_books(now()) == []


async def cast(url: str) -> tuple[list[str], list[str]]:
    """(tickets of three guests, keys of two terminals)"""
    await database.connect(url, connections=3)
    moment = now()
    await make_programme(moment - timedelta(days=1))
    tills = [await make_till(moment, outlet=OUTLET, channels=("TILL",)) for _ in range(2)]
    members = [await make_member(moment - timedelta(hours=1)) for _ in range(3)]
    tickets = [await make_ticket(tills[0][0], member, moment) for member in members]
    await menu.say(OUTLET, menu.DEFAULT, "restaurants", moment - timedelta(hours=1))
    await database.close()
    return tickets, [key for _, key in tills]


def house_on(url: str, home: Path) -> Pair:
    """One server, as it is started by hand."""
    keys = home / "keys"
    keys.write_text(f"1:{base64.b64encode(bytes([1]) * 32).decode()}\n")
    keys.chmod(0o600)
    environment = {"DATABASE_URL": url, "KUNAK_HOME": str(home), "KUNAK_KEYS": str(keys), "KUNAK_WORKER": "apart"}
    return Pair((free_port(),), home, environment | {"KUNAK_LOG": "warning"})


async def quoted(client: httpx2.AsyncClient, key: str, ticket: str) -> dict[str, Any]:
    """The commit of a new order that was priced."""
    order, lines = str(uuid4()), [dish("100.00"), dish("23.00")]
    body = {"order": order, "ticket": ticket, "lines": lines}
    answer = await client.post("/pos/v1/quote", json=body, headers={"Authorization": f"Till {key}"})
    assert answer.status_code == 200, answer.text
    return closing(order, answer.json(), lines, now())


async def send_all(
    client: httpx2.AsyncClient, told: list[Sent], house: Pair, *, kill_after: int | None
) -> dict[tuple[str, str], dict[str, Any]]:
    """Answers by terminal and order, from sixteen callers at once; BUSY is asked again."""
    answers: dict[tuple[str, str], dict[str, Any]] = {}
    waiting = list(told)

    async def terminal() -> None:
        while waiting:
            key, body = waiting.pop()
            try:
                answer = await client.post("/pos/v1/commit", json=body, headers={"Authorization": f"Till {key}"})
            except httpx2.HTTPError:
                continue
            if answer.status_code == 503:
                waiting.append((key, body))
                continue
            assert answer.status_code == 200, answer.text
            answers[key, body["order"]] = answer.json()
            if kill_after is not None and len(answers) == kill_after:
                os.kill(house.processes[0].pid, signal.SIGKILL)

    await asyncio.gather(*(terminal() for _ in range(16)))
    return answers
