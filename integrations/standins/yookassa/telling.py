"""How payments and refunds are told: as objects of the interface, and by notifications that are posted until taken."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import httpx2

from integrations.standins.orders import Astray
from integrations.standins.posting import posted, poster
from integrations.standins.yookassa.plan import Plan
from integrations.standins.yookassa.till import Payment, Refund


def payment_object(payment: Payment, *, shop: str, origin: str, refunded: Decimal) -> dict[str, Any]:
    """A payment as the interface tells it."""
    told: dict[str, Any] = {
        "id": payment.id,
        "status": payment.status,
        "paid": payment.status in {"waiting_for_capture", "succeeded"},
        "amount": _sum(payment.amount),
        "created_at": _moment(payment.created),
        "metadata": payment.asked.get("metadata", {}),
        "recipient": {"account_id": shop, "gateway_id": "100700"},
        "refundable": payment.status == "succeeded" and refunded < payment.amount,
        "test": True,
    }
    if "description" in payment.asked:
        told["description"] = payment.asked["description"]
    if payment.status == "pending":
        told["confirmation"] = {
            "type": "redirect",
            "return_url": payment.asked["confirmation"]["return_url"],
            "confirmation_url": f"{origin}/checkout/{payment.id}",
        }
    if payment.captured is not None:
        told["captured_at"] = _moment(payment.captured)
        told["refunded_amount"] = _sum(refunded)
    if payment.reason is not None:
        told["cancellation_details"] = {"party": payment.party, "reason": payment.reason}
    return told


def refund_object(refund: Refund) -> dict[str, Any]:
    """A refund as the interface tells it."""
    told: dict[str, Any] = {
        "id": refund.id,
        "payment_id": refund.payment,
        "status": refund.status,
        "created_at": _moment(refund.created),
        "amount": _sum(refund.amount),
    }
    if "description" in refund.asked:
        told["description"] = refund.asked["description"]
    if refund.reason is not None:
        told["cancellation_details"] = {"party": "yoo_money", "reason": refund.reason}
    return told


class Notifications:
    """One address that hears of events; what it does not take comes again.

    `transport` leads somewhere else than over the network: to an application in this process.
    """

    def __init__(self, plan: Plan) -> None:
        self.url: str | None = None
        self.transport: httpx2.AsyncBaseTransport | None = None
        self._plan = plan
        self._astray = Astray[dict[str, Any]](plan)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def lost(self) -> int:
        """How many events nobody hears of again."""
        return self._astray.lost

    def tell(self, event: str, told: dict[str, Any]) -> None:
        """Post an event in the background."""
        if self.url is not None:
            self._start(self._astray.sent({"type": "notification", "event": event, "object": told}))

    def let_go(self) -> None:
        """Post what was held back, newest first."""
        self._start(self._astray.held())

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _start(self, bodies: list[dict[str, Any]]) -> None:
        task = asyncio.create_task(self._deliver(bodies))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, bodies: list[dict[str, Any]]) -> None:
        async with poster(self.transport) as client:
            for body in bodies:
                await posted(client, str(self.url), self._plan.retry_seconds, json=body)


def _sum(amount: Decimal) -> dict[str, str]:
    return {"value": f"{amount:.2f}", "currency": "RUB"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
