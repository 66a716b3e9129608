"""A shift of a restaurant: steps of a script carried out at its terminals, and what was taken at the end of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID, uuid4

import httpx2
import yaml

from integrations.standins.iiko_front.front import Dish, Order, Status
from integrations.standins.iiko_front.plugin import Plugin, Refused
from integrations.standins.iiko_front.wire import Faults, Wire
from loyalty.money import parse_money, parse_quantity

Step = Mapping[str, Any]
Codes = Callable[[str, datetime], str]


@dataclass(slots=True)
class Restaurant:
    """A group of terminals that share their orders. `codes` draws the code of a guest's phone at a moment.

    `numbers` are the phone numbers that guests tell where a script says so.
    """

    client: httpx2.AsyncClient
    keys: Mapping[str, str]
    folder: Path
    clock: Callable[[], datetime]
    codes: Codes
    chance: Random
    faults: Faults = field(default_factory=Faults)
    wait: Callable[[float], Awaitable[None]] | None = None
    numbers: Mapping[str, str] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    passed_by: int = 0
    turned_away: int = 0
    plugins: dict[str, Plugin] = field(init=False)
    next_number: "count[int]" = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.plugins = {name: self._plugin(name) for name in self.keys}

    def _plugin(self, name: str) -> Plugin:
        wire = Wire(self.client, self.keys[name], self.faults, self.chance)
        return Plugin(name, wire, self.folder / f"{name}.json", self.clock)

    async def play(self, steps: Sequence[Step]) -> None:
        """Carry out the steps of a script, then let every queue run empty."""
        await self.carry_out(steps)
        await self.settle()

    async def carry_out(self, steps: Sequence[Step]) -> None:
        """The steps of a script alone: what cashiers and guests do, whoever answers."""
        for step in steps:
            ((verb, what),) = step.items()
            await getattr(self, f"do_{verb}")(what)

    async def settle(self) -> None:
        """The network is back, and every terminal sends what it kept until all of it is answered."""
        for plugin in self.plugins.values():
            plugin.wire.is_down = False
        for _ in range(200):
            if not any(plugin.queue() for plugin in self.plugins.values()):
                break
            for plugin in self.plugins.values():
                await plugin.flush()
        else:
            raise RuntimeError("queues that never run empty")
        for plugin in self.plugins.values():
            await plugin.hello()

    def taken(self) -> dict[UUID, int]:
        """What was taken for every closed order with a guest, less what was returned: kopecks by order."""
        return {
            order.id: order.paid - order.returned
            for order in self.orders.values()
            if order.status is Status.CLOSED and {"quote", "scan"} & order.external.keys()
        }

    async def do_open(self, what: Mapping[str, Any]) -> None:
        """Open an order with its first dishes."""
        self.orders[what["order"]] = Order(uuid4(), next(self.next_number))
        await self.do_add(what)

    async def do_add(self, what: Mapping[str, Any]) -> None:
        """Add dishes: [name, group, quantity, cost]."""
        order = self.orders[what["order"]]
        for name, group, quantity, cost in what["dishes"]:
            order.add(Dish(uuid4(), name, group, parse_quantity(quantity), parse_money(cost)))
        await self._at(what).changed(order)

    async def do_scan(self, what: Mapping[str, Any]) -> None:
        """Scan a guest's code, or whatever else is held before the scanner."""
        code = what["code"] if "code" in what else self.codes(what["guest"], self.clock())
        try:
            is_ours = await self._at(what).scanned(self.orders[what["order"]], code)
        except Refused:
            self.turned_away += 1
        else:
            self.passed_by += not is_ours

    async def do_tell(self, what: Mapping[str, Any]) -> None:
        """Type the number that a guest tells: the guest's own, or the one that stands there."""
        number = what["number"] if "number" in what else self.numbers[what["guest"]]
        try:
            is_known = await self._at(what).told(self.orders[what["order"]], number)
        except Refused:
            is_known = False
        self.turned_away += not is_known

    async def do_bill(self, what: Mapping[str, Any]) -> None:
        """Print the pre-bill."""
        order = self.orders[what["order"]]
        await self._at(what).changed(order)
        order.bill()

    async def do_edit(self, what: Mapping[str, Any]) -> None:
        """Take the pre-bill back."""
        self.orders[what["order"]].cancel_bill()

    async def do_pay(self, what: Mapping[str, Any]) -> None:
        """Pay and close. Every terminal of the group hears of it."""
        order = self.orders[what["order"]]
        await self._at(what).paying(order)
        order.close(self.clock())
        for plugin in self.plugins.values():
            await plugin.closed(order)

    async def do_delete(self, what: Mapping[str, Any]) -> None:
        """Delete an order before it is paid."""
        order = self.orders[what["order"]]
        order.delete()
        for plugin in self.plugins.values():
            await plugin.deleted(order)

    async def do_storno(self, what: Mapping[str, Any]) -> None:
        """Return parts of an order, all of it without parts: {dish number: quantity}. `shift`: open or closed."""
        order, storno = self.orders[what["order"]], uuid4()
        wanted = what.get("parts") or dict.fromkeys(range(len(order.dishes)))
        parts = []
        for place, quantity in wanted.items():
            dish = order.dishes[int(place)]
            net = order.give_back(dish, dish.quantity if quantity is None else parse_quantity(quantity))
            parts += [(dish, net)] if net else []
        is_open = what.get("shift", "open") == "open"
        for plugin in self.plugins.values():
            await plugin.stornoed(order, storno, parts, is_shift_open=is_open)

    async def do_network(self, what: Mapping[str, Any]) -> None:
        """Pull a terminal's cable, or put it back; without a name, everybody's."""
        for name, plugin in self.plugins.items():
            if what.get("at", name) == name:
                plugin.wire.is_down = what["is"] == "down"
                await plugin.flush()

    async def do_crash(self, what: Mapping[str, Any]) -> None:
        """A terminal dies and comes back: what it had in memory is gone, its disk is there."""
        before = self.plugins[what["at"]]
        self.plugins[what["at"]] = after = self._plugin(what["at"])
        after.skew, after.wire.is_down, after.refused = before.skew, before.wire.is_down, before.refused
        await after.flush()

    async def do_skew(self, what: Mapping[str, Any]) -> None:
        """Somebody sets a terminal's clock wrong, by so many minutes."""
        self.plugins[what["at"]].skew = timedelta(minutes=what["minutes"])

    async def do_wait(self, minutes: float) -> None:
        """Time passes."""
        if self.wait is not None:
            await self.wait(minutes)

    def _at(self, what: Mapping[str, Any]) -> Plugin:
        return self.plugins[what["at"]] if "at" in what else next(iter(self.plugins.values()))


def read_script(path: Path) -> list[Step]:
    """The steps of a script."""
    steps: list[Step] = yaml.safe_load(path.read_text("utf-8"))["steps"]
    return steps
