"""A month by the script: orders at tables and at home, stays from the search to the check-out, and faults in a fifth of it."""

from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from integrations.bookings import Party
from integrations.ports import Unavailable
from integrations.standins.iiko_cloud.venue import Item, Organization, Product
from integrations.standins.iiko_cloud.venue import Order as CloudOrder
from integrations.standins.iiko_front.front import Dish, Order, Status
from integrations.standins.iiko_front.plugin import Plugin, Refused
from loyalty.bookings import BookingState
from loyalty.refusals import Refusal
from models import database
from services.bookings import cancelling, confirming, rows, searching, starting
from services.bookings.rows import BookingFacts
from services.bookings.searching import Wanted
from services.bookings.starting import StartCommand
from services.ledger import check_books
from services.restaurants import reconciling
from tests.month.scene import HOTELS, PLACES, Guest, Scene, month_scene

TRIES: Final = 12
TAIL_DAYS: Final = 15
_ORDERS: Final = """
SELECT o.order_id, p.net, p.refunded_net FROM purchase AS p JOIN pos_order AS o ON o.id = p.id WHERE p.outlet = ANY ($1)
"""
_RECEIPTS: Final = "SELECT count(*) FROM purchase WHERE outlet = ANY ($1)"
_STAYS: Final = "SELECT receipt_number, gross FROM purchase WHERE channel = 'CABINET'"
_BOOKED: Final = "SELECT number FROM booking WHERE number IS NOT NULL"
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Wish:
    """How much of a month is played."""

    days: int = 30
    orders: int = 2000
    bookings: int = 500
    guests: int = 40
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Tally:
    """Theirs and ours at the end, to the kopeck; what differs stands in `differing`."""

    orders: int
    orders_net: int
    returned: int
    stays: int
    stays_gross: int
    differing: tuple[str, ...]
    counted: dict[str, int]


