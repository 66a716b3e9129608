"""A partner's server that listens, a till that sells, and a house that tells."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from integrations.ports import Announcer
from services.audit import Actor
from services.refunds import RefundCommand, refund_purchase
from services.resources import Resources
from services.tills import TillFacts
from services.webhooks import replaying
from services.webhooks.endpoints import Endpoint
from services.webhooks.replaying import Delivery
from tests.makers.mail import RememberingMailer
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.programme import make_programme
from tests.makers.purchases import dinner, make_purchase
from tests.makers.receiver import Receiver, receiving
from tests.makers.webhooks import announcing, make_endpoint, make_near, tell_all


@dataclass
class Scene:
    """A partner with a till, a guest, and a server that listens."""

    receiver: Receiver
    announcer: Announcer
    till: TillFacts
    member: MadeMember
    resources: Resources = field(default_factory=make_near)
    mailer: RememberingMailer = field(default_factory=RememberingMailer)

    async def sell(self, now: datetime, *, roubles: int = 100) -> UUID:
        return (await make_purchase(self.resources, self.till, self.member, [dinner(roubles)], now)).purchase.id

    async def give_back(self, purchase: UUID, now: datetime) -> UUID:
        wanted = RefundCommand(str(uuid4()), purchase, None, None, str(uuid4()), now, None)
        return (await refund_purchase(self.resources, self.till, wanted, now=now)).refund.id

    async def tell(self, now: datetime) -> int:
        return await tell_all(self.resources, self.announcer, now, mailer=self.mailer)

    async def listen(self, now: datetime, **more: object) -> tuple[Endpoint, str]:
        return await make_endpoint(self.resources, self.receiver.url, now, **more)  # type: ignore[arg-type]

    async def deliveries(self, endpoint: UUID) -> list[Delivery]:
        return await replaying.page(Actor.operator().access, endpoint, rows=100, after=None, status=None)


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    await make_programme(now)
    till, _ = await make_till(now)
    async with receiving() as receiver, announcing() as announcer:
        yield Scene(receiver, announcer, till, await make_member(now))
