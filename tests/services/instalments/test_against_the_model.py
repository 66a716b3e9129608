"""A-214, INV-11: any life of sales, banks' words, returns and ends, against a shop that counts on its fingers."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from loyalty.instalments import Decision
from loyalty.refusals import Refusal
from services.gateways import Gateways
from services.instalments import reading
from services.ledger import check_books
from services.purchases import Posted, post_purchase
from tests.makers.points import give_back, goods
from tests.makers.stories import SEEDS
from tests.makers.working import work_off
from tests.services.instalments.conftest import Bank

FRIEND_FROM = 100_000
WAIT = timedelta(days=30)


@dataclass
class Sold:
    """A receipt of one line as the naive shop remembers it."""

    made: Posted
    day: datetime
    roubles: int
    pieces: int
    earns: int
    state: str
    back: int = 0

    @property
    def counts(self) -> int:
        """Kopecks that count now."""
        net = self.roubles * 100
        return net - net * self.back // self.pieces if self.state == "CONFIRMED" else 0

    @property
    def points(self) -> int:
        """Points that are there now."""
        return self.earns - self.earns * self.back // self.pieces if self.state == "CONFIRMED" else 0


class Life:
    """A bank and a naive shop that live the same."""

    def __init__(self, bank: Bank, chance: random.Random, now: datetime) -> None:
        self.bank, self.chance, self.now = bank, chance, now
        self.sold: list[Sold] = []

    @property
    def counted(self) -> int:
        return sum(one.counts for one in self.sold)

    async def step(self) -> None:
        act = self.chance.choice((self.sell, self.sell, self.say, self.say, self.give, self.give, self.wait))
        await act()
        self.expire()
        self.now += timedelta(minutes=self.chance.randrange(1, 600))

    async def sell(self) -> None:
        roubles, pieces = self.chance.choice((999, 12_345, 60_001)), self.chance.randrange(1, 6)
        rate = 20 if self.counted >= FRIEND_FROM * 100 else 10
        command = await self.bank.command(
            self.now, goods(roubles, quantity=pieces * 1000), waits=(waits := self.chance.random() < 0.8)
        )
        early = self.chance.choice((None, None, *Decision)) if waits else None
        if early is not None:
            await self.bank.word(command.receipt_number, self.now, early)
        made = await post_purchase(self.bank.resources, self.bank.till, command, now=self.now)
        assert isinstance(made, Posted)
        await work_off(self.bank.resources, Gateways(), self.now)
        state = early.value if early is not None else "WAITING" if waits else "CONFIRMED"
        self.sold.append(Sold(made, self.now, roubles, pieces, roubles * rate // 200, state))

    async def say(self) -> None:
        waiting = [one for one in self.sold if one.made.purchase.accumulated == 0]
        if not waiting:
            return
        one, decision = self.chance.choice(waiting), self.chance.choice(list(Decision))
        allowed = one.state in {"WAITING", decision.value}
        try:
            await self.bank.says(one.made, one.day, decision, key=str(uuid4()), at=self.now)
        except Refusal:
            assert not allowed, (one.state, decision)
            return
        assert allowed, (one.state, decision)
        one.state = decision.value

    async def give(self) -> None:
        left = [one for one in self.sold if one.back < one.pieces]
        if left:
            one = self.chance.choice(left)
            pieces = self.chance.randrange(1, one.pieces - one.back + 1)
            await give_back(self.bank.resources, self.bank.till, one.made, self.now, (0, pieces * 1000))
            one.back += pieces

    async def wait(self) -> None:
        self.now += timedelta(days=self.chance.choice((1, 11)))
        self.expire()
        await reading.expire(self.now)

    def expire(self) -> None:
        for one in self.sold:
            if one.state == "WAITING" and one.day + WAIT <= self.now:
                one.state = "EXPIRED"


@pytest.mark.parametrize("seed", SEEDS)
async def test_any_life_ends_where_the_naive_shop_ends(bank: Bank, now: datetime, seed: int) -> None:
    """A-214, INV-11: sums, points and tier after every step; whatever is confirmed late is worth what it was worth then."""
    life = Life(bank, random.Random(seed), now)
    for _ in range(14):
        await life.step()
        roubles, points, tier = await bank.reached(life.now)
        assert roubles == life.counted // 100
        assert tier == ("friend" if life.counted >= FRIEND_FROM * 100 else "guest")
        ends = timedelta(days=30)
        alive = [one for one in life.sold if life.now - one.day < ends]
        if len(alive) == len(life.sold):
            assert points == sum(one.points for one in life.sold)
    assert await check_books(life.now) == []
