"""The demo's gateways: stand-ins on this machine that keep the vendors' contracts, and settings that lead to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from api.clock import now
from api.settings import Settings
from integrations.standins.messaging.exchange import Exchange
from integrations.standins.messaging.smsaero import SmsAeroStandin


@asynccontextmanager
async def open_standins(settings: Settings) -> AsyncIterator[tuple[Settings, list[Exchange]]]:
    """(settings as an operator would write them, the phones that receive). Only addresses and keys differ from theirs."""
    async with SmsAeroStandin(now).open() as smsaero:
        told = replace(
            settings,
            sms_gateways=("smsaero",),
            viber_gateways=("smsaero",),
            smsaero_url=smsaero.url,
            smsaero_login=smsaero.login,
            smsaero_key=smsaero.key,
            smsaero_sign=smsaero.signs[0],
            smsaero_viber_sign=smsaero.signs[0],
        )
        yield told, [smsaero.exchange]
