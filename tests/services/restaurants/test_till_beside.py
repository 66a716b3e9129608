"""An outage of the cloud never slows a till (security.md 5): no call of a plugin leads there, and none waits behind one."""

from contextlib import suppress

from integrations.ports import Unavailable
from loyalty.refusals import Refusal
from services.restaurants import watching
from tests.makers.beside import WORSE, best_ratio, p99_of
from tests.makers.people import make_phone
from tests.makers.restaurants import Chain, posted


async def round_of(chain: Chain) -> None:
    """What comes round, once."""
    with suppress(Unavailable, Refusal):
        await watching.watch(chain.resources, chain.clock())


async def test_a_slow_cloud_does_not_slow_the_till(chain: Chain) -> None:
    """security.md 5: a price asks the cloud nothing, and with a call of ours hanging there the slowest prices are within a
    tenth of those a moment before; best of some rounds."""
    phone = await make_phone(chain.resources, chain.anna.id, chain.clock())
    ticket = await chain.plugin.scanned(phone)
    asked = len(chain.standin.requests)
    await p99_of(chain.plugin, ticket)
    assert len(chain.standin.requests) == asked

    def slow(seconds: float) -> None:
        chain.plan.often, chain.plan.slow_seconds = ({"slow": 100} if seconds else {}), seconds

    ratio = await best_ratio(chain.plugin, ticket, chain.standin, slow=slow, call=lambda: round_of(chain))
    assert ratio <= WORSE


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
