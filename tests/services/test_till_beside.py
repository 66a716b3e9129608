"""An outage of whatever messages, letters, payments and webhooks go to never slows a till (security.md 5): a worker's calls hang, in
the process that sells, for the guest who stands at the till. The booking engine and the restaurants' cloud have the same beside them.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic
from uuid import UUID

import pytest

from integrations.breaker import Breaker
from integrations.mail.smtp import SmtpMailer
from integrations.messaging.calling import Line
from integrations.messaging.edna import Edna
from integrations.messaging.letters import MailGateway
from integrations.messaging.smsaero import SmsAero
from integrations.messaging.smsc import Smsc
from integrations.pace import Pace
from integrations.payments import ReceiptLine
from integrations.ports import Gateway
from integrations.yookassa.calling import Connection
from integrations.yookassa.gateway import YooKassa
from integrations.yookassa.limits import LIMITS
from loyalty.messages import Channel
from models import database
from models.ids import uuid7
from services.audit import Actor
from services.gateways import Gateways
from services.messages import cascade
from services.payments import opening
from services.payments.opening import PaymentRequest, open_payment
from services.webhooks import delivering, replaying, spreading
from services.work import work
from tests.makers.beside import WORSE, best_ratio
from tests.makers.messages import plan_one
from tests.makers.payments import Shelf
from tests.makers.people import make_phone
from tests.makers.restaurants import Chain, restaurant_chain
from tests.makers.webhooks import announcing, make_endpoint, make_near

SECONDS = 30.0
Call = Callable[[], Awaitable[object]]
log = logging.getLogger(__name__)


@dataclass
class Wall:
    """Everything outside that is away in the worst way: it takes each connection and never says a word."""

    requests: list[str] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.requests.append("taken")
        try:
            while await reader.read(65_536):
                pass
        except ConnectionError:
            pass
        writer.close()


@pytest.fixture
async def wall() -> AsyncIterator[Wall]:
    wall = Wall()
    server = await asyncio.start_server(wall.take, "127.0.0.1", 0)
    wall.port = server.sockets[0].getsockname()[1]
    async with server:
        yield wall


@asynccontextmanager
async def by_gateway(chain: Chain, gateway: Gateway, channel: Channel) -> AsyncIterator[Call]:
    """A notice of the guest at the till, handed over by the worker's own steps."""
    gateways = Gateways([gateway], {channel: (gateway.name,)})

    async def hand_over() -> None:
        message = await plan_one(chain.anna.id, chain.clock(), channels=[channel])
        await cascade.advance(message, chain.resources, gateways, chain.clock())

    yield hand_over


@asynccontextmanager
async def texting(chain: Chain, wall: Wall, name: str) -> AsyncIterator[Call]:
    """An SMS by one of the gateways."""
    line = Line(wall.url, seconds=SECONDS)
    made: dict[str, Gateway] = {
        "smsaero": SmsAero(line, sign="KUNAK"),
        "edna": Edna(line, cascades={Channel.SMS: 1}, clock=chain.clock),
        "smsc": Smsc(line, key="k", sender="KUNAK"),
    }
    try:
        async with by_gateway(chain, made[name], Channel.SMS) as call:
            yield call
    finally:
        await line.close()


@asynccontextmanager
async def mailing(chain: Chain, wall: Wall, _name: str) -> AsyncIterator[Call]:
    """A letter by the relay."""
    mailer = SmtpMailer(f"smtp://127.0.0.1:{wall.port}", sender="kunak@example.ru", is_plain_allowed=True)
    async with by_gateway(chain, MailGateway(mailer), Channel.EMAIL) as call:
        yield call


@asynccontextmanager
async def paying(chain: Chain, wall: Wall, _name: str) -> AsyncIterator[Call]:
    """A payment of the guest at the till, whose page the acquirer is asked for."""
    pace, breaker = Pace(LIMITS, clock=monotonic), Breaker("acquirer-away", monotonic)
    connection = Connection(wall.url, ("1", "k"), pace, breaker, chain.clock, seconds=SECONDS)
    resources, shelf = replace(chain.resources, payments=YooKassa(connection, receipts=None)), Shelf()

    async def pay() -> None:
        request = PaymentRequest(
            kind=shelf.kind,
            subject=uuid7(),
            member=chain.anna.id,
            amount=12_300,
            description="Полка",
            return_path="/shop",
            lines=(ReceiptLine("Полка", 12_300, "commodity"),),
        )
        async with work() as tx:
            payment = await open_payment(tx, request, chain.clock())
        await opening.ask_for_page(payment.id, resources, {shelf.kind: shelf}, chain.clock())

    try:
        yield pay
    finally:
        await connection.close()


@asynccontextmanager
async def announced(chain: Chain, wall: Wall, _name: str) -> AsyncIterator[Call]:
    """An event of the till's partner, told to the partner's address."""
    resources, actor = make_near(), Actor.operator()
    endpoint, _ = await make_endpoint(resources, f"{wall.url}/hooks", chain.clock())

    async def tell() -> None:
        event: UUID = await replaying.send_test(actor, endpoint.id, resources=resources, now=chain.clock())
        await spreading.spread([event], chain.clock())
        await delivering.drain(endpoint.id, resources, announcer, chain.clock())

    async with announcing() as announcer:
        yield tell


AWAY = {
    "smsaero": texting,
    "edna": texting,
    "smsc": texting,
    "smtp": mailing,
    "yookassa": paying,
    "webhooks": announced,
}


async def test_whatever_is_away_does_not_slow_the_till(db: None, now: datetime, wall: Wall) -> None:
    """security.md 5: with a worker's call hanging there the slowest prices at a till of the same process are within a tenth of those
    a moment before; of each system the best of some rounds, which the log tells."""
    ratios: dict[str, float] = {}
    async with restaurant_chain(now) as chain:
        await database.execute("UPDATE contact SET verified_at = $1 WHERE member_id = $2", now, chain.anna.id)
        ticket = await chain.plugin.scanned(await make_phone(chain.resources, chain.anna.id, chain.clock()))
        for name, away in AWAY.items():
            async with away(chain, wall, name) as call:
                ratios[name] = await best_ratio(chain.plugin, ticket, wall, slow=lambda _seconds: None, call=call)
            log.info("%s away: the slowest prices at a till take %.2f of the time before", name, ratios[name])
    assert {name: ratio for name, ratio in ratios.items() if ratio > WORSE} == {}
