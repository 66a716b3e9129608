"""Addresses of partners, and the worker's part in delivering to them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime

from api import clock
from integrations.ports import Announcer
from integrations.webhooks.sending import HttpAnnouncer
from jobs.registry import Tools
from jobs.running import KINDS
from jobs.worker import Worker
from loyalty.webhooks import SUBSCRIBED
from services.audit import Actor
from services.resources import Resources
from services.webhooks import endpoints
from services.webhooks.endpoints import Endpoint
from tests.makers.mail import RememberingMailer
from tests.makers.receiver import NETWORKS
from tests.makers.resources import make_resources

EVERYTHING = tuple(kind.value for kind in SUBSCRIBED)


def make_near() -> Resources:
    """Resources of a house that may call this machine."""
    return replace(make_resources(), webhook_networks=NETWORKS)


async def make_endpoint(
    resources: Resources,
    url: str,
    now: datetime,
    *,
    partner: str = "igora",
    events: Sequence[str] = EVERYTHING,
    actor: Actor | None = None,
) -> tuple[Endpoint, str]:
    """(an address of a partner, its secret)."""
    actor = actor or Actor.operator()
    return await endpoints.add(actor, partner, url, events, reason="для проверки", resources=resources, now=now)


@asynccontextmanager
async def announcing() -> AsyncIterator[HttpAnnouncer]:
    """A way out that may lead to this machine."""
    announcer = HttpAnnouncer(clock.real, private=NETWORKS)
    yield announcer
    await announcer.close()


async def tell_all(
    resources: Resources, announcer: Announcer, now: datetime, *, mailer: RememberingMailer | None = None
) -> int:
    """Run every job that is due, until none is; say how many ran."""
    tools = Tools(resources=resources, mailer=mailer or RememberingMailer(), announcer=announcer)
    worker, done = Worker(KINDS, tools, lambda: now), 0
    while taken := await worker.take(now):
        await worker.settled()
        done += taken
    return done
