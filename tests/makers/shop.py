"""The programme's shop on the acquirer's stand-in: orders up to any state, and tills that redeem."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

from integrations.standins.yookassa.server import YooKassaStandin
from models import database
from services import programmes
from services.gateways import Gateways
from services.payments import events
from services.payments import rows as payments
from services.payments.rows import PaymentFacts
from services.resources import Resources
from services.shop import codes, ordering, returning, rows
from services.shop.ordering import KIND, Dearer, OrderCommand
from services.shop.rows import Ordered, OrderFacts, VoucherFacts
from services.shop.shelves import item_of, priced
from services.tiers.standing import tier_of
from services.tills import TillFacts
from tests.makers.bookings import Clock
from tests.makers.mail import RememberingMailer
from tests.makers.payments import acquirer_of, standing_in
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.working import work_off

KEYS = count(1)
PASS = "ski-day"
SUM = """
SELECT b.amount FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account WHERE s.member_id = $1
"""
RAISE = "UPDATE balance SET amount = $2 FROM member_standing AS s WHERE s.qualifying_account = account_id AND s.member_id = $1"

USUAL: dict[str, dict[str, Any]] = {
    "startShopOrder": {
        "input": {
            "idempotencyKey": "hostile",
            "partner": "igora",
            "item": "ski-day",
            "quantity": 1,
            "net": "2500.00",
        }
    },
    "cancelShopOrder": {"order": "0190a0b0-0000-7000-8000-000000000000"},
    "returnVouchers": {
        "input": {
            "idempotencyKey": "hostile",
            "vouchers": ["0190a0b0-0000-7000-8000-000000000000"],
            "money": "2500.00",
        }
    },
    "redeemVoucher": {"input": {"idempotencyKey": "hostile", "code": "930000000000000000000780"}},
}
"""The usual arguments of its mutations."""
QUESTIONS: dict[str, tuple[dict[str, Any], str, str]] = {
    "shop": ({"partner": "igora"}, "id price", "public"),
    "voucher": ({"code": "930000000000000000000780"}, "id", "till"),
    "voucherReturn": ({"vouchers": ["0190a0b0-0000-7000-8000-000000000000"]}, "money", "member"),
}
"""(arguments, what is asked for, who asks) of its questions."""


@dataclass
class Store:
    """A programme with a shop, its acquirer's stand-in, a member and a till of the partner."""

    resources: Resources
    standin: YooKassaStandin
    clock: Clock
    member: MadeMember
    till: TillFacts
    key: str
    mailer: RememberingMailer = field(default_factory=RememberingMailer)

    async def price(self, quantity: int = 1, *, item: str = PASS, partner: str = "igora") -> int:
        """What the member pays now."""
        programme = await programmes.current(self.clock.now)
        shelved = item_of(programme, partner, item, field="item")
        return priced(programme, shelved, await tier_of(programme, self.member.id, self.clock.now), quantity).net

    async def start(self, quantity: int = 1, *, key: str | None = None, **more: Any) -> OrderFacts | Dearer:
        """An order for the price of now, unless another one is given."""
        usual = {"partner": "igora", "item": PASS} | more
        net = usual.pop("net", None)
        net = await self.price(quantity, item=usual["item"], partner=usual["partner"]) if net is None else net
        command = OrderCommand(key=key or f"key-{next(KEYS)}", quantity=quantity, net=net, **usual)
        return await ordering.start(self.resources, self.member.id, command, now=self.clock.now)

    async def ordered(self, quantity: int = 1, **more: Any) -> OrderFacts:
        """An order whose payment has a page."""
        made = await self.start(quantity, **more)
        assert isinstance(made, OrderFacts)
        await self.work()
        return made

    async def payment(self, order: OrderFacts) -> PaymentFacts:
        """The payment of an order."""
        found = await payments.of_subject(KIND, order.id)
        assert found is not None
        return found

    async def pay(self, order: OrderFacts) -> None:
        """The member pays on the acquirer's page, and we hear of it."""
        number = str((await self.payment(order)).provider_id)
        self.standin.pay(number)
        await self.hear("payment.succeeded", number)

    async def hear(self, event: str, number: str) -> None:
        """A notification of the acquirer."""
        body = json.dumps({"type": "notification", "event": event, "object": {"id": number}}).encode()
        await events.keep(payments.gateway_of(self.resources), body, self.clock.now)
        await self.work()

    async def bought(self, quantity: int = 1, **more: Any) -> Ordered:
        """An order that was paid, with its vouchers."""
        made = await self.ordered(quantity, **more)
        await self.pay(made)
        return await self.fresh(made.id)

    async def give_back(self, *vouchers: VoucherFacts, key: str | None = None, money: int | None = None) -> Ordered:
        """A return of vouchers for what was paid for them."""
        return await returning.give_back(
            self.member.id,
            key=key or f"key-{next(KEYS)}",
            vouchers=[one.id for one in vouchers],
            expected=sum(one.net for one in vouchers) if money is None else money,
            now=self.clock.now,
        )

    async def work(self) -> int:
        return await work_off(self.resources, Gateways(), self.clock.now, mailer=self.mailer)

    async def fresh(self, order: UUID) -> Ordered:
        found = await rows.find(order)
        assert found is not None
        return (await rows.with_vouchers([found]))[0]

    def code(self, voucher: VoucherFacts) -> str:
        """The digits of a voucher."""
        return codes.opened(self.resources.keyring, voucher.sealed, voucher.id)

    async def counted(self) -> int:
        """The member's sum towards the next tier."""
        return int(await database.fetchval(SUM, self.member.id))

    async def raised(self, kopecks: int) -> None:
        """A member who has bought before."""
        await database.execute(RAISE, self.member.id, kopecks)


@asynccontextmanager
async def store_of(now: datetime) -> AsyncIterator[Store]:
    """A shop that sells."""
    clock = Clock(now)
    await make_programme(now - timedelta(days=2))
    async with standing_in(clock) as standin, acquirer_of(standin) as acquirer:
        resources = replace(make_resources(), payments=acquirer)
        till, key = await make_till(now, outlet="igora-ski-rental")
        yield Store(resources, standin, clock, await make_member(now), till, key)
