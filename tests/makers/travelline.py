"""TravelLine's stand-in in a test's hands, and an adapter that talks to it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime
from time import monotonic
from typing import Any

import httpx2

from integrations.bookings import Customer, OfferedStay, Order, Party
from integrations.breaker import Breaker
from integrations.pace import Pace
from integrations.standins.posting import poster
from integrations.standins.travelline.plan import Plan
from integrations.standins.travelline.server import TravelLineStandin
from integrations.standins.travelline.windows import PUBLISHED
from integrations.standins.windows import Rates
from integrations.travelline.calling import Connection, Credentials
from integrations.travelline.engine import TravelLine, Version
from integrations.travelline.limits import LIMITS

IGORA = "41007"
STANDARD, FAMILY = "70231", "70233"
BREAKFAST_RATE, HARD_RATE, CLOSED_RATE = "88120", "88121", "88122"
ANNA = Customer("Анна", "Орлова", None, "+79000000001", "anna@example.ru")
TWO = Party(2)
WIDE = dict.fromkeys(PUBLISHED, (10**6, 10**6, 10**6))


@asynccontextmanager
async def standing_in(
    clock: Callable[[], datetime], *, plan: Plan | None = None, rates: Rates = WIDE
) -> AsyncIterator[TravelLineStandin]:
    """A stand-in that answers."""
    async with TravelLineStandin(clock, plan=plan, rates=rates).open() as standin:
        yield standin


@asynccontextmanager
async def engine_of(
    standin: TravelLineStandin,
    *,
    version: Version = "v2",
    secret: str | None = None,
    seconds: float = 2.0,
    limits: Rates = WIDE,
    api_key: str | None = None,
    clock: Callable[[], float] = monotonic,
) -> AsyncIterator[TravelLine]:
    """The adapter on the stand-in."""
    pace = Pace({group: limits.get(group, LIMITS[group]) for group in LIMITS}, clock=monotonic)
    credentials = Credentials(standin.client_id, secret or standin.client_secret, api_key)
    breaker = Breaker("travelline", clock)
    connection = Connection(standin.url, credentials, pace, breaker, standin.clock, seconds=seconds)
    try:
        yield TravelLine(connection, version=version)
    finally:
        await connection.close()


@asynccontextmanager
async def raw_client(standin: TravelLineStandin) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with a token, for requests that our adapter would never make."""
    async with poster(base_url=standin.url) as client:
        form = {
            "grant_type": "client_credentials",
            "client_id": standin.client_id,
            "client_secret": standin.client_secret,
        }
        token = (await client.post("/auth/token", data=form)).json()["access_token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def offer_of(found: Any, room: str = STANDARD, rate: str = BREAKFAST_RATE) -> OfferedStay:
    """The offer of a room at a rate."""
    offer: OfferedStay = next(one for one in found if (one.room_id, one.rate_id) == (room, rate))
    return offer


async def make_order(
    engine: TravelLine, arrival: date, departure: date, *, room: str = STANDARD, rate: str = BREAKFAST_RATE
) -> Order:
    """An order of one room for two, found by a search."""
    found = await engine.search(IGORA, arrival, departure, TWO, None)
    return Order(IGORA, (offer_of(found, room, rate),), ANNA)
