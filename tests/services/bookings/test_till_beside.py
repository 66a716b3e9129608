"""An outage of the booking engine never slows a till (security.md 5), and a guest hears of it at once, not after a wait."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import count
from time import perf_counter

import pytest

from integrations.bookings import Party
from integrations.breaker import FAILURES_MAX
from integrations.standins.travelline.server import TravelLineStandin
from loyalty.refusals import Code, Refusal
from services.bookings import hotels, searching
from services.bookings.searching import Wanted
from tests.makers.beside import WORSE, best_ratio
from tests.makers.bookings import House, booking_house
from tests.makers.people import make_phone
from tests.makers.resources import make_resources
from tests.makers.restaurants import Chain, restaurant_chain
from tests.makers.travelline import engine_of, standing_in


@dataclass
class Beside:
    """A till, and a hotel's engine beside it that guests of the same server ask."""

    chain: Chain
    standin: TravelLineStandin

    def slow(self, seconds: float) -> None:
        self.standin.plan.often, self.standin.plan.slow_seconds = ({"slow": 100} if seconds else {}), seconds


@pytest.fixture
async def beside(db: None, now: datetime) -> AsyncIterator[Beside]:
    async with (
        standing_in(lambda: now) as standin,
        engine_of(standin, seconds=30.0) as engine,
        restaurant_chain(now, resources=replace(make_resources(), hotels=engine)) as chain,
    ):
        await hotels.sync(chain.resources, now)
        yield Beside(chain, standin)


async def test_a_slow_engine_does_not_slow_the_till(beside: Beside) -> None:
    """security.md 5: with a guest's search hanging at the engine the slowest prices at a till of the same server are within a
    tenth of those a moment before; best of some rounds."""
    chain, days = beside.chain, count(1)
    ticket = await chain.plugin.scanned(await make_phone(chain.resources, chain.anna.id, chain.clock()))

    async def search() -> None:
        arrival = chain.clock().date() + timedelta(days=next(days))
        wanted = Wanted("igora", arrival, arrival + timedelta(days=1), (Party(2),))
        await searching.search(chain.resources, chain.anna.id, wanted, now=chain.clock())

    assert await best_ratio(chain.plugin, ticket, beside.standin, slow=beside.slow, call=search) <= WORSE


@pytest.fixture
async def house(db: None, now: datetime) -> AsyncIterator[House]:
    async with booking_house(now) as one:
        yield one


async def test_a_failing_engine_is_left_alone_and_guests_hear_so_at_once(house: House) -> None:
    """security.md 5: after five failures nobody waits for the sixth, and the engine is asked nothing for a while."""
    house.plan.often, house.plan.slow_seconds = {"slow": 100}, 5.0
    for day in range(10, 10 + FAILURES_MAX):
        await away(house, day)
    asked, begun = len(house.standin.requests), perf_counter()
    for day in range(20, 40):
        await away(house, day)
    assert len(house.standin.requests) == asked
    assert perf_counter() - begun < FAILURES_MAX


async def away(house: House, day: int) -> None:
    """A search that hears that the engine is away."""
    with pytest.raises(Refusal) as refused:
        await house.search(days=day, nights=1)
    assert refused.value.code is Code.ENGINE_AWAY
