"""Whole shifts of a restaurant: at their end our purchases are the closed orders of its tills, to the kopeck."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from integrations.standins.iiko_front.front import Dish, NotAllowed, Order
from integrations.standins.iiko_front.shift import Restaurant, Step, read_script
from integrations.standins.iiko_front.wire import Faults
from models import database
from services.audit import Actor
from services.ledger import check_books
from services.pos import returning
from services.pos.plugins import plugins
from services.resources import Resources
from tests.makers.app import client_of
from tests.makers.demo import free_port
from tests.makers.people import Phone, make_member, make_phone, make_till
from tests.makers.plugins import Clock
from tests.makers.restaurant import OUTLET, make_regular, take_phones

SHIFTS = Path(__file__).parents[2] / "integrations" / "standins" / "iiko_front" / "shifts"
ROUGH = Faults(dropped=7, answers_lost=20, doubled=10)


async def guests(resources: Resources, clock: Clock) -> dict[str, Phone]:
    """Anna with 5 %, Petr with none yet."""
    anna = await make_regular(resources, clock)
    petr = await make_member(clock())
    return {
        "anna": await make_phone(resources, anna.id, clock()),
        "petr": await make_phone(resources, petr.id, clock()),
    }


async def number_of(phone: Phone) -> str:
    """The phone number of its owner."""
    number: str = await database.fetchval(
        "SELECT c.value FROM contact AS c JOIN qr_credential AS q ON q.member_id = c.member_id"
        " WHERE q.id = $1 AND c.kind = 'PHONE'",
        phone.credential,
    )
    return number


async def play(
    resources: Resources,
    clock: Clock,
    folder: Path,
    steps: list[Step],
    *,
    seed: int = 0,
    faults: Faults | None = None,
    by_phone: bool = False,
) -> Restaurant:
    """A shift, played at two terminals with a key each."""
    phones = await guests(resources, clock)
    if by_phone:
        await take_phones(folder, clock)
    told = {name: await number_of(phone) for name, phone in phones.items()}
    keys = {name: (await make_till(clock(), outlet=OUTLET, channels=("TILL",)))[1] for name in ("hall", "bar")}

    async def wait(minutes: float) -> None:
        clock.move(minutes=minutes)

    async with client_of(create_app(Settings(), clock=clock, resources=resources, documents={})) as client:
        restaurant = Restaurant(
            client,
            keys,
            folder,
            clock,
            lambda guest, at: phones[guest].code(at),
            Random(seed),
            faults or Faults(),
            wait,
            told,
        )
        await restaurant.play(steps)
    return restaurant


async def posted() -> Mapping[UUID, int]:
    """What our books hold of the restaurant: kopecks by order."""
    rows = await database.fetch(
        "SELECT o.order_id, p.net - p.refunded_net AS kept FROM purchase AS p JOIN pos_order AS o ON o.id = p.id"
    )
    assert len(rows) == await database.fetchval("SELECT count(*) FROM purchase WHERE outlet = $1", OUTLET)
    return {row["order_id"]: row["kept"] for row in rows}


async def test_a_long_day(db: None, now: datetime, resources: Resources, tmp_path: Path) -> None:
    """A-087: split bills, edits after the pre-bill, storno in both shifts, a crash, an hour without network, a wrong clock."""
    clock = Clock(now)
    day = await play(resources, clock, tmp_path, read_script(SHIFTS / "a-long-day.yaml"))
    taken = day.taken()
    assert len(taken) == 7
    assert await posted() == taken
    assert (day.passed_by, day.turned_away) == (1, 0)
    assert [plugin.refused for plugin in day.plugins.values()] == [[], []]
    assert sum(dish.discount for dish in day.orders["five"].dishes) == 6750
    assert sum(dish.discount for dish in day.orders["six"].dishes) == 0
    assert {one.terminal: one.queue for one in await plugins(Actor.operator().access)} == {"hall": 0, "bar": 0}
    assert await returning.overdue(clock()) == 0
    assert await check_books(clock()) == []


async def test_a_shift_with_told_numbers(db: None, now: datetime, resources: Resources, tmp_path: Path) -> None:
    """A-223, A-087: whose number is known earns; who is unknown, or told without network, leaves an order of nobody's."""
    clock = Clock(now)
    steps = read_script(SHIFTS / "a-told-number.yaml")
    day = await play(resources, clock, tmp_path, steps, by_phone=True)
    taken = day.taken()
    assert taken == {day.orders["one"].id: 196_697}
    assert await posted() == taken
    assert day.turned_away == 2
    assert sum(dish.discount for dish in day.orders["one"].dishes) == 11_453
    told = await database.fetch("SELECT by_phone FROM scan_ticket JOIN pos_order ON ticket_id = scan_ticket.id")
    assert [one["by_phone"] for one in told] == [True]
    assert await check_books(clock()) == []


