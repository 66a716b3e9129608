"""Restaurants of the cloud's stand-in that are outlets of ours, with a guest, tills and the application they post to."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2

from api.app import create_app
from api.settings import Settings
from integrations.iiko.cloud import HOOK_PATH, IikoCloud
from integrations.restaurants import Hook
from integrations.standins.iiko_cloud.plan import Plan
from integrations.standins.iiko_cloud.server import IikoCloudStandin
from integrations.standins.iiko_cloud.venue import Item, Kind, Order, Organization, restaurants
from models import database
from models.ids import uuid7
from services.gateways import Gateways
from services.pos import menu
from services.resources import Resources
from services.restaurants import events, syncing
from tests.makers.app import ORIGIN, opened
from tests.makers.iiko_cloud import cloud_of, dish, id_of, standing_in
from tests.makers.people import MadeMember, make_phone, make_till
from tests.makers.plugins import Clock, Plugin
from tests.makers.resources import make_resources
from tests.makers.restaurant import make_regular
from tests.makers.working import work_off

OUTLETS = ("igora-restaurant", "dacha-vintera-restaurant")
SERVICES = {"igora-restaurant": "restaurants", "dacha-vintera-restaurant": "restaurant"}


@dataclass
class Chain:
    """The application with its cloud, and whom it sells to."""

    resources: Resources
    standin: IikoCloudStandin
    cloud: IikoCloud
    clock: Clock
    anna: MadeMember
    plugin: Plugin
    client: httpx2.AsyncClient

    @property
    def house(self) -> Organization:
        """The restaurant of the first outlet."""
        return self.standin.organizations[0]

    @property
    def plan(self) -> Plan:
        return self.standin.plan

    async def work(self) -> int:
        """Whatever the cloud posted meanwhile arrives, and the worker does what is due."""
        await self.standin.hooks.settled()
        return await work_off(self.resources, Gateways(), self.clock())

    async def alias(self, member: MadeMember | None = None) -> str:
        """The cloud's guest of a member."""
        return await make_alias(member or self.anna, self.clock())

    async def sell(self, kind: Kind = "delivery", *, kopecks: int = 50_000, **more: Any) -> Order:
        """An order of Anna's as the cloud names her, closed."""
        items = [dish(self.house, "Уха", kopecks)]
        return self.standin.closed(self.standin.ordered(self.house, kind, items, customer=await self.alias(), **more))

    async def post(self, body: bytes, **headers: str) -> httpx2.Response:
        """The raw answer to a body that is posted to the inbox."""
        shown = {"authorization": events.key_of(self.resources.keyring), "content-type": "application/json"} | headers
        return await self.client.post(HOOK_PATH, content=body, headers=shown)


async def make_alias(member: MadeMember, now: datetime) -> str:
    """An alias of a member at the cloud."""
    guest = str(UUID(int=member.id.int ^ 1))
    await database.execute(
        "INSERT INTO member_identity (id, member_id, system, external_id, at) VALUES ($1, $2, $3, $4, $5)"
        " ON CONFLICT DO NOTHING",
        *(uuid7(), member.id, IikoCloud.name, guest, now),
    )
    return guest


@asynccontextmanager
async def restaurant_chain(
    now: datetime,
    *,
    plan: Plan | None = None,
    sees_tills: bool = True,
    count: int = 2,
    resources: Resources | None = None,
) -> AsyncIterator[Chain]:
    """Restaurants that post their events here, linked a day ago, with one plugin in the first."""
    clock = Clock(now)
    async with AsyncExitStack() as stack:
        plan = plan or Plan()
        houses = restaurants(count)
        standin = await stack.enter_async_context(standing_in(clock, plan=plan, organizations=houses))
        cloud = await stack.enter_async_context(
            cloud_of(standin, sees_tills=sees_tills, seconds=1.0, clock=lambda: clock().timestamp())
        )
        made = replace(resources or make_resources(), restaurants=cloud)
        anna = await make_regular(made, clock)
        app = create_app(Settings(), clock=clock, resources=made, documents={})
        await stack.enter_async_context(opened(app))
        standin.hooks.transport = httpx2.ASGITransport(app=app)
        client = await stack.enter_async_context(
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url=ORIGIN)
        )
        _, key = await make_till(clock(), outlet=OUTLETS[0], channels=("TILL",))
        await link_all(made, houses, now)
        yield Chain(made, standin, cloud, clock, anna, Plugin(client, key, clock), client)


async def link_all(resources: Resources, houses: Sequence[Organization], now: datetime) -> None:
    """Read the directories, name each restaurant's outlet and our discount, and have events posted."""
    await syncing.sync(resources, now)
    cloud = resources.restaurants
    assert cloud is not None
    for house, outlet in zip(houses, OUTLETS, strict=False):
        await syncing.link(UUID(house.group), outlet, now - timedelta(days=1))
        await menu.say(outlet, menu.DEFAULT, SERVICES[outlet], now - timedelta(days=2))
        await syncing.choose_discount(resources, id_of(house), UUID(house.discounts[0].id))
        await cloud.set_hook(id_of(house), Hook(f"{ORIGIN}{HOOK_PATH}", events.key_of(resources.keyring)))
    await syncing.sync(resources, now)


async def dine(chain: Chain, *items: Item, is_plugin_alive: bool = True) -> tuple[Order, dict[str, Any]]:
    """Anna at a table: scanned and quoted by the plugin, closed in iiko with our discount; the plugin tells it unless dead."""
    chain.clock.move(minutes=1)  # a code is taken once in its half minute
    phone = await make_phone(chain.resources, chain.anna.id, chain.clock())
    order = chain.standin.ordered(chain.house, "table", items or [dish(chain.house, "Уха", 100_000)])
    lines = [
        {
            "item": item.position,
            "product": item.product.code,
            "name": item.product.name,
            "quantity": f"{item.amount / 1000:.3f}",
            "amount": f"{item.cost / 100:.2f}",
            "group": {"id": item.product.group, "name": "Горячее"},
        }
        for item in order.items
    ]
    ticket = await chain.plugin.scanned(phone)
    quote = await chain.plugin.ask("quote", order=order.pos, ticket=ticket, lines=lines)
    for item, line in zip(order.items, quote["lines"], strict=True):
        item.ours = round(float(line["discount"]) * 100)
    chain.standin.closed(order)
    body = {
        "order": order.pos,
        "quote": quote["quote"],
        "number": str(order.number),
        "closedAt": chain.clock().isoformat(),
        "lines": [line | {"discount": told["discount"]} for line, told in zip(lines, quote["lines"], strict=True)],
        "tenders": [{"kind": "CARD", "amount": f"{order.sum / 100:.2f}"}],
    }
    if is_plugin_alive:
        await chain.plugin.ask("commit", **body)
    return order, body


async def posted(outlet: str = OUTLETS[0]) -> list[tuple[str, int]]:
    """(order at the till, net) of every purchase of an outlet that came of an order."""
    rows = await database.fetch(
        "SELECT o.order_id, p.net FROM purchase AS p JOIN pos_order AS o ON o.id = p.id WHERE p.outlet = $1"
        " ORDER BY p.closed_at, p.id",
        outlet,
    )
    assert len(rows) == await database.fetchval("SELECT count(*) FROM purchase WHERE outlet = $1", outlet)
    return [(str(row["order_id"]), row["net"]) for row in rows]
