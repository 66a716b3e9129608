"""iikoCloud's stand-in in a test's hands, an adapter that talks to it, and dishes in few words."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from uuid import UUID, uuid4

import httpx2

from integrations.breaker import Breaker
from integrations.iiko.calling import Connection, Credentials
from integrations.iiko.cloud import IikoCloud
from integrations.iiko.limits import LIMITS
from integrations.pace import Pace
from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.server import UNKNOWN, IikoCloudStandin
from integrations.standins.iiko_cloud.venue import Item, Organization
from integrations.standins.posting import poster
from integrations.standins.windows import Rates

WIDE = dict.fromkeys(LIMITS, (10**6, 10**6, 10**6))


@asynccontextmanager
async def standing_in(
    clock: Callable[[], datetime],
    *,
    plan: Plan | None = None,
    rates: Rates = UNKNOWN,
    organizations: Sequence[Organization] | None = None,
) -> AsyncIterator[IikoCloudStandin]:
    """A stand-in that answers."""
    async with IikoCloudStandin(clock, plan=plan, rates=rates, organizations=organizations).open() as standin:
        yield standin


@asynccontextmanager
async def cloud_of(
    standin: IikoCloudStandin,
    *,
    is_old: bool = False,
    secret: str | None = None,
    seconds: float = 2.0,
    limits: Rates = WIDE,
    sees_tills: bool = True,
    clock: Callable[[], float] = monotonic,
) -> AsyncIterator[IikoCloud]:
    """The adapter on the stand-in."""
    app = (None, None) if is_old else (standin.app_id, secret or standin.client_secret)
    connection = Connection(
        standin.url,
        Credentials(standin.api_key, *app),
        Pace(limits, clock=monotonic),
        Breaker("iiko", clock),
        standin.clock,
        seconds=seconds,
    )
    try:
        yield IikoCloud(connection, sees_tills=sees_tills)
    finally:
        await connection.close()


@asynccontextmanager
async def raw_client(standin: IikoCloudStandin) -> AsyncIterator[httpx2.AsyncClient]:
    """A client with a token, for requests that our adapter would never make."""
    async with poster(base_url=standin.url) as client:
        body = {"apiKey": standin.api_key, "appId": standin.app_id, "clientSecret": standin.client_secret}
        token = (await client.post("/api/v2/access_token", json=body)).json()["token"]
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def dish(house: Organization, name: str, kopecks: int, *, amount: int = 1000, ours: int = 0, others: int = 0) -> Item:
    """A dish of an order with what was taken off."""
    return Item(str(uuid4()), house.product(name), amount, kopecks, ours, others)


def id_of(house: Organization) -> UUID:
    """The id of a restaurant."""
    return UUID(house.id)
