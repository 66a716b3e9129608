"""Putting a process together: the only place that knows which adapter stands behind which port."""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from api.clock import now, real
from api.hotels import open_engine
from api.messaging import routes_of
from api.payments import open_acquirer
from api.restaurants import open_cloud
from api.sandbox.recorder import RecordingMailer
from api.settings import Settings
from integrations.mail.smtp import SmtpMailer
from integrations.ports import Announcer, Courier, Limits, Mailer
from integrations.redis.accelerator import Accelerator
from integrations.redis.courier import RedisCourier
from integrations.redis.limits import RememberingLimits
from integrations.webhooks.sending import HttpAnnouncer
from loyalty.tariffs import Tariff
from models import database
from services.bus import Bus
from services.courier import PostgresCourier
from services.keyring import Keyring, new_line
from services.limits import PostgresLimits
from services.passwords import Hasher
from services.resources import Resources
from services.status.contacts import Contacts


class Unready(Exception):
    """Something a process needs is missing; the text says what to do."""


@asynccontextmanager
async def open_resources(settings: Settings) -> AsyncIterator[Resources]:
    """Open everything a process keeps for its life, and close it in reverse order.

    The database must be migrated, and `database_url` set: the entry points start the private server before.
    """
    if settings.database_url is None:
        raise Unready("DATABASE_URL is not set, and no private server was started")
    keyring = read_keyring(settings)
    async with AsyncExitStack() as stack:
        await database.connect(
            settings.database_url,
            connections=settings.database_connections,
            acquire_seconds=settings.acquire_millis / 1000,
        )
        stack.push_async_callback(database.close)
        limits: Limits = PostgresLimits()
        courier: Courier = PostgresCourier()
        if settings.redis_url:
            redis = Accelerator(settings.redis_url)
            stack.push_async_callback(redis.close)
            limits, courier = RememberingLimits(limits, redis), RedisCourier(redis, settings.redis_url)
        hasher = Hasher()
        stack.callback(hasher.close)
        bus = Bus(courier)
        await stack.enter_async_context(bus.running())
        contacts = Contacts(now)
        await stack.enter_async_context(contacts.kept())
        engine = await stack.enter_async_context(open_engine(settings, contacts.note))
        cloud = await stack.enter_async_context(open_cloud(settings, contacts.note))
        acquirer = await stack.enter_async_context(open_acquirer(settings, contacts.note))
        routes = routes_of(settings)
        yield Resources(
            keyring=keyring,
            hasher=hasher,
            limits=limits,
            bus=bus,
            base_url=settings.origin,
            contacts=contacts,
            channels=frozenset(routes),
            routes=routes,
            tariff=Tariff(settings.message_prices),
            policy=settings.policy,
            hotels=engine,
            payments=acquirer,
            webhook_networks=settings.webhook_networks,
            trial_origins={
                origin: frozenset(partner for partner, at in settings.trial_origins if at == origin)
                for _, origin in settings.trial_origins
            },
            restaurants=cloud,
            tells_guests=settings.iiko_guests,
        )


def open_mailer(settings: Settings) -> Mailer:
    """The mail relay of the settings; in a sandbox letters stay."""
    if settings.sandbox:
        return RecordingMailer(now)
    if settings.smtp_url is None:
        raise Unready("SMTP_URL is not set: letters have no way out")
    return SmtpMailer(settings.smtp_url, sender=settings.mail_from, is_plain_allowed=settings.smtp_plain)


@asynccontextmanager
async def open_announcer(settings: Settings) -> AsyncIterator[Announcer]:
    """The way of webhooks to partners. In a sandbox too: its addresses were entered there, and nobody's data is in it."""
    announcer = HttpAnnouncer(real, private=settings.webhook_networks)
    try:
        yield announcer
    finally:
        await announcer.close()


def read_keyring(settings: Settings) -> Keyring:
    """The keys of the key file."""
    path = settings.key_file
    try:
        if path.stat().st_mode & 0o077:
            raise Unready(f"{path} can be read by others: chmod 600 {path}")
        return Keyring.parse(path.read_text(encoding="ascii"))
    except FileNotFoundError:
        raise Unready(
            f"there is no key file at {path}: make one with `kunak keys new`, and keep a copy elsewhere"
        ) from None
    except UnicodeDecodeError:
        raise Unready(f"{path} is no key file") from None


def make_key_file(settings: Settings) -> bool:
    """Make the first key where there is none. False if the file is there: a key that sealed something is never replaced."""
    path = settings.key_file
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(new_line(1))
    return True
