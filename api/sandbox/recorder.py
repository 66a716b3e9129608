"""The gateways and the mail relay of a sandbox: everything is kept beside its data, nothing leaves."""

from collections.abc import Callable, Collection
from datetime import datetime

from integrations.ports import Letter, Message, Report, Told, Unreadable
from loyalty.messages import Channel, Fate
from models.ids import uuid7
from services import sandbox
from services.sandbox import Recorded


class RecordingMailer:
    """Takes letters and keeps them."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def send(self, letter: Letter) -> None:
        """Keep one letter."""
        await sandbox.record(Recorded(uuid7(), Channel.EMAIL, letter.to, letter.subject, letter.text, self._clock()))


class RecordingGateway:
    """Takes texts, keeps them, and says that they have arrived."""

    name = "recorder"
    channels = frozenset({Channel.VIBER, Channel.SMS})

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    async def send(self, message: Message) -> Told:
        """Keep one message."""
        said = (message.channel, message.to, message.subject, message.text, self._clock())
        await sandbox.record(Recorded(message.id, *said))
        return _told(message)

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:  # noqa: ARG002 - the port has it
        """Look whether a message was kept."""
        return _told(message) if await sandbox.is_recorded(message.id) else None

    async def ask(self, provider_id: str, message: Message) -> Told | None:  # noqa: ARG002 - the port has it
        """What was kept has arrived."""
        return _told(message)

    async def price(self, message: Message) -> int | None:  # noqa: ARG002 - the port has it
        """Nothing is paid here."""
        return 0

    async def balance(self) -> int | None:
        """There is none."""
        return None

    def read(self, body: bytes, content_type: str) -> list[Report]:  # noqa: ARG002 - the port has it
        """Nobody reports to a sandbox."""
        raise Unreadable("a sandbox is told of nothing")


def _told(message: Message) -> Told:
    return Told(provider_id=message.id.hex, fate=Fate.DELIVERED, raw="kept in the sandbox")
