"""A plugin's calls over HTTP, with orders in as few words as a test needs."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx2

from api.app import create_app
from api.settings import Settings
from loyalty.money import parse_money, print_money
from services.resources import Resources
from tests.makers.app import client_of
from tests.makers.people import Phone

HOT = {"id": "hot", "name": "Горячее"}


@dataclass
class Clock:
    """The server's clock of a test."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at

    def move(self, **delta: float) -> None:
        """Later, or earlier."""
        self.at += timedelta(**delta)


@dataclass
class Plugin:
    """A terminal that calls."""

    client: httpx2.AsyncClient
    key: str
    clock: Clock
    terminal: str = "hall"
    more: dict[str, str] = field(default_factory=dict)

    async def send(self, call: str, body: Any) -> httpx2.Response:
        """The raw answer of a call."""
        headers = {"Authorization": f"Till {self.key}", **self.more}
        return await self.client.post(f"/pos/v1/{call}", json=body, headers=headers)

    async def ask(self, call: str, /, **body: Any) -> dict[str, Any]:
        """The answer of a call that must succeed."""
        answer = await self.send(call, body)
        for _ in range(3):
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE:
                break
            # BUSY says when to come again, and a plugin does.
            await asyncio.sleep(answer.json()["retryAfterSeconds"])
            answer = await self.send(call, body)
        assert answer.status_code == 200, (answer.status_code, answer.text)
        told: dict[str, Any] = answer.json()
        return told

    async def refused(self, call: str, /, **body: Any) -> tuple[int, str, str | None]:
        """(status, code, field) of a call that must be refused."""
        answer = await self.send(call, body)
        told = answer.json()
        assert answer.status_code >= 400, told
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["status"] == answer.status_code
        assert told["requestId"] == answer.headers["x-request-id"]
        return answer.status_code, told["code"], told.get("field")

    async def scanned(self, phone: Phone) -> str:
        """The ticket of a guest."""
        told = await self.ask("identify", code=phone.code(self.clock()), scanId=str(uuid4()))
        ticket: str = told["ticket"]
        return ticket

    def said(self, **more: Any) -> dict[str, Any]:
        """What the plugin says of itself."""
        return {"terminal": self.terminal, "version": "1.0.0", "queue": 0, "sentAt": self.clock().isoformat()} | more


def dish(amount: str, *, quantity: str = "1", group: dict[str, str] | None = HOT, **more: Any) -> dict[str, Any]:
    """A line of an order."""
    line = {"item": str(uuid4()), "product": "soup", "name": "Уха", "quantity": quantity, "amount": amount}
    return line | ({} if group is None else {"group": group}) | more


def closing(
    order: UUID | str, quote: dict[str, Any] | None, lines: Sequence[dict[str, Any]], at: datetime, **more: Any
) -> dict[str, Any]:
    """The body of a commit: the lines with the discounts of a quote, paid by card."""
    given = {} if quote is None else {line["item"]: line["discount"] for line in quote["lines"]}
    paid = [line | {"discount": given.get(line["item"], "0.00")} for line in lines]
    total = sum(parse_money(line["amount"]) - parse_money(line["discount"]) for line in paid)
    body = {
        "order": str(order),
        "number": str(order)[:6],
        "closedAt": at.isoformat(),
        "lines": paid,
        "tenders": [{"kind": "CARD", "amount": print_money(total)}] if total else [],
    }
    return body | ({} if quote is None else {"quote": quote["quote"]}) | more


@asynccontextmanager
async def plugin_of(resources: Resources, key: str, clock: Clock) -> AsyncIterator[Plugin]:
    """A plugin that talks to the application in this process."""
    app = create_app(Settings(), clock=clock, resources=resources, documents={})
    async with client_of(app) as client:
        yield Plugin(client, key, clock)
