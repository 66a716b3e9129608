"""An outage of the cloud never slows a till (security.md 5): no call of a plugin leads there, and none waits behind one."""

import asyncio
from contextlib import suppress
from time import perf_counter
from uuid import uuid4

from integrations.ports import Unavailable
from loyalty.refusals import Refusal
from services.restaurants import watching
from tests.makers.people import make_phone
from tests.makers.plugins import dish
from tests.makers.restaurants import Chain, posted

CALLS = 60
SLOW_SECONDS = 5.0


async def prices(chain: Chain, ticket: str) -> float:
    """The slowest of so many prices at the till, in seconds."""
    lines, taken = [dish("1000.00"), dish("333.33")], []
    for _ in range(CALLS):
        begun = perf_counter()
        await chain.plugin.ask("quote", order=str(uuid4()), ticket=ticket, lines=lines)
        taken.append(perf_counter() - begun)
    return max(taken)


async def hammer(chain: Chain) -> None:
    """What comes round and what was posted, worked on over and over; the till has this loop and this database, too."""
    while True:
        with suppress(Unavailable, Refusal):
            await watching.watch(chain.resources, chain.clock())
        await asyncio.sleep(0.25)


async def test_a_slow_cloud_does_not_slow_the_till(chain: Chain) -> None:
    """security.md 5: a price asks the cloud nothing, and none waits while calls of ours hang there for five seconds."""
    phone = await make_phone(chain.resources, chain.anna.id, chain.clock())
    ticket = await chain.plugin.scanned(phone)
    before = len(chain.standin.requests)
    await prices(chain, ticket)
    assert len(chain.standin.requests) == before
    chain.plan.often, chain.plan.slow_seconds = {"slow": 100}, SLOW_SECONDS
    task = asyncio.create_task(hammer(chain))
    while len(chain.standin.requests) == before:
        await asyncio.sleep(0.01)
    assert await prices(chain, ticket) < SLOW_SECONDS / 5
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert {"revision", "history", "tables"} & set(chain.standin.requests)


async def test_it_goes_on_by_itself(chain: Chain) -> None:
    """security.md 5: the cloud is away for an hour with every hook lost; the first round afterwards has everything."""
    chain.plan.often, chain.plan.hooks = {"503": 100}, {"drop": 100}
    order = await chain.sell()
    for _ in range(6):
        chain.clock.move(minutes=10)
        with suppress(Unavailable):
            await watching.watch(chain.resources, chain.clock())
    assert await posted() == []
    chain.plan.often = {}
    chain.clock.move(minutes=10)
    await watching.watch(chain.resources, chain.clock())
    assert await posted() == [(order.pos, 50_000)]