class Month:
    """One run."""

    def __init__(self, scene: Scene, wish: Wish, say: Say) -> None:
        self.scene, self.wish, self._say = scene, wish, say
        self.ours: dict[str, CloudOrder] = {}
        self.returned: dict[str, int] = {}
        self.stays: dict[str, BookingFacts] = {}
        self.cancelled: set[str] = set()
        self._late: deque[tuple[datetime, dict[str, object]]] = deque()
        self._number = 0

    async def play(self) -> None:
        """Every day of it, then the days in which the last guests leave."""
        scene, begun = self.scene, self.scene.clock()
        orders, bookings = self.wish.orders / self.wish.days, self.wish.bookings / self.wish.days
        for day in range(self.wish.days):
            scene.clock.at = begun + timedelta(days=day)
            await scene.morning()
            todo: list[Callable[[], Awaitable[None]]] = []
            todo += [self._order] * (round(orders * (day + 1)) - round(orders * day))
            todo += [self._booking] * (round(bookings * (day + 1)) - round(bookings * day))
            scene.chance.shuffle(todo)
            await self._desks()
            step = timedelta(hours=12) / max(len(todo), 1)
            for place, deed in enumerate(todo):
                scene.clock.at = max(scene.clock(), begun + timedelta(days=day) + step * place)
                scene.clock.move(seconds=31)
                await deed()
                if place % 8 == 0:
                    await scene.round()
            for _ in range(3):
                await scene.round(minutes=40)
            self._say(f"day {day + 1} of {self.wish.days}: {len(self.ours)} orders, {len(self.stays)} bookings")
        scene.heal()
        for _ in range(TAIL_DAYS):
            await self._desks()
            for plugin in scene.plugins.values():
                await plugin.flush()
            for _ in range(2):
                await scene.round(minutes=720)
        self._say("everybody has left")

    async def _order(self) -> None:
        scene, chance = self.scene, self.scene.chance
        place = chance.randrange(len(PLACES))
        house, outlet = scene.iiko.organizations[place], PLACES[place][1]
        guest = chance.choice(scene.guests)
        kind = chance.choices(("table", "delivery", "kiosk", "nobody"), (50, 25, 15, 10))[0]
        scene.note(kind)
        self._number += 1
        if kind == "table":
            await self._table(house, scene.plugins[outlet], guest)
            return
        items = [_item(house.menu[chance.randrange(len(house.menu))], chance.randrange(100, 500_000)) for _ in range(3)]
        customer = None if kind == "nobody" else guest.alias
        order = scene.iiko.ordered(
            house, "table" if kind in {"kiosk", "nobody"} else "delivery", items, customer=customer, number=self._number
        )
        scene.clock.move(seconds=90)
        scene.iiko.closed(order)
        if kind != "nobody":
            self.ours[str(order.pos)] = order

    async def _table(self, house: Organization, plugin: Plugin, guest: Guest) -> None:
        scene, chance = self.scene, self.scene.chance
        front = Order(uuid4(), self._number)
        for _ in range(chance.randrange(1, 4)):
            product = house.menu[chance.randrange(len(house.menu))]
            front.add(
                Dish(
                    uuid4(),
                    product.name,
                    product.group,
                    chance.choice((1000, 2000, 375)),
                    chance.randrange(100, 500_000),
                )
            )
        said = "no answer"
        for _ in range(TRIES):
            if "quote" in front.external or "scan" in front.external:
                break
            try:
                if "ticket" in front.external:
                    await plugin.changed(front)
                else:
                    await plugin.scanned(front, guest.phone.code(scene.clock()))
            except Refused as refused:
                said = str(refused)
                scene.clock.move(seconds=31)  # shown again
        else:
            raise RuntimeError(f"a guest who could never be scanned: {said}")
        await plugin.paying(front)
        if front.status is not Status.CLOSED:
            front.close(scene.clock())
        items = [
            Item(str(dish.id), house.product(dish.name), dish.quantity, dish.cost, dish.discount)
            for dish in front.dishes
        ]
        order = scene.iiko.ordered(house, "table", items, pos=str(front.id), number=self._number)
        scene.iiko.closed(order)
        self.ours[str(front.id)] = order
        is_dead = "quote" in front.external and chance.random() < 0.15
        if is_dead:
            scene.note("plugin died")
            return
        await plugin.closed(front)
        if chance.random() < 0.1:
            part = front.give_back(front.dishes[0], front.dishes[0].quantity)
            if part:
                self.returned[str(front.id)] = part
                await plugin.stornoed(front, uuid4(), [(front.dishes[0], part)], is_shift_open=True)

    async def _booking(self) -> None:
        scene, chance = self.scene, self.scene.chance
        guest, partner = chance.choice(scene.guests), chance.choices(HOTELS, (15, 15, 70))[0]
        arrival = scene.clock().date() + timedelta(days=chance.randrange(1, 6))
        wanted = Wanted(partner, arrival, arrival + timedelta(days=chance.randrange(1, 3)), (Party(2),))
        key = str(uuid4())
        for _ in range(TRIES):
            try:
                made = await self._booked(guest, wanted, key)
            except (Refusal, Unavailable):
                scene.note("the guest tried again")
                scene.clock.move(minutes=1)
                continue
            if made is None:
                scene.note("full")
                return
            break
        else:
            scene.note("gave up booking")
            return
        found = await _fresh(made.id)
        for _ in range(TRIES):
            if found.state is not BookingState.CREATING:
                break
            await scene.round(minutes=2)
            found = await _fresh(made.id)
        if found.state is BookingState.CONFIRMED:
            self.stays[str(found.number)] = found
            if chance.random() < 0.1:
                await self._cancel(guest, found)
        else:
            scene.note(f"booking {found.state.value.lower()}")

    async def _booked(self, guest: Guest, wanted: Wanted, key: str) -> BookingFacts | None:
        scene = self.scene
        answer = await searching.search(scene.resources, guest.member.id, wanted, now=scene.clock())
        offers = answer.rooms[0][1]
        if not offers:
            return None
        command = StartCommand(f"{key}-{scene.clock().timestamp()}", [scene.chance.choice(offers).word])
        begun = await starting.start(scene.resources, guest.member.id, command, now=scene.clock())
        way = next((one.id for one in begun.ways if not one.amount), None)
        return await confirming.confirm(guest.member.id, key=key, booking=begun.id, way=way, now=scene.clock())

    async def _cancel(self, guest: Guest, booking: BookingFacts) -> None:
        scene = self.scene
        for _ in range(TRIES):
            try:
                penalty = await cancelling.penalty_of(scene.resources, guest.member.id, booking.id, scene.clock())
                await cancelling.cancel(
                    guest.member.id, key=str(uuid4()), booking=booking.id, expected=penalty.amount, now=scene.clock()
                )
            except (Refusal, Unavailable):
                scene.clock.move(minutes=1)
                continue
            scene.note("cancelled")
            return

    async def _desks(self) -> None:
        """Who comes and who leaves today; some of it is told twice, late, or in the wrong order."""
        scene, today = self.scene, self.scene.clock().date()
        told: list[dict[str, object]] = [event for at, event in self._late if at <= scene.clock()]
        self._late = deque(one for one in self._late if one[0] > scene.clock())
        for number in self.stays:
            booking = scene.hotels.reservations.by_number[number]
            stay = booking.stays[0]
            if booking.status == "Cancelled" or number.split("-")[1] == "41019":
                continue
            for day, kind in ((stay.arrival, "check_in"), (stay.departure, "check_out")):
                if day == today:
                    told += self._happened(number, kind)
        scene.chance.shuffle(told)
        if told:
            await scene.tell_hotel(told)

    def _happened(self, number: str, kind: str) -> list[dict[str, object]]:
        event = self.scene.hotels.happens(number, kind)
        fault = self.scene.chance.choices(("none", "twice", "late"), (80, 10, 10))[0]
        if fault == "late":
            self._late.append((self.scene.clock() + timedelta(hours=20), event))
            return []
        return [event] * (2 if fault == "twice" else 1)

    async def tally(self) -> Tally:
        """Compare every day with the cloud, then both sides with each other."""
        scene, differing = self.scene, []
        first = (scene.clock() - timedelta(days=self.wish.days + TAIL_DAYS + 1)).date()
        for back in range(self.wish.days + TAIL_DAYS + 2):
            await reconciling.compare_day(scene.resources, first + timedelta(days=back), scene.clock())
        differing += [f"report: {one}" for one in await reconciling.report()]
        outlets = [outlet for _, outlet, _ in PLACES]
        receipts = await database.fetch(_ORDERS, outlets)
        booked = {str(row["order_id"]): row["net"] for row in receipts}
        theirs = {pos: order.sum for pos, order in self.ours.items()}
        differing += _differences("order", theirs, booked)
        if await database.fetchval(_RECEIPTS, outlets) != len(receipts):
            differing.append("receipts without an order")
        back_here = {str(row["order_id"]): row["refunded_net"] for row in receipts if row["refunded_net"]}
        differing += _differences("return", self.returned, back_here)
        finished = self._finished()
        stays = {row["receipt_number"]: row["gross"] for row in await database.fetch(_STAYS)}
        differing += _differences("stay", finished, stays)
        there = {number for number, one in scene.hotels.reservations.by_number.items() if one.status != "Unconfirmed"}
        here = {row["number"] for row in await database.fetch(_BOOKED)}
        differing += [f"booking {number} is on one side alone" for number in there ^ here]
        differing += [f"books: {one}" for one in await check_books(scene.clock())]
        counted = scene.counted | {
            "webhooks lost": scene.iiko.hooks.lost,
            "webhooks posted": scene.iiko.hooks.posted,
            "calls of iiko": len(scene.iiko.requests),
            "calls of TravelLine": len(scene.hotels.requests),
        }
        sums = (len(theirs), sum(theirs.values()), sum(self.returned.values()), len(finished), sum(finished.values()))
        return Tally(*sums, tuple(differing), counted)

    def _finished(self) -> dict[str, int]:
        """Stays whose guest has left, in kopecks before taxes."""
        reservations = self.scene.hotels.reservations.by_number.values()
        today: date = self.scene.clock().date()
        return {
            one.number: one.price * 100
            for one in reservations
            if one.status == "Confirmed" and one.stays[0].departure < today
        }


async def play_month(now: datetime, wish: Wish, say: Say) -> Tally:
    """Play a month on the connected database and tell how it ended."""
    async with month_scene(now, wish.seed, guests=wish.guests) as scene:
        month = Month(scene, wish, say)
        await month.play()
        return await month.tally()


async def _fresh(booking: UUID) -> BookingFacts:
    found = await rows.find(booking)
    assert found is not None
    return found


def _item(product: Product, kopecks: int) -> Item:
    return Item(str(uuid4()), product, 1000, kopecks)


def _differences(what: str, theirs: dict[str, int], ours: dict[str, int]) -> list[str]:
    return [
        f"{what} {key}: theirs {theirs.get(key)}, ours {ours.get(key)}"
        for key in sorted(theirs.keys() | ours.keys())
        if theirs.get(key) != ours.get(key)
    ]
