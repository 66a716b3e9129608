"""A gateway in the test's hands: it notes what it is given, and answers as it is told."""

from collections.abc import Collection
from datetime import datetime
from itertools import count

from integrations.messaging.letters import MailGateway
from integrations.ports import Gateway, Message, Report, Told
from loyalty.messages import Channel, Fate
from services.gateways import Gateways
from tests.makers.mail import RememberingMailer


class ScriptedGateway:
    """Takes everything, unless `failing` or `lost` says otherwise; `taken` holds what it has."""

    def __init__(self, name: str = "scripted", *channels: Channel) -> None:
        self.name = name
        self.channels = frozenset(channels or {Channel.SMS, Channel.VIBER})
        self.taken: list[Message] = []
        self.asked: list[str] = []
        self.failing: Exception | None = None
        self.lost: Exception | None = None
        self.looking_fails: Exception | None = None
        self.fates: dict[str, Fate] = {}
        self._ids = count(1)

    async def send(self, message: Message) -> Told:
        if self.failing is not None:
            raise self.failing
        self.taken.append(message)
        if self.lost is not None:
            raise self.lost
        return self._told(message)

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:
        if self.looking_fails is not None:
            raise self.looking_fails
        return self._told(message) if any(one.id == message.id for one in self.taken) else None

    async def ask(self, provider_id: str, message: Message) -> Told | None:
        self.asked.append(provider_id)
        if self.looking_fails is not None:
            raise self.looking_fails
        fate = self.fates.get(provider_id)
        return None if fate is None else Told(provider_id=provider_id, fate=fate)

    async def price(self, message: Message) -> int | None:
        return 520

    async def balance(self) -> int | None:
        return 100_000

    def read(self, body: bytes, content_type: str) -> list[Report]:
        return []

    def _told(self, message: Message) -> Told:
        provider_id = f"{self.name}-{message.id}"
        fate = self.fates.get(provider_id, Fate.ACCEPTED)
        return Told(provider_id=provider_id, fate=fate, raw="0 queue", cost=520)


def make_gateways(*gateways: ScriptedGateway, mailer: RememberingMailer | None = None) -> Gateways:
    """These gateways in this order for every channel they carry, and a post."""
    everyone: list[Gateway] = [*gateways, MailGateway(mailer or RememberingMailer())]
    order = {channel: tuple(one.name for one in everyone if channel in one.channels) for channel in Channel}
    return Gateways(everyone, order, hooks="https://kunak.test")
