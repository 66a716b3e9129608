"""A shop with something to pay for, on the acquirer's stand-in."""

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from time import monotonic
from typing import Any, Final
from uuid import UUID

import httpx2

from integrations.breaker import Breaker
from integrations.pace import Pace
from integrations.payments import PaymentGateway, ReceiptLine
from integrations.standins.posting import poster
from integrations.standins.yookassa.plan import Plan
from integrations.standins.yookassa.server import YooKassaStandin
from integrations.yookassa.calling import Connection
from integrations.yookassa.gateway import Receipts, YooKassa
from integrations.yookassa.limits import LIMITS
from loyalty.money import print_money
from models import database
from models.ids import uuid7
from services import paid_for
from services.gateways import Gateways
from services.payments import events, refunding, rows
from services.payments.opening import PaymentRequest, open_payment
from services.payments.rows import PaymentFacts, RefundFacts
from services.resources import Resources
from services.work import Work, work
from tests.makers.bookings import Clock
from tests.makers.people import MadeMember, make_member
from tests.makers.programme import make_programme
from tests.makers.resources import make_resources
from tests.makers.working import work_off

RECEIPTS: Final = Receipts(1, "full_prepayment")
WIDE: Final = dict.fromkeys(LIMITS, (10**6, 10**6, 10**6))
_PLACES = count(1)


@asynccontextmanager
async def standing_in(clock: Callable[[], datetime], *, plan: Plan | None = None) -> AsyncIterator[YooKassaStandin]:
    """A stand-in that answers."""
    async with YooKassaStandin(clock, plan=plan).open() as standin:
        yield standin


def connection_of(url: str, shop: tuple[str, str], breaker: Breaker, *, seconds: float = 2.0) -> Connection:
    """The way to a stand-in, as fast as a test goes."""
    return Connection(url, shop, Pace(WIDE, clock=monotonic), breaker, lambda: datetime.now(UTC), seconds=seconds)  # noqa: TID251 - no token of it ends


@asynccontextmanager
async def acquirer_of(
    standin: YooKassaStandin, *, receipts: Receipts | None = RECEIPTS, secret: str | None = None, seconds: float = 2.0
) -> AsyncIterator[YooKassa]:
    """The adapter on the stand-in."""
    breaker = Breaker(f"yookassa-{next(_PLACES)}", monotonic)
    shop = (standin.shop_id, secret or standin.secret_key)
    connection = connection_of(standin.url, shop, breaker, seconds=seconds)
    try:
        yield YooKassa(connection, receipts=receipts)
    finally:
        await connection.close()


def raw_client(standin: YooKassaStandin) -> httpx2.AsyncClient:
    """A client of the shop, for requests that our adapter would never make."""
    auth = httpx2.BasicAuth(standin.shop_id, standin.secret_key)
    return poster(base_url=standin.url, auth=auth)


class Shelf:
    """Something that is paid for. What its payments meant is kept as jobs that nobody does, so they count when committed."""

    kind = "shelf"

    def __init__(self) -> None:
        self.is_wanted = True

    async def lock(self, tx: Work, subject: UUID) -> None:
        await tx.execute("SELECT pg_advisory_xact_lock($1)", subject.int % 2**62)

    async def paid(self, tx: Work, payment: PaymentFacts, now: datetime) -> bool:
        await tx.enqueue("shelf.paid", {"payment": str(payment.id)}, run_at=now)
        return self.is_wanted

    async def unpaid(self, tx: Work, payment: PaymentFacts, now: datetime) -> None:
        await tx.enqueue("shelf.unpaid", {"payment": str(payment.id)}, run_at=now)

    async def refunded(self, tx: Work, payment: PaymentFacts, refund: RefundFacts, now: datetime) -> None:
        name = f"shelf.refund.{refund.state.value.lower()}"
        await tx.enqueue(name, {"payment": str(payment.id), "amount": refund.amount}, run_at=now)

    async def give_up(self, tx: Work, thing: UUID, now: datetime) -> bool:
        await tx.enqueue("shelf.given_up", {"thing": str(thing)}, run_at=now)
        return True


