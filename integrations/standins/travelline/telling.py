"""How bookings are told: to the channel that made them, to the hotel that reads its own, and to a webhook."""

import asyncio
from collections import deque
from typing import Any, Final
from uuid import uuid4

import httpx2

from integrations.standins.orders import Astray
from integrations.standins.posting import posted, poster
from integrations.standins.travelline.desk import Reservation
from integrations.standins.travelline.plan import Plan

SENT_AT_ONCE: Final = 1000


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
    """One address that hears of events, oldest first: what follows waits until what came before was taken.

    Where nobody takes a batch, all stays as it is until the next event. `transport` leads somewhere else than over the
    network: to an application in this process.
    """

    def __init__(self, plan: Plan) -> None:
        self.url: str | None = None
        self.key: str | None = None
        self.transport: httpx2.AsyncBaseTransport | None = None
        self._plan = plan
        self._astray = Astray[dict[str, Any]](plan)
        self._queue: deque[dict[str, Any]] = deque()
        self._task: asyncio.Task[None] | None = None

    @property
    def lost(self) -> int:
        """How many events nobody hears of again."""
        return self._astray.lost

    @property
    def waiting(self) -> int:
        """How many events wait to be taken."""
        return len(self._queue)

    def tell(self, kind: str, booking: Reservation, at: str) -> dict[str, Any]:
        """Queue an event; it is posted in the background. Gives it as it is sent."""
        payload = {"BookingNumber": booking.number, "PropertyId": booking.stays[0].house.id}
        event = {"eventId": str(uuid4()), "eventType": f"webpms:{kind}", "creationTime": at, "payload": payload}
        self.queue(event)
        return event

    def queue(self, event: dict[str, Any]) -> None:
        """Post an event, whatever it holds, behind all that waits; nothing is kept for nobody."""
        if self.url is not None:
            self._start(self._astray.sent(event))

    def let_go(self) -> None:
        """Post what was held back, newest first."""
        self._start(self._astray.held())

    async def settled(self) -> None:
        """Wait until everything was posted or given up."""
        while self._task is not None and not self._task.done():
            await asyncio.gather(self._task, return_exceptions=True)

    async def close(self) -> None:
        """Post no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _start(self, sent: list[dict[str, Any]]) -> None:
        self._queue.extend(sent)
        if self._queue and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._deliver())

    async def _deliver(self) -> None:
        is_taken = True
        while self._queue and is_taken:
            is_taken = await self._emptied()

    async def _emptied(self) -> bool:
        headers = {} if self.key is None else {"API-KEY": self.key}
        async with poster(self.transport, headers=headers) as client:
            while self._queue:
                batch = list(self._queue)[:SENT_AT_ONCE]
                if not await posted(client, str(self.url), self._plan.retry_seconds, is_taken=_is_success, json=batch):
                    return False
                for _ in batch:
                    self._queue.popleft()
        return True


def _is_success(status: int) -> bool:
    """Any 2xx."""
    return httpx2.codes.is_success(status)


def _utc(at: Any) -> str:
    return str(at.strftime("%Y-%m-%dT%H:%M:%SZ"))
