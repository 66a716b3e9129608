"""The demo's gateways: stand-ins on this machine that keep the vendors' contracts, and settings that lead to them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from api.clock import now
from api.demo.scene import Scene
from api.settings import Settings
from api.wiring import read_keyring
from integrations.standins.hotel_site.server import HotelSite
from integrations.standins.iiko_cloud.server import IikoCloudStandin
from integrations.standins.iiko_cloud.venue import restaurants
from integrations.standins.messaging.edna import EdnaStandin
from integrations.standins.messaging.exchange import Exchange
from integrations.standins.messaging.smsaero import SmsAeroStandin
from integrations.standins.messaging.smsc import SmscStandin
from integrations.standins.travelline.plan import Plan
from integrations.standins.travelline.server import TravelLineStandin
from integrations.standins.yookassa.server import YooKassaStandin
from integrations.travelline.events import HOOK_PATH
from loyalty.messages import Channel
from loyalty.programme import Programme
from loyalty.tariffs import Price
from services.bookings import events
from services.messages.hooks import callback_url
from services.payments import events as payment_events

# Invented prices: previews of messages in the panel say what a text costs by each way.
PRICES: Final = tuple(
    Price.parse(line)
    for line in ("smsaero:SMS=520", "smsaero:VIBER=310", "edna:SMS=490", "edna:VIBER=290", "smsc:SMS=560")
)
# A room of either hotel grows dearer between search and booking: the demo shows what a guest is asked then.
DEARER: dict[str, int] = {"70233": 900, "71103": 1_500}


@asynccontextmanager
async def open_standins(settings: Settings) -> AsyncIterator[tuple[Settings, list[Exchange]]]:
    """(settings as an operator would write them, the phones that receive). Only addresses and keys differ from theirs."""
    async with SmsAeroStandin(now).open() as smsaero, EdnaStandin(now).open() as edna, SmscStandin(now).open() as smsc:
        numbers = {channel: number for number, channel in edna.cascades.items()}
        told = replace(
            settings,
            sms_gateways=("smsaero", "edna", "smsc"),
            viber_gateways=("smsaero", "edna"),
            smsaero_url=smsaero.url,
            smsaero_login=smsaero.login,
            smsaero_key=smsaero.key,
            smsaero_sign=smsaero.signs[0],
            smsaero_viber_sign=smsaero.signs[0],
            edna_url=edna.url,
            edna_key=edna.key,
            edna_sms_cascade=numbers[Channel.SMS],
            edna_viber_cascade=numbers[Channel.VIBER],
            smsc_url=smsc.url,
            smsc_key=smsc.key,
            smsc_sender=smsc.senders[0],
            message_prices=PRICES,
        )
        # What an operator writes into the accounts: where reports go.
        keyring = read_keyring(settings)
        edna.post_to(str(callback_url(settings.origin, "edna", keyring)))
        smsc.hook = callback_url(settings.origin, "smsc", keyring)
        yield told, [smsaero.exchange, edna.exchange, smsc.exchange]


@asynccontextmanager
async def open_hotels(settings: Settings) -> AsyncIterator[Settings]:
    """Settings that lead to a booking engine's stand-in with two invented hotels; its bookings last as long as it does."""
    async with TravelLineStandin(now, plan=Plan(dearer=DEARER)).open() as standin:
        standin.post_to(f"{settings.origin}{HOOK_PATH}", events.key_of(read_keyring(settings)))
        yield replace(
            settings,
            travelline_url=standin.url,
            travelline_client_id=standin.client_id,
            travelline_client_secret=standin.client_secret,
            travelline_reservation="v2",
        )


@asynccontextmanager
async def open_acquirer(settings: Settings) -> AsyncIterator[Settings]:
    """Settings that lead to an acquirer's stand-in, on whose page nothing is paid."""
    async with YooKassaStandin(now).open() as standin:
        standin.post_to(payment_events.callback_url(settings.origin, read_keyring(settings)))
        yield replace(
            settings,
            yookassa_url=standin.url,
            yookassa_shop_id=standin.shop_id,
            yookassa_secret_key=standin.secret_key,
            yookassa_receipts=True,
        )


@asynccontextmanager
async def open_restaurants(settings: Settings, scene: Scene) -> AsyncIterator[tuple[Settings, IikoCloudStandin | None]]:
    """Settings that lead to a stand-in of the restaurants' cloud; a scene without restaurants has none."""
    if not scene.tables:
        yield settings, None
        return
    async with IikoCloudStandin(now, organizations=restaurants(len(scene.tables))).open() as standin:
        told = replace(
            settings,
            iiko_url=standin.url,
            iiko_api_key=standin.api_key,
            iiko_app_id=standin.app_id,
            iiko_client_secret=standin.client_secret,
        )
        yield told, standin


@asynccontextmanager
async def open_sites(settings: Settings, scene: Scene) -> AsyncIterator[tuple[Settings, HotelSite]]:
    """Sites of hotels with the widget, on a port of their own, and settings under which it may stand there."""
    async with HotelSite(settings.origin).open() as site:
        trials = tuple((partner, origin) for partner in scene.sites for origin in site.origins)
        yield replace(settings, trial_origins=(*settings.trial_origins, *trials)), site


def houses_of(scene: Scene, programme: Programme) -> dict[str, tuple[str, str]]:
    """What the pages of the sites say of themselves."""
    partners = [programme.partners_by_id[slug] for slug in scene.sites if slug in programme.partners_by_id]
    return {one.id: (one.name.ru, "" if one.about is None else one.about.ru) for one in partners}
