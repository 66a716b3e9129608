"""What texts cost by which gateway, before they are sent: kopecks a part of an SMS, kopecks a message by Viber."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Self

from loyalty.messages import Channel
from loyalty.segments import segments

_LINE: Final = re.compile(r"([a-z]+):(SMS|VIBER)(?::(\+[0-9]{1,15}))?=([0-9]{1,9})")


@dataclass(frozen=True, slots=True)
class Price:
    """A line of a tariff. `prefix` is the beginning of the numbers it is for, such as +375; the empty one is for all."""

    gateway: str
    channel: Channel
    kopecks: int
    prefix: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        """The line that stands as `smsaero:SMS=520` or `smsaero:SMS:+375=1500`. Raises `ValueError`."""
        found = _LINE.fullmatch(text.strip())
        if found is None:
            raise ValueError(text)
        gateway, channel, prefix, kopecks = found.groups(default="")
        return cls(gateway, Channel(channel), int(kopecks), prefix)


def read_prices(text: str, *, among: Collection[str]) -> tuple[Price, ...]:
    """The prices of a list with commas, of gateways of these names. Raises `ValueError` with what is wrong."""
    try:
        found = tuple(Price.parse(part) for part in text.split(","))
    except ValueError:
        raise ValueError("must be such as smsaero:SMS=520,smsaero:SMS:+375=1500,edna:VIBER=310, in kopecks") from None
    if unknown := sorted({one.gateway for one in found} - set(among)):
        raise ValueError(f"names no gateway of ours: {', '.join(unknown)}")
    if len({(one.gateway, one.channel, one.prefix) for one in found}) != len(found):
        raise ValueError("says two prices for one gateway, channel and prefix")
    return found


@dataclass(frozen=True, slots=True)
class Tariff:
    """The prices of an installation."""

    prices: Sequence[Price] = ()

    def cost(self, gateway: str, channel: Channel, number: str, text: str) -> int | None:
        """Kopecks that a text costs: the price of the longest prefix that fits. E-mail costs nothing; None: no price is known."""
        if channel is Channel.EMAIL:
            return 0
        fitting = [
            one
            for one in self.prices
            if one.gateway == gateway and one.channel is channel and number.startswith(one.prefix)
        ]
        if not fitting:
            return None
        price = max(fitting, key=lambda one: len(one.prefix)).kopecks
        return price * segments(text).parts if channel is Channel.SMS else price
