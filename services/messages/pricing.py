"""What a text costs to a number before it is sent: as its gateways say, and as the tariff has it where they say nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from integrations.ports import Message, Refused, Unavailable
from loyalty.messages import Channel
from loyalty.tariffs import Tariff
from models.ids import uuid7
from services.gateways import Gateways
from services.phones import phone

TEXTS: Final = (Channel.SMS, Channel.VIBER)


@dataclass(frozen=True, slots=True)
class Priced:
    """What one gateway takes for a text, in kopecks: by the tariff, and in its own words; `trouble` is why it said nothing."""

    gateway: str
    channel: Channel
    tariff: int | None
    told: int | None
    trouble: str = ""

    @property
    def kopecks(self) -> int | None:
        """What is to be expected; None where nobody knows."""
        return self.tariff if self.told is None else self.told


async def prices(gateways: Gateways, tariff: Tariff, number: str, text: str) -> Sequence[Priced]:
    """The price of a text by every gateway that carries texts, in the order in which they are tried. Raises INVALID_INPUT."""
    to, found = phone(number, field="number"), []
    for channel in TEXTS:
        for gateway in gateways.carrying(channel):
            known, told, trouble = tariff.cost(gateway.name, channel, to, text), None, ""
            try:
                told = await gateway.price(Message(id=uuid7(), channel=channel, to=to, text=text))
            except (Refused, Unavailable) as error:
                trouble = str(error)
            found.append(Priced(gateway.name, channel, known, told, trouble))
    return found
