"""How payments and refunds are told: as objects of the interface, and by notifications that are posted until taken."""

import asyncio
import contextlib
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, Final

import httpx2

from integrations.standins.yookassa.plan import Plan
from integrations.standins.yookassa.till import Payment, Refund

POST_SECONDS: Final = 5.0


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
        self._waiting: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def tell(self, event: str, told: dict[str, Any]) -> None:
        """Post an event in the background, as often as the plan says and in its order."""
        if self.url is None:
            return
        if self._plan.kept_back > 0:
            self._plan.kept_back -= 1
            return
        body = {"type": "notification", "event": event, "object": told}
        self._waiting.extend([body] * self._plan.told_times)
        if not self._plan.turned:
            self.let_go()

    def let_go(self) -> None:
        """Send what waits: newest first where the plan turns the order round."""
        waiting, self._waiting = self._waiting, []
        if waiting:
            task = asyncio.create_task(self._deliver(waiting[::-1] if self._plan.turned else waiting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _deliver(self, bodies: list[dict[str, Any]]) -> None:
        async with httpx2.AsyncClient(timeout=POST_SECONDS, trust_env=False, transport=self.transport) as client:
            for body in bodies:
                await self._posted(client, body)

    async def _posted(self, client: httpx2.AsyncClient, body: dict[str, Any]) -> None:
        for seconds in (*self._plan.retry_seconds, None):
            with contextlib.suppress(httpx2.TransportError):
                if (await client.post(str(self.url), json=body)).status_code == httpx2.codes.OK:
                    return
            if seconds is not None:
                await asyncio.sleep(seconds)


def _sum(amount: Decimal) -> dict[str, str]:
    return {"value": f"{amount:.2f}", "currency": "RUB"}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
