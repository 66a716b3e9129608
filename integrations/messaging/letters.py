"""E-mail as a gateway: the mail relay that letters leave by."""

from collections.abc import Collection
from datetime import datetime

from integrations.ports import Letter, Mailer, Message, Report, Told, Unreadable
from loyalty.messages import Channel, Fate


class MailGateway:
    """Hands a message to the relay as a letter. A letter that is sent again repeats itself, which does no harm."""

    name = "smtp"
    channels = frozenset({Channel.EMAIL})

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    async def send(self, message: Message) -> Told:
        """Hand a letter over. The relay says that it took it, and no more."""
        await self._mailer.send(Letter(message.to, message.subject, f"{message.text}\n", message.html))
        return Told(provider_id=message.id.hex, fate=Fate.SENT)

    async def resolve(self, message: Message, *, handed_at: datetime, known: Collection[str]) -> Told | None:  # noqa: ARG002 - the port has it
        """Send again: mail has no way to look."""
        return await self.send(message)

    async def ask(self, provider_id: str, message: Message) -> Told | None:  # noqa: ARG002 - the port has it
        """Nobody knows what became of a letter."""
        return None

    async def price(self, message: Message) -> int | None:  # noqa: ARG002 - the port has it
        """Letters cost nothing."""
        return 0

    async def balance(self) -> int | None:
        """There is none."""
        return None

    def read(self, body: bytes, content_type: str) -> list[Report]:  # noqa: ARG002 - the port has it
        """A relay posts no reports."""
        raise Unreadable("a mail relay posts no reports")
