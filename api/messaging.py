"""The gateways of the settings: which ones there are, in which order, and what each of them needs."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from api.settings import Settings
from integrations.messaging.calling import LOOPBACK, Line
from integrations.messaging.letters import MailGateway
from integrations.messaging.smsaero import SmsAero
from integrations.ports import Gateway, Mailer
from loyalty.messages import Channel
from services.gateways import Gateways


class Incomplete(Exception):
    """A gateway was chosen and something it needs is missing; the text names the settings."""


def channels_of(settings: Settings) -> frozenset[Channel]:
    """The channels that messages may leave by, for processes that send none themselves."""
    return frozenset(channel for channel, names in _order(settings).items() if names)


@asynccontextmanager
async def open_gateways(settings: Settings, mailer: Mailer) -> AsyncIterator[Gateways]:
    """Every gateway that the settings name, ready to be asked. Raises `Incomplete`."""
    order = _order(settings)
    async with AsyncExitStack() as stack:
        gateways: list[Gateway] = [MailGateway(mailer)]
        for name in sorted({name for names in order.values() for name in names} - {MailGateway.name}):
            line = _line(name, settings)
            stack.push_async_callback(line.close)
            gateways.append(_gateway(name, line, settings))
        yield Gateways(gateways, order, hooks=_origin_outside(settings))


def _order(settings: Settings) -> Mapping[Channel, tuple[str, ...]]:
    return {
        Channel.VIBER: settings.viber_gateways,
        Channel.SMS: settings.sms_gateways,
        Channel.EMAIL: (MailGateway.name,),
    }


def _origin_outside(settings: Settings) -> str | None:
    """Where a gateway can post to: https, or this machine itself where the gateway stands on it too."""
    parts = urlsplit(settings.origin)
    return settings.origin if parts.scheme == "https" or parts.hostname in LOOPBACK else None


def _line(name: str, settings: Settings) -> Line:
    given = _needed(name, settings)
    return Line(settings.smsaero_url, auth=(given["smsaero_login"], given["smsaero_key"]))


def _gateway(name: str, line: Line, settings: Settings) -> Gateway:
    given = _needed(name, settings)
    if name in settings.viber_gateways and settings.smsaero_viber_sign is None:
        raise Incomplete("KUNAK_VIBER_GATEWAYS names smsaero, which then needs KUNAK_SMSAERO_VIBER_SIGN")
    return SmsAero(line, sign=given["smsaero_sign"], viber_sign=settings.smsaero_viber_sign)


NEEDS: Final[Mapping[str, tuple[str, ...]]] = {"smsaero": ("smsaero_login", "smsaero_key", "smsaero_sign")}


def _needed(name: str, settings: Settings) -> dict[str, str]:
    """What a gateway cannot do without."""
    given = {one: getattr(settings, one) for one in NEEDS[name]}
    missing = [f"KUNAK_{one.upper()}" for one, value in given.items() if not value]
    if missing:
        raise Incomplete(f"the gateway {name} was chosen and lacks {', '.join(missing)}: see docs/messages.md")
    return given
