"""A tier that a bank's yes raises is told to the partner's server, once, whichever of receipt and word comes first."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from loyalty.instalments import Decision
from services.purchases import Posted, post_purchase
from tests.makers.points import goods
from tests.makers.receiver import Receiver, receiving
from tests.makers.webhooks import announcing, make_endpoint, make_near, tell_all
from tests.services.instalments.conftest import Bank


@dataclass
class Told:
    """A shop whose server listens."""

    bank: Bank
    receiver: Receiver

    async def hears(self, now: datetime) -> list[dict[str, str]]:
        """What it has heard of tiers when everything that waits was told."""
        async with announcing() as announcer:
            await tell_all(self.bank.resources, announcer, now)
        events = [heard.event for heard in self.receiver.heard]
        return [event["data"] for event in events if event["type"] == "member.tier_changed"]


@pytest.fixture
async def shop(bank: Bank, now: datetime) -> AsyncIterator[Told]:
    bank.resources = make_near()
    async with receiving() as receiver:
        await make_endpoint(bank.resources, receiver.url, now, partner="shop")
        yield Told(bank, receiver)


async def test_a_tier_that_the_banks_yes_raises_is_told(shop: Told, now: datetime) -> None:
    """A-087, A-214: told of its receipt when the yes comes, days after the receipt was, and not again with a second yes."""
    made, later = await shop.bank.sell(now, goods(100_000)), now + timedelta(days=2)
    assert await shop.hears(now) == []
    for _ in range(2):
        await shop.bank.says(made, now, at=later)
    (told,) = await shop.hears(later)
    assert (told["tier"], told["formerTier"], told["purchase"]) == ("friend", "guest", str(made.purchase.id))
    assert told["since"] == later.isoformat().replace("+00:00", "Z")
    assert await shop.hears(later + timedelta(minutes=1)) == [told]


async def test_a_yes_before_the_receipt_was_told_is_told_once(shop: Told, now: datetime) -> None:
    """A-087: receipt and yes wait for the worker together, and both would tell of the tier: it is one event."""
    command = await shop.bank.command(now, goods(100_000))
    await shop.bank.word(command.receipt_number, now)
    assert isinstance(await post_purchase(shop.bank.resources, shop.bank.till, command, now=now), Posted)
    assert len(await shop.hears(now)) == 1
    made = await shop.bank.sell(now + timedelta(days=1), goods(100))
    await shop.bank.says(made, now + timedelta(days=1))
    assert len(await shop.hears(now + timedelta(days=1))) == 1


async def test_a_refusal_and_a_yes_that_changes_nothing_tell_nothing(shop: Told, now: datetime) -> None:
    """A-087: no event where no tier changed."""
    refused, small = await shop.bank.sell(now, goods(100_000)), await shop.bank.sell(now, goods(100))
    await shop.bank.says(refused, now, Decision.CANCELLED)
    await shop.bank.says(small, now)
    assert await shop.hears(now) == []
