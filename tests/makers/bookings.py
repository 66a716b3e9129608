"""Hotels that can be booked, and bookings up to any state, on the stand-in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from integrations.bookings import Party
from integrations.standins.travelline.plan import Plan
from integrations.standins.travelline.server import TravelLineStandin
from integrations.standins.travelline.windows import PUBLISHED
from integrations.travelline.limits import LIMITS
from services.bookings import confirming, hotels, rows, searching, starting
from services.bookings.rows import BookingFacts
from services.bookings.searching import Answer, Wanted
from services.bookings.starting import StartCommand
from services.gateways import Gateways
from services.resources import Resources
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.travelline import BREAKFAST_RATE, STANDARD, WIDE, engine_of, standing_in
from tests.makers.working import work_off

KEYS = count(1)
USUAL: dict[str, dict[str, Any]] = {
    "startBooking": {"input": {"idempotencyKey": "hostile", "offers": ["a" * 200]}},
    "confirmBooking": {
        "input": {
            "idempotencyKey": "hostile",
            "booking": "0190a0b0-0000-7000-8000-000000000000",
            "payment": "g-1",
        }
    },
    "cancelBooking": {
        "input": {
            "idempotencyKey": "hostile",
            "booking": "0190a0b0-0000-7000-8000-000000000000",
            "expectedPenalty": "0.00",
        }
    },
}
"""The usual arguments of its mutations."""


@dataclass
class Clock:
    """The moment that the stand-in and the test share."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


@dataclass
class House:
    """A programme with hotels, their engine's stand-in, and a member."""

    resources: Resources
    standin: TravelLineStandin
    clock: Clock
    member: MadeMember

    @property
    def plan(self) -> Plan:
        return self.standin.plan

    async def search(self, *, days: int = 10, nights: int = 2, code: str | None = None, **more: Any) -> Answer:
        arrival = self.clock.now.date() + timedelta(days=days)
        wanted = Wanted("igora", arrival, arrival + timedelta(days=nights), (Party(2),), code)
        return await searching.search(self.resources, self.member.id, replace(wanted, **more), now=self.clock.now)

    async def start(
        self, *, room: str = STANDARD, rate: str = BREAKFAST_RATE, key: str | None = None, **more: Any
    ) -> BookingFacts:
        words = [
            next(one.word for one in offers if (one.stay.room_id, one.stay.rate_id) == (room, rate))
            for _, offers in (await self.search(**more)).rooms
        ]
        command = StartCommand(key or f"key-{next(KEYS)}", words)
        return await starting.start(self.resources, self.member.id, command, now=self.clock.now)

    async def confirm(self, booking: BookingFacts, *, way: str | None = None, key: str | None = None) -> BookingFacts:
        return await confirming.confirm(
            self.member.id, key=key or f"key-{next(KEYS)}", booking=booking.id, way=way, now=self.clock.now
        )

    async def book(self, **more: Any) -> BookingFacts:
        made = await self.confirm(await self.start(**more))
        await self.work()
        return await self.fresh(made)

    async def work(self) -> int:
        return await work_off(self.resources, Gateways(), self.clock.now)

    async def fresh(self, booking: BookingFacts) -> BookingFacts:
        found = await rows.find(booking.id)
        assert found is not None
        return found


@asynccontextmanager
async def booking_house(
    now: datetime, *, version: str = "v2", accumulated: int = 0, is_limited: bool = False
) -> AsyncIterator[House]:
    """A house whose hotels were read. `accumulated` is nothing: a member begins at the first tier.

    `is_limited`: the engine counts as it publishes, and we keep to it; else neither does.
    """
    clock = Clock(now)
    await make_programme(now - timedelta(days=2))
    rates, limits = (PUBLISHED, LIMITS) if is_limited else (WIDE, WIDE)
    async with (
        standing_in(clock, plan=Plan(), rates=rates) as standin,
        engine_of(standin, version=version, seconds=1.0, limits=limits) as engine,  # type: ignore[arg-type]
    ):
        resources = replace(make_resources(), hotels=engine)
        await hotels.sync(resources, now)
        yield House(resources, standin, clock, await make_member(now))


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)