@dataclass
class Shop:
    """A member who pays for a shelf."""

    resources: Resources
    standin: YooKassaStandin
    clock: Clock
    member: MadeMember
    shelf: Shelf

    @property
    def plan(self) -> Plan:
        return self.standin.plan

    @property
    def gateway(self) -> PaymentGateway:
        return rows.gateway_of(self.resources)

    async def open(self, amount: int = 12_300, *, subject: UUID | None = None) -> PaymentFacts:
        request = PaymentRequest(
            kind="shelf",
            subject=subject or uuid7(),
            member=self.member.id,
            amount=amount,
            description="Полка",
            return_path="/shop",
            lines=(ReceiptLine("Полка", amount, "commodity"),),
        )
        async with work() as tx:
            return await open_payment(tx, request, self.clock.now)

    async def opened(self, amount: int = 12_300) -> PaymentFacts:
        """A payment whose page is there."""
        made = await self.open(amount)
        await self.work()
        return await self.fresh(made)

    async def paid(self, amount: int = 12_300) -> PaymentFacts:
        """A payment that was paid and heard of."""
        made = await self.opened(amount)
        self.standin.pay(str(made.provider_id))
        await self.hear("payment.succeeded", str(made.provider_id))
        await self.work()
        return await self.fresh(made)

    async def refund(self, payment: PaymentFacts, amount: int, *, key: str = "one") -> RefundFacts:
        async with work() as tx:
            await self.shelf.lock(tx, payment.subject)
            return await refunding.refund(tx, payment.id, amount, reason="TEST", key=key, now=self.clock.now)

    async def give_by_hand(self, payment: PaymentFacts, amount: int) -> str:
        """Somebody gives money back in the shop's account, past us; the acquirer's number of it."""
        body = {"payment_id": payment.provider_id, "amount": {"value": print_money(amount), "currency": "RUB"}}
        async with raw_client(self.standin) as client:
            told = await client.post("/refunds", json=body, headers={"Idempotence-Key": str(uuid7())})
        return str(told.json()["id"])

    async def hear(self, event: str, number: str, *, status: str = "succeeded") -> None:
        """A notification arrives; whether it tells the truth is another question."""
        told = {"id": number, "status": status, "amount": {"value": "123.00", "currency": "RUB"}}
        body = json.dumps({"type": "notification", "event": event, "object": told}).encode()
        await events.keep(self.gateway, body, self.clock.now)

    async def work(self) -> int:
        return await work_off(self.resources, Gateways(), self.clock.now)

    async def pass_time(self, rounds: int, **by: float) -> None:
        """Let time pass in steps, with the worker working."""
        for _ in range(rounds):
            self.clock.turn(**by)
            await self.work()

    async def fresh(self, payment: PaymentFacts) -> PaymentFacts:
        found = await rows.find(payment.id)
        assert found is not None
        return found

    async def fresh_refund(self, refund: RefundFacts) -> RefundFacts:
        found = await rows.find_refund(refund.id)
        assert found is not None
        return found

    async def heard(self) -> dict[str, int]:
        """What the shelf was told, and how often."""
        found = await database.fetch("SELECT name, count(*) AS times FROM job WHERE name LIKE 'shelf.%' GROUP BY name")
        return {row["name"].removeprefix("shelf."): row["times"] for row in found}


@asynccontextmanager
async def shop_of(now: datetime, monkeypatch: Any) -> AsyncIterator[Shop]:
    """A shop, whose shelf is one of the things that can be paid for."""
    clock, shelf = Clock(now), Shelf()
    await make_programme(now - timedelta(days=2))
    monkeypatch.setitem(paid_for.SUBJECTS, shelf.kind, shelf)
    async with standing_in(clock) as standin, acquirer_of(standin, seconds=1.0) as acquirer:
        resources = replace(make_resources(), payments=acquirer)
        yield Shop(resources, standin, clock, await make_member(now), shelf)
