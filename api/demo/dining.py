"""Restaurants of a demo: linked as an operator links them, told of by a cloud, and compared, while the demo runs already.

The cloud is asked no faster than a real one, so this takes some ten seconds, for which nobody waits.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, time, timedelta
from functools import partial
from typing import Final, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from api.clock import now
from api.demo.scene import ROUBLE, Scene
from integrations.iiko.cloud import HOOK_PATH
from integrations.ports import Refused, TooOften, Unavailable
from integrations.restaurants import Hook
from integrations.standins.iiko_cloud.server import IikoCloudStandin
from integrations.standins.iiko_cloud.venue import Item, Organization
from loyalty.programme import Programme
from loyalty.refusals import Refusal
from models import database
from services import programmes
from services.pos import menu
from services.resources import Resources
from services.restaurants import events, guests, reconciling, syncing, watching
from services.restaurants.rows import cloud_of

Asked = TypeVar("Asked")
GROUPS_SAID: Final = 2
"""So many groups of a menu are named; the rest is sold as the outlet's default, as at most restaurants."""
LUNCH: Final = (("Уха", 690), ("Чай", 250))
DINNER: Final = (("Стейк", 2_950), ("Салат с грушей", 780), ("Вино", 1_100))
SUPPER: Final = (("Стейк", 2_950), ("Чай", 250))
_COMPARED: Final = "SELECT EXISTS (SELECT 1 FROM restaurant_check)"
_MEMBER: Final = "SELECT member_id FROM contact WHERE kind = 'EMAIL' AND value = $1"
_ALIAS: Final = "SELECT external_id FROM member_identity WHERE member_id = $1 AND system = $2"
log = logging.getLogger(__name__)


@asynccontextmanager
async def dining(resources: Resources, scene: Scene, standin: IikoCloudStandin) -> AsyncIterator[None]:
    """Let guests dine in the background of the block."""
    task = asyncio.create_task(_dine(resources, scene, standin), name="restaurants of the demo")
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def _dine(resources: Resources, scene: Scene, standin: IikoCloudStandin) -> None:
    """The first time, yesterday's orders by polling and today's by webhooks; later the webhooks alone."""
    try:
        programme = await programmes.current(now())
        houses = dict(zip((table.outlet for table in scene.tables), standin.organizations, strict=True))
        for outlet, house in houses.items():
            house.name = _name(programme, outlet)
        is_first = not await database.fetchval(_COMPARED)
        aliases = await _yesterday(resources, scene, standin, houses) if is_first else []
        await _listen(resources, standin)
        for house, alias in zip(standin.organizations, aliases, strict=False):
            _serve(standin, house, SUPPER, alias, now())
    except (Unavailable, Refused, Refusal):
        log.exception("the restaurants of the demo stay as they are")


async def _yesterday(
    resources: Resources, scene: Scene, standin: IikoCloudStandin, houses: dict[str, Organization]
) -> list[str]:
    """Orders of a day that is over, read and compared; gives the cloud's guests of those who dined."""
    zone = ZoneInfo((await programmes.current(now())).time_zone)
    begins = datetime.combine(now().astimezone(zone).date() - timedelta(days=1), time(), zone)
    await _link(resources, scene, houses, begins)
    aliases = [await _alias(resources, table.guest) for table in scene.tables]
    for house, alias in zip(standin.organizations, aliases, strict=True):
        _serve(standin, house, LUNCH, alias, begins + timedelta(hours=13, minutes=10))
        _serve(standin, house, DINNER, alias, begins + timedelta(hours=19, minutes=40))
        _serve(standin, house, LUNCH, None, begins + timedelta(hours=20, minutes=5))
    await _patiently(lambda: watching.watch(resources, now()))
    await _patiently(lambda: reconciling.compare_day(resources, begins.date(), now()))
    return aliases


async def _link(resources: Resources, scene: Scene, houses: dict[str, Organization], since: datetime) -> None:
    """What the operator does: read, say what is ours, and choose the type of discount."""
    await _patiently(lambda: syncing.sync(resources, now()))
    for outlet, house in houses.items():
        service = scene.places_by_outlet[outlet].service
        await syncing.link(UUID(house.group), outlet, since)
        groups = list(dict.fromkeys(dish.group for dish in house.menu))
        for group in (menu.DEFAULT, *groups[:GROUPS_SAID]):
            await menu.say(outlet, group, service, since)
        kind = UUID(house.discounts[0].id)
        await _patiently(partial(syncing.choose_discount, resources, UUID(house.id), kind))
    await _patiently(lambda: syncing.sync(resources, now()))


async def _alias(resources: Resources, login: str) -> str:
    """The cloud's guest of a member, whom it is told of as of any other."""
    member = await database.fetchval(_MEMBER, login)
    await _patiently(lambda: guests.tell(resources, member, now()))
    alias: str = await database.fetchval(_ALIAS, member, cloud_of(resources).name)
    return alias


async def _listen(resources: Resources, standin: IikoCloudStandin) -> None:
    hook = Hook(f"{resources.base_url}{HOOK_PATH}", events.key_of(resources.keyring))
    for house in standin.organizations:
        await _patiently(partial(cloud_of(resources).set_hook, UUID(house.id), hook))


def _serve(
    standin: IikoCloudStandin, house: Organization, dishes: tuple[tuple[str, int], ...], guest: str | None, at: datetime
) -> None:
    """An order brought to somebody's room, and paid."""
    items = [Item(str(uuid4()), house.product(name), 1000, roubles * ROUBLE) for name, roubles in dishes]
    order = standin.ordered(house, "delivery", items, customer=guest, created=at)
    standin.changed(order, status="Closed", closed=at)


def _name(programme: Programme, outlet: str) -> str:
    partner = next(one for one in programme.partners if outlet in {place.id for place in one.outlets})
    return f"{partner.name.ru}: {programme.outlets_by_id[outlet].name.ru}"


async def _patiently(call: Callable[[], Awaitable[Asked]]) -> Asked:
    """Keep to the pace that a real cloud is asked at: come again when it is time."""
    while True:
        try:
            return await call()
        except TooOften as wait:
            await asyncio.sleep(wait.seconds)
