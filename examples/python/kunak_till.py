"""A till's client of Kunak: scan, price, sell, return, and the verification of webhooks. One file, one dependency (httpx2).

Copy it into your project. It repeats what had no answer under the key it made before the first try, so a receipt is
recorded once. Its operations stand in `till.graphql` beside it, which Kunak's tests hold against every later schema.
"""

import base64
import hashlib
import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import uuid4

import httpx2

DOCUMENT: Final = Path(__file__).with_name("till.graphql").read_text(encoding="utf-8")
TRIES: Final = 6
WAIT_SECONDS: Final = 0.5
TOLERANCE_SECONDS: Final = 300


class Refused(Exception):
    """Kunak said no, and nothing has changed. `message` may be shown to a person, `code` is for the program."""

    def __init__(self, code: str, message: str, field: str | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message, self.field = code, message, field


class NoAnswer(Exception):
    """Nothing came back after every try. Whether it was done is not known: send the same again, later, under the same key."""


@dataclass(frozen=True, slots=True)
class Guest:
    """The guest of a scan. The ticket serves any number of receipts until it expires."""

    ticket: str
    expires_at: datetime
    first_name: str
    tier: str


@dataclass(frozen=True, slots=True)
class Line:
    """What is sold: `service` is an id that `till` names, `amount` what the whole line costs before any discount."""

    service: str
    name: str
    amount: Decimal
    quantity: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Quote:
    """A price. `net` is what the guest pays; nothing is recorded yet."""

    id: str
    expires_at: datetime
    gross: Decimal
    discount: Decimal
    net: Decimal


@dataclass(frozen=True, slots=True)
class Purchase:
    """A recorded receipt."""

    id: str
    receipt_number: str
    net: Decimal
    refunded: Decimal
    status: str


class Till:
    """One till, by its key. `sleep` and `client` are for tests."""

    def __init__(
        self,
        url: str,
        key: str,
        *,
        language: str = "ru",
        client: httpx2.Client | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url = f"{url.rstrip('/')}/graphql"
        self._headers = {"Authorization": f"Till {key}", "Accept-Language": language}
        self._client = client or httpx2.Client(timeout=10.0)
        self._sleep = sleep

    def __enter__(self) -> Self:
        """The till, until the block ends."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def services(self) -> dict[str, str]:
        """What this till sells: id → name."""
        told = self._ask("Who", {})["till"]
        return {one["id"]: one["name"] for one in told["services"]}

    def scan(self, code: str) -> Guest:
        """Exchange the 24 digits of a guest's code for a ticket. Ask for a fresh code when it is refused."""
        told = self._done("Scan", {"scan": str(uuid4()), "code": code}, "identify")
        guest = told["guest"]
        return Guest(told["ticket"], _moment(told["expiresAt"]), guest["firstName"], guest["tier"]["id"])

    def price(self, guest: Guest, lines: Sequence[Line], *, channel: str = "TILL") -> Quote:
        """What the guest pays for these lines."""
        asked = {
            "ticket": guest.ticket,
            "channel": channel,
            "lines": [
                {"service": one.service, "name": one.name, "quantity": str(one.quantity), "amount": str(one.amount)}
                for one in lines
            ],
        }
        return _quote(self._done("Price", {"input": asked}, "quotePurchase"))

    def sell(
        self, quote: Quote, receipt_number: str, closed_at: datetime, tenders: Mapping[str, Decimal], *, key: str
    ) -> Purchase | Quote:
        """Record the receipt of a quote once, however often it is sent with this key; keep the key with the receipt first.

        A `Quote` instead of a purchase: the price has changed meanwhile, nothing is recorded; show it and sell by it.
        """
        asked = {
            "idempotencyKey": key,
            "quote": quote.id,
            "receiptNumber": receipt_number,
            "closedAt": closed_at.isoformat(),
            "tenders": [{"kind": kind, "amount": str(amount)} for kind, amount in tenders.items()],
        }
        told = self._done("Sell", {"input": asked}, "postPurchase")
        return _quote(told["quote"]) if told["__typename"] == "PriceChanged" else _purchase(told["purchase"])

    def give_back(self, purchase: str, refund_number: str, refunded_at: datetime, *, key: str) -> Purchase:
        """Return all that is left of a receipt, once a key."""
        asked = {
            "idempotencyKey": key,
            "purchase": purchase,
            "refundNumber": refund_number,
            "refundedAt": refunded_at.isoformat(),
        }
        return _purchase(self._done("GiveBack", {"input": asked}, "refundPurchase")["purchase"])

    def _done(self, operation: str, variables: Mapping[str, Any], field: str) -> dict[str, Any]:
        """The done type of a mutation. Raises `Refused` for its problem; a busy house is asked again."""
        told: dict[str, Any] = self._ask(operation, variables)[field]
        for attempt in range(TRIES - 1):
            # A refused code is retryable by a fresh code of the guest's, not by the same one.
            if told["__typename"] != "Problem" or told["code"] != "BUSY":
                break
            self._sleep(told["retryAfterSeconds"] or WAIT_SECONDS * 2**attempt)
            told = self._ask(operation, variables)[field]
        if told["__typename"] != "Problem":
            return told
        raise Refused(told["code"], told["message"], told["field"])

    def _ask(self, operation: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        body = {"query": _operation(operation), "variables": variables}
        for attempt in range(TRIES):
            wait = WAIT_SECONDS * 2**attempt
            try:
                answer = self._client.post(self._url, json=body, headers=self._headers)
            except httpx2.TransportError:
                answer = None
            if answer is not None and answer.status_code not in {429, 502, 503, 504}:
                told: dict[str, Any] = answer.json()
                if "errors" not in told:
                    data: dict[str, Any] = told["data"]
                    return data
                fault = told["errors"][0]
                code = fault["extensions"]["code"]
                if code not in {"BUSY", "INTERNAL"}:
                    raise Refused(code, fault["message"])
            elif answer is not None and answer.headers.get("retry-after", "").isdigit():
                wait = float(answer.headers["retry-after"])
            if attempt < TRIES - 1:
                self._sleep(wait)
        raise NoAnswer(operation)


def verify(secret: str, headers: Mapping[str, str], body: bytes, *, now: float | None = None) -> bool:
    """Whether a webhook is from Kunak and of this moment. `body` is what came, byte for byte; header names in small letters."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs((time.time() if now is None else now) - int(stamp)) > TOLERANCE_SECONDS:
        return False
    key = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    wanted = base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()
    shown = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(one.encode(), f"v1,{wanted}".encode()) for one in shown)


def _operation(name: str) -> str:
    """One operation of the file: they are sent one a request."""
    parts = DOCUMENT.split("\n\n")
    return next(part for part in parts if part.startswith((f"mutation {name}(", f"query {name} ")))


def _quote(told: Mapping[str, Any]) -> Quote:
    sums = (Decimal(told[name]) for name in ("gross", "discount", "net"))
    return Quote(told["id"], _moment(told["expiresAt"]), *sums)


def _purchase(told: Mapping[str, Any]) -> Purchase:
    return Purchase(told["id"], told["receiptNumber"], Decimal(told["net"]), Decimal(told["refunded"]), told["status"])


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
