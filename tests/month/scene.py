"""Three hotels and four restaurants at their vendors' stand-ins, guests with phones, tills with plugins, one clock."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final
from uuid import UUID

import httpx2

from api.app import create_app
from api.settings import Settings
from integrations.iiko.cloud import HOOK_PATH as CLOUD_PATH
from integrations.restaurants import Hook
from integrations.standins.iiko_cloud.plan import Plan as IikoPlan
from integrations.standins.iiko_cloud.server import IikoCloudStandin
from integrations.standins.iiko_cloud.venue import Organization, restaurants
from integrations.standins.iiko_front.plugin import Plugin
from integrations.standins.iiko_front.wire import Faults, Wire
from integrations.standins.orders import Fault, HookFault
from integrations.standins.travelline.houses import HOUSES, House, Rate, Room
from integrations.standins.travelline.plan import Plan as HotelPlan
from integrations.standins.travelline.server import TravelLineStandin
from integrations.travelline.events import HOOK_PATH as HOTEL_PATH
from jobs.schedule import write_round
from services import programmes
from services.bookings import events as hotel_events
from services.bookings import hotels
from services.cards import issue_card_key
from services.gateways import Gateways
from services.pos import menu
from services.resources import Resources
from services.restaurants import events, syncing
from tests.makers.app import ORIGIN, opened
from tests.makers.iiko_cloud import cloud_of, id_of
from tests.makers.iiko_cloud import standing_in as iiko_standing_in
from tests.makers.people import MadeMember, Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock
from tests.makers.programme import FILES
from tests.makers.resources import make_resources
from tests.makers.restaurants import make_alias
from tests.makers.travelline import WIDE, engine_of
from tests.makers.working import work_off

PLACES: Final = (
    ("igora", "igora-restaurant", "restaurants"),
    ("dacha-vintera", "dacha-vintera-restaurant", "restaurant"),
    ("igora", "igora-bar", "restaurants"),
    ("dacha-vintera", "dacha-vintera-bar", "restaurant"),
)
HOTELS: Final = ("igora", "dacha-vintera", "favorit")
# Twenty of a hundred calls to a vendor meet one of these, and as many of its webhooks go astray.
CALLS: Final[dict[Fault, int]] = {"500": 5, "503": 5, "429": 2, "lose": 5, "late": 1, "slow": 2}
HOOKS: Final[dict[HookFault, int]] = {"duplicate": 7, "reorder": 7, "drop": 6}
WIRES: Final = Faults(dropped=7, answers_lost=8, doubled=5)
_THIRD: Final = House(
    id="41031",
    name="Фаворит",
    about="<p>Городской отель.</p>",
    city="Санкт-Петербург",
    stars=3,
    zone="Europe/Moscow",
    hue=20,
    rooms=(Room("72101", "Стандарт", "Тихий двор.", 5_300, 60, beds=2, metres=18),),
    rates=(Rate("88320", "С завтраком", "<p>Завтрак.</p>"),),
)
_FAVORIT: Final = "      - {id: favorit, name: {ru: Отель, en: Hotel}}\n"
_BOOKED: Final = """\
    booking: {property: "41031", outlet: favorit-booking, service: stay, counts: CHECK_OUT, delay_days: 2}
"""


@dataclass(frozen=True, slots=True)
class Guest:
    """A member with a phone that draws codes, and what the restaurants' cloud calls them."""

    member: MadeMember
    phone: Phone
    alias: str


@dataclass
class Scene:
    """The whole of it. `counted` tells what happened, for the tally."""

    resources: Resources
    clock: Clock
    chance: Random
    iiko: IikoCloudStandin
    hotels: TravelLineStandin
    guests: list[Guest]
    plugins: dict[str, Plugin]
    client: httpx2.AsyncClient
    counted: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, count: int = 1) -> None:
        """Count something."""
        self.counted[what] = self.counted.get(what, 0) + count

    async def round(self, *, minutes: float = 0) -> None:
        """Time passes; the webhooks that are on their way arrive, and whatever is due is done."""
        self.clock.move(minutes=minutes)
        await self.iiko.hooks.settled()
        await write_round(self.clock())
        self.note("jobs", await work_off(self.resources, Gateways(), self.clock()))

    async def tell_hotel(self, told: list[dict[str, object]]) -> None:
        """A hotel's system posts events."""
        headers = {"api-key": hotel_events.key_of(self.resources.keyring)}
        answer = await self.client.post(HOTEL_PATH, json=told, headers=headers)
        assert answer.status_code == 200, answer.text

    async def morning(self) -> None:
        """Every guest opens the cabinet: the keys that a phone draws codes from without a network serve for three days."""
        for guest in self.guests:
            await issue_card_key(
                self.resources.keyring,
                member_id=guest.member.id,
                session_id=guest.phone.session,
                device="phone",
                now=self.clock(),
            )

    def heal(self) -> None:
        """Everybody works from now on."""
        self.iiko.plan.often, self.iiko.plan.hooks, self.hotels.plan.often = {}, {}, {}
        for plugin in self.plugins.values():
            plugin.wire.faults = Faults()


