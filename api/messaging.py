"""The gateways of the settings: which ones there are, in which order, and what each of them needs."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final
from urllib.parse import urlsplit

from api.clock import now
from api.sandbox.recorder import RecordingGateway
from api.settings import Settings
from integrations.messaging.calling import LOOPBACK, Line
from integrations.messaging.edna import Edna
from integrations.messaging.letters import MailGateway
from integrations.messaging.smsaero import SmsAero
from integrations.messaging.smsc import Smsc
from integrations.ports import Gateway, Mailer
from loyalty.messages import Channel
from loyalty.tariffs import Tariff
from services.gateways import Gateways


class Incomplete(Exception):
    """A gateway or a budget was chosen and something it needs is missing; the text names the settings."""


def routes_of(settings: Settings) -> Mapping[Channel, tuple[str, ...]]:
    """The gateways of each channel that messages may leave by, for processes that send none themselves."""
    return {channel: names for channel, names in _order(settings).items() if names}


@asynccontextmanager
async def open_gateways(settings: Settings, mailer: Mailer) -> AsyncIterator[Gateways]:
    """Every gateway that the settings name, ready to be asked. Raises `Incomplete`."""
    order = _order(settings)
    async with AsyncExitStack() as stack:
        gateways: list[Gateway] = [MailGateway(mailer)]
        if settings.sandbox:
            yield Gateways([*gateways, RecordingGateway(now)], order)
            return
        _check_budget(settings, order)
        for name in sorted({name for names in order.values() for name in names} - {MailGateway.name}):
            line, gateway = MAKERS[name](settings)
            stack.push_async_callback(line.close)
            gateways.append(gateway)
        yield Gateways(gateways, order, hooks=_origin_outside(settings))


def _order(settings: Settings) -> Mapping[Channel, tuple[str, ...]]:
    return {
        Channel.VIBER: settings.viber_gateways,
        Channel.SMS: settings.sms_gateways,
        Channel.EMAIL: (MailGateway.name,),
    }


def _check_budget(settings: Settings, order: Mapping[Channel, tuple[str, ...]]) -> None:
    """Raise `Incomplete` for a day's money that texts without a price would go past uncounted."""
    if not settings.policy.messages_per_day_kopecks:
        return
    tariff = Tariff(settings.message_prices)
    missing = [
        f"{name}:{channel}"
        for channel, names in order.items()
        for name in names
        if tariff.cost(name, channel, "", "") is None
    ]
    if missing:
        lacks = ", ".join(missing)
        raise Incomplete(
            f"KUNAK_MESSAGES_PER_DAY_KOPECKS is set and KUNAK_MESSAGE_PRICES lacks {lacks}: see docs/messages.md"
        )


def _origin_outside(settings: Settings) -> str | None:
    """Where a gateway can post to: https, or this machine itself where the gateway stands on it too."""
    parts = urlsplit(settings.origin)
    return settings.origin if parts.scheme == "https" or parts.hostname in LOOPBACK else None


def _smsaero(settings: Settings) -> tuple[Line, Gateway]:
    login, key, sign = _needed("smsaero", settings, "login", "key", "sign")
    if SmsAero.name in settings.viber_gateways:
        _needed("smsaero", settings, "viber_sign")
    line = Line(settings.smsaero_url, auth=(login, key))
    return line, SmsAero(line, sign=sign, viber_sign=settings.smsaero_viber_sign)


def _edna(settings: Settings) -> tuple[Line, Gateway]:
    (key,) = _needed("edna", settings, "key")
    cascades = {}
    if Edna.name in settings.sms_gateways:
        cascades[Channel.SMS] = int(_needed("edna", settings, "sms_cascade")[0])
    if Edna.name in settings.viber_gateways:
        cascades[Channel.VIBER] = int(_needed("edna", settings, "viber_cascade")[0])
    line = Line(settings.edna_url, headers={"X-API-KEY": key})
    return line, Edna(line, cascades=cascades, clock=now)


def _smsc(settings: Settings) -> tuple[Line, Gateway]:
    key, sender = _needed("smsc", settings, "key", "sender")
    line = Line(settings.smsc_url)
    return line, Smsc(line, key=key, sender=sender)


MAKERS: Final[Mapping[str, Callable[[Settings], tuple[Line, Gateway]]]] = {
    SmsAero.name: _smsaero,
    Edna.name: _edna,
    Smsc.name: _smsc,
}


def _needed(gateway: str, settings: Settings, *names: str) -> tuple[str, ...]:
    """What a gateway cannot do without."""
    given = {f"{gateway}_{name}": getattr(settings, f"{gateway}_{name}") for name in names}
    missing = [f"KUNAK_{name.upper()}" for name, value in given.items() if not value]
    if missing:
        raise Incomplete(f"the gateway {gateway} was chosen and lacks {', '.join(missing)}: see docs/messages.md")
    return tuple(str(value) for value in given.values())
