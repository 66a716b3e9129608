"""A till page that took receipts without network, and what it sends when the network is back."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
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
from tests.makers.plugins import Clock

PROBLEM = "code message field retryable retryAfterSeconds"
SEND = f"""mutation($input: OfflineReceiptsInput!) {{ postOfflineReceipts(input: $input) {{ __typename
  ... on OfflineReceiptsAnswered {{ answers {{ idempotencyKey problem {{ {PROBLEM} }}
    posted {{ tierRaised points progress {{ accumulated tier {{ id }} }}
      purchase {{ id receiptNumber closedAt channel gross discount net accumulated status points {{ earned spent }}
        lines {{ accumulates reasons {{ code }} }} }} }} }} }}
  ... on Problem {{ {PROBLEM} }} }} }}"""


@dataclass
class TillPage:
    """A page that sends its queue. `ahead` is how far the device's clock is off."""

    client: httpx2.AsyncClient
    key: str
    clock: Clock
    ahead: timedelta = timedelta()

    async def ask(self, *receipts: dict[str, Any], till: UUID | None = None) -> dict[str, Any]:
        """The raw result of one batch."""
        shown = (self.clock() + self.ahead).isoformat()
        sent = {"sentAt": shown, "receipts": list(receipts), "till": None if till is None else str(till)}
        body = {"query": SEND, "variables": {"input": sent}}
        answer = await self.client.post("/graphql", json=body, headers={"Authorization": f"Till {self.key}"})
        assert answer.status_code == 200, answer.text
        assert "errors" not in answer.json(), answer.text
        told: dict[str, Any] = answer.json()["data"]["postOfflineReceipts"]
        return told

    async def send(self, *receipts: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers of a batch, one a receipt."""
        told = await self.ask(*receipts)
        assert told["__typename"] == "OfflineReceiptsAnswered", told
        assert [one["idempotencyKey"] for one in told["answers"]] == [one["idempotencyKey"] for one in receipts]
        assert all((one["posted"] is None) != (one["problem"] is None) for one in told["answers"])
        answers: list[dict[str, Any]] = told["answers"]
        return answers

    async def posted(self, receipt: dict[str, Any]) -> dict[str, Any]:
        """The record of one receipt that must be taken."""
        (answer,) = await self.send(receipt)
        assert answer["problem"] is None, answer
        posted: dict[str, Any] = answer["posted"]
        return posted

    async def refused(self, receipt: dict[str, Any]) -> tuple[str, str | None]:
        """(code, field) of one receipt that must not be taken."""
        (answer,) = await self.send(receipt)
        assert answer["problem"] is not None, answer
        return answer["problem"]["code"], answer["problem"]["field"]


def kept(
    phone: Phone,
    at: datetime,
    *amounts: str,
    service: str = "restaurants",
    scanned: timedelta = timedelta(minutes=5),
    ahead: timedelta = timedelta(),
    **more: Any,
) -> dict[str, Any]:
    """A receipt that was closed at a moment for a guest scanned before, by a clock that is `ahead`."""
    key, sums = str(uuid4()), amounts or ("100.00",)
    return {
        "idempotencyKey": key,
        "scan": {
            "scanId": str(uuid4()),
            "code": phone.code(at - scanned),
            "scannedAt": (at - scanned + ahead).isoformat(),
        },
        "receiptNumber": key[:8],
        "closedAt": (at + ahead).isoformat(),
        "lines": [{"service": service, "name": "Ужин", "quantity": "1", "amount": each} for each in sums],
        "tenders": [{"kind": "CASH", "amount": print_money(sum(parse_money(each) for each in sums))}],
    } | more


@asynccontextmanager
async def till_page(resources: Resources, key: str, clock: Clock) -> AsyncIterator[TillPage]:
    """A page that talks to the application in this process."""
    app = create_app(Settings(), clock=clock, resources=resources, documents={})
    async with client_of(app) as client:
        yield TillPage(client, key, clock)