@asynccontextmanager
async def month_scene(now: datetime, seed: int, *, guests: int) -> AsyncIterator[Scene]:
    """Everything open and linked; the database is connected and empty."""
    clock, chance = Clock(now), Random(seed)
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        await _programme(folder, now - timedelta(days=40))
        plan = IikoPlan(chance=chance, slow_seconds=0.6)
        houses = restaurants(len(PLACES))
        iiko = await stack.enter_async_context(iiko_standing_in(clock, plan=plan, organizations=houses))
        cloud = await stack.enter_async_context(cloud_of(iiko, seconds=0.4, clock=lambda: clock().timestamp()))
        stay = TravelLineStandin(
            clock, plan=HotelPlan(chance=chance, slow_seconds=0.6), rates=WIDE, houses=(*HOUSES, _THIRD)
        )
        hotel = await stack.enter_async_context(stay.open())
        engine = await stack.enter_async_context(engine_of(hotel, seconds=0.4))
        made = make_resources(
            tickets_per_member_hour=10_000,
            booking_searches_per_member_hour=10_000,
            booking_starts_per_member_hour=10_000,
        )
        resources = replace(made, restaurants=cloud, hotels=engine)
        await hotels.sync(resources, now)
        app = create_app(Settings(), clock=clock, resources=resources, documents={})
        await stack.enter_async_context(opened(app))
        transport = httpx2.ASGITransport(app=app)
        iiko.hooks.transport = transport
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url=ORIGIN))
        plugins = {}
        for partner, outlet, service in PLACES:
            _, key = await make_till(now, partner=partner, outlet=outlet, channels=("TILL",))
            await menu.say(outlet, menu.DEFAULT, service, now - timedelta(days=2))
            plugins[outlet] = Plugin(outlet, Wire(client, key, WIRES, chance), folder / f"{outlet}.json", clock)
        await _link(resources, houses, now)
        people = [await _guest(resources, now) for _ in range(guests)]
        plan.often, plan.hooks, hotel.plan.often = dict(CALLS), dict(HOOKS), dict(CALLS)
        yield Scene(resources, clock, chance, iiko, hotel, people, plugins, client)


async def _programme(folder: Path, now: datetime) -> None:
    """The programme of the repository, with rooms of a third hotel."""
    text = (FILES / "znak-kachestva.yaml").read_text("utf-8")
    before, after = text.split(_FAVORIT)
    own, rest = after.split("\n\n", 1)
    own = own.replace(
        "channels: [TILL]}\n",
        "channels: [TILL]}\n      - {id: stay, name: {ru: Проживание, en: Stay}, channels: [CABINET]}\n",
        1,
    )
    booking = "      - {id: favorit-booking, name: {ru: Бронирование, en: Booking}}\n"
    rule = "\n      - {services: [stay], channels: [CABINET], discount: usual, accumulates: true}\n"
    file = folder / "programme.yaml"
    file.write_text(f"{before}{_FAVORIT}{booking}{own}{rule}{_BOOKED}\n{rest}", "utf-8")
    programmes.forget()
    applied = await programmes.apply(file, now)
    assert applied.version is not None, applied.checked


async def _link(resources: Resources, houses: list[Organization], now: datetime) -> None:
    cloud = resources.restaurants
    assert cloud is not None
    await syncing.sync(resources, now)
    for house, (_, outlet, _) in zip(houses, PLACES, strict=True):
        await syncing.link(UUID(house.group), outlet, now - timedelta(days=1))
        await syncing.choose_discount(resources, id_of(house), UUID(house.discounts[0].id))
        await cloud.set_hook(id_of(house), Hook(f"{ORIGIN}{CLOUD_PATH}", events.key_of(resources.keyring)))
    await syncing.sync(resources, now)


async def _guest(resources: Resources, now: datetime) -> Guest:
    member = await make_member(now - timedelta(days=20))
    return Guest(member, await make_phone(resources, member.id, now), await make_alias(member, now))