def steps_of(day: Restaurant) -> tuple[object, ...]:
    """What the tills of a day did: every order with its number, its end and its dishes; what passed by, who was turned away."""
    orders = [
        (
            name,
            *(order.number, order.status),
            [(dish.name, dish.group, dish.quantity, dish.cost, dish.returned > 0) for dish in order.dishes],
        )
        for name, order in day.orders.items()
    ]
    return orders, day.passed_by, day.turned_away


async def test_a_day_on_which_nobody_answers_has_the_same_steps(
    db: None, now: datetime, resources: Resources, tmp_path: Path
) -> None:
    """A-234: with us or without, each order is opened, billed, paid, numbered and returned alike; goods' barcodes too."""
    script, apart = read_script(SHIFTS / "a-long-day.yaml"), tmp_path / "without-us"
    apart.mkdir()
    with_us = await play(resources, Clock(now), tmp_path, script)
    async with httpx2.AsyncClient(base_url=f"http://127.0.0.1:{free_port()}") as client:
        alone = Restaurant(
            *(client, {"hall": "", "bar": ""}, apart, lambda: now, lambda _guest, _at: "91" + "0" * 22), Random(0)
        )
        await alone.carry_out(script)
    assert steps_of(alone) == steps_of(with_us)
    assert with_us.passed_by == 1
    assert sum(dish.discount for order in alone.orders.values() for dish in order.dishes) == 0
    told = {event["call"] for plugin in alone.plugins.values() for event in plugin.queue()}
    assert told == {"commit", "refund", "cancel"}, "what guests are owed waits on the disk"


@pytest.mark.parametrize("seed", range(5))
async def test_shifts_over_a_bad_network(
    db: None, now: datetime, resources: Resources, tmp_path: Path, seed: int
) -> None:
    """C-05, I-10, I-11: a fifth of the answers lost, requests lost and doubled, queues in any order, crashes, outages."""
    clock = Clock(now)
    shift = await play(resources, clock, tmp_path, random_shift(Random(seed)), seed=seed, faults=ROUGH)
    assert await posted() == shift.taken()
    assert [plugin.refused for plugin in shift.plugins.values()] == [[], []]
    assert len(shift.taken()) > 3
    assert await check_books(clock()) == []


def random_shift(chance: Random) -> list[Step]:
    """Fourteen orders, their edits, guests, payments and returns, with whatever happens between."""
    return [step for number in range(14) for step in random_order(chance, f"order {number}")]


def random_order(chance: Random, name: str) -> list[Step]:
    """An order from its first dishes to its return."""

    def at() -> str:
        return chance.choice(("hall", "bar"))

    def dishes() -> list[list[str]]:
        return [
            [
                f"dish {chance.randrange(4)}",
                chance.choice(("hot", "bar", "sweets")),
                quantity,
                f"{chance.randrange(1, 999_999) / 100:.2f}",
            ]
            for quantity in chance.choices(("1", "2", "0.375"), k=chance.randrange(1, 4))
        ]

    ending = "delete" if chance.random() < 0.1 else "pay"
    parts = chance.choice(({}, {0: "0.250"}, {0: "0.1"}))
    shift = chance.choice(("open", "closed"))
    steps: list[tuple[float, Step]] = [
        (1, {"wait": chance.choice((1, 5))}),
        (1, {"open": {"order": name, "at": at(), "dishes": dishes()}}),
        (0.15, {"network": {"is": "down", "at": at()}}),
        (0.85, {"scan": {"order": name, "at": at(), "guest": chance.choice(("anna", "petr"))}}),
        (0.5, {"add": {"order": name, "at": at(), "dishes": dishes()}}),
        (0.5, {"bill": {"order": name, "at": at()}}),
        (0.2, {"crash": {"at": at()}}),
        (1, {ending: {"order": name, "at": at()}}),
        (0.4 if ending == "pay" else 0, {"storno": {"order": name, "parts": parts, "shift": shift}}),
        (0.3, {"network": {"is": "up"}}),
    ]
    return [step for likely, step in steps if chance.random() < likely]


def test_front_fixes_what_a_bill_shows() -> None:
    """The simulator forbids what iiko does, so that a plugin cannot lean on what is not there."""
    order, dish = Order(uuid4(), 1), Dish(uuid4(), "Уха", "soups", 1000, 10_000)
    order.add(dish)
    with pytest.raises(NotAllowed):
        order.discount({dish.id: 10_001})
    order.discount({dish.id: 500})
    order.bill()
    refused: list[tuple[Any, ...]] = [(order.add, dish), (order.discount, {}), (order.give_back, dish, 1)]
    for deed, *arguments in refused:
        with pytest.raises(NotAllowed):
            deed(*arguments)
    order.cancel_bill()
    order.discount({})
    assert (dish.paid, order.paid) == (10_000, 10_000)
