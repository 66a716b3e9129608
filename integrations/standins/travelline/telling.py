"""How bookings are told: to the channel that made them, to the hotel that reads its own, and to a webhook."""

import asyncio
import contextlib
from collections import deque
from typing import Any, Final
from uuid import uuid4

import httpx2

from integrations.standins.travelline.desk import Reservation
from integrations.standins.travelline.plan import Plan

SENT_AT_ONCE: Final = 1000
POST_SECONDS: Final = 5.0


def created(booking: Reservation) -> dict[str, Any]:
    """A CreatedBooking."""
    first = booking.stays[0]
    tax = sum(stay.total["taxAmount"] for stay in booking.stays)
    told: dict[str, Any] = {
        "propertyId": first.house.id,
        "number": booking.number,
        "status": booking.status,
        "version": f"v{booking.sequence}",
        "createdDateTime": _utc(booking.created),
        "modifiedDateTime": _utc(booking.modified),
        "currencyCode": "RUB",
        "total": {"priceBeforeTax": booking.price, "taxAmount": tax, "taxes": [{"index": 1, "amount": tax}]},
        "taxes": [{"index": 1, "name": "Туристический налог", "description": "Оплата при заезде"}],
        "cancellationPolicy": first.policy(booking.created),
        "roomStays": [_room_stay(booking, place) for place in range(len(booking.stays))],
        "customer": booking.asked["customer"],
    }
    if booking.pays:
        told["guarantee"] = booking.pays
    if booking.cancelled is not None:
        told["cancellation"] = {
            "penaltyAmount": booking.penalty,
            "reason": None,
            "cancelledUtc": _utc(booking.cancelled),
        }
    return told


def summary(booking: Reservation) -> dict[str, Any]:
    """A line of the list of changes; the property is a number there."""
    return {
        "number": booking.number,
        "propertyId": int(booking.stays[0].house.id),
        "status": "Cancelled" if booking.status == "Cancelled" else "Active",
        "createdDateTime": _utc(booking.created),
        "modifiedDateTime": _utc(booking.modified),
    }


def details(booking: Reservation) -> dict[str, Any]:
    """A booking as its hotel reads it."""
    told = created(booking)
    cancellation = told.pop("cancellation", None)
    for name in ("version", "cancellationPolicy", "guarantee"):
        told.pop(name, None)
    if cancellation is not None:
        penalty, at = cancellation["penaltyAmount"], cancellation["cancelledUtc"]
        told["cancellation"] = {"penaltyAmount": penalty, "cancelledDateTime": at}
    return told | {
        "status": "Cancelled" if booking.status == "Cancelled" else "Active",
        "guaranteeInfo": {"totalPrepaid": booking.asked.get("prepayment", {}).get("prepaidSum", 0)},
        "source": {"type": "Channel", "code": "kunak"},
        "services": [],
    }


def _room_stay(booking: Reservation, place: int) -> dict[str, Any]:
    stay, asked = booking.stays[place], booking.asked["roomStays"][place]
    return {
        "stayDates": {  # as the stay is now: a hotel corrects it without asking the channel that made it
            "arrivalDateTime": stay.arrives_at.strftime("%Y-%m-%dT%H:%M"),
            "departureDateTime": stay.leaves_at.strftime("%Y-%m-%dT%H:%M"),
        },
        "ratePlans": [{"id": stay.rate.id, "name": stay.rate.name}],
        "ratePlan": {"id": stay.rate.id},
        "roomType": {"id": stay.room.id, "name": stay.room.name},
        "guestCount": asked["guestCount"],
        "guests": asked["guests"],
        "dailyRates": [
            {"ratePlanId": stay.rate.id, "date": night.isoformat(), "priceBeforeTax": roubles}
            for night, roubles in stay.by_night
        ],
        "total": {
            "priceBeforeTax": stay.price,
            "priceAfterTax": stay.price + stay.total["taxAmount"],
            "taxAmount": stay.total["taxAmount"],
            "taxes": [],
            "discounts": [],
        },
        "services": [],
    }


class Webhook:
    """One address that hears of events, oldest first: what follows waits until what came before was taken."""

    def __init__(self, plan: Plan) -> None:
        self.url: str | None = None
        self.key: str | None = None
        self._plan = plan
        self._queue: deque[dict[str, Any]] = deque()
        self._task: asyncio.Task[None] | None = None

    def tell(self, kind: str, booking: Reservation, at: str) -> dict[str, Any]:
        """Queue an event; it is posted in the background. Gives it as it is sent."""
        payload = {"BookingNumber": booking.number, "PropertyId": booking.stays[0].house.id}
        event = {"eventId": str(uuid4()), "eventType": f"webpms:{kind}", "creationTime": at, "payload": payload}
        if self.url is not None:
            self._queue.extend([event] * self._plan.event_times)
            if self._task is None or self._task.done():
                self._task = asyncio.create_task(self._deliver())
        return event

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._task is not None and not self._task.done():
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _deliver(self) -> None:
        headers = {} if self.key is None else {"API-KEY": self.key}
        async with httpx2.AsyncClient(timeout=POST_SECONDS, trust_env=False, headers=headers) as client:
            while self._queue:
                batch = list(self._queue)[:SENT_AT_ONCE]
                if not await self._posted(client, batch):
                    return
                for _ in batch:
                    self._queue.popleft()

    async def _posted(self, client: httpx2.AsyncClient, batch: list[dict[str, Any]]) -> bool:
        for seconds in (*self._plan.retry_seconds, None):
            with contextlib.suppress(httpx2.TransportError):
                if (await client.post(str(self.url), json=batch)).is_success:
                    return True
            if seconds is not None:
                await asyncio.sleep(seconds)
        return False


def _utc(at: Any) -> str:
    return str(at.strftime("%Y-%m-%dT%H:%M:%SZ"))
