"""The plugin on one terminal: what it asks at which event of Front, and its queue on disk, which outlives a crash."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from integrations.standins.iiko_front.front import Dish, Order, Status
from integrations.standins.iiko_front.wire import Unanswered, Wire
from loyalty.money import parse_money, print_money, print_quantity

VERSION: Final = "1.0.0"
TRIES: Final = 3
OK: Final = 200
TOGETHER: Final = 20


class Refused(Exception):
    """The server said no, and there is no sense in asking again."""

    def __init__(self, call: str, told: dict[str, Any]) -> None:
        super().__init__(f"{call}: {told}")
        self.told = told


@dataclass(slots=True)
class Plugin:
    """The plugin of a terminal. `skew` is how far the terminal's clock is ahead, `shape` what our codes look like."""

    terminal: str
    wire: Wire
    disk: Path
    clock: Callable[[], datetime]
    skew: timedelta = timedelta()
    refused: list[dict[str, Any]] = field(default_factory=list)
    shape: tuple[str, int] = ("91", 24)

    def now(self) -> datetime:
        """What the terminal's clock shows."""
        return self.clock() + self.skew

    async def hello(self) -> None:
        """Say that the terminal is there, and how much waits on its disk."""
        with suppress(Unanswered):
            told = (await self._ask("hello", {}))["codes"]
            self.shape = told["prefix"], told["digits"]

    async def scanned(self, order: Order, code: str) -> bool:
        """A code was scanned on the order's screen. False lets others look at it: it is none of ours."""
        scan = {"scanId": str(uuid4()), "code": code}
        try:
            told = await self._ask("identify", scan)
        except Unanswered:
            # Goods are sold without a network, too: their barcodes are let through by what they look like.
            digits, (prefix, count) = "".join(one for one in code if one.isdigit()), self.shape
            if len(digits) != count or not digits.startswith(prefix):
                return False
            order.external["scan"] = {**scan, "scannedAt": self.now().isoformat()}
            return True
        if not told["ours"]:
            return False
        order.external["ticket"] = told["ticket"]
        await self.changed(order)
        return True

    async def told(self, order: Order, number: str) -> bool:
        """A guest without a phone at hand told a number. False without network: a number alone proves nothing later."""
        try:
            told = await self._ask("identify", {"scanId": str(uuid4()), "phone": number})
        except Unanswered:
            return False
        order.external["ticket"] = told["ticket"]
        await self.changed(order)
        return True

    async def changed(self, order: Order) -> None:
        """The order was edited: price it and apply the discount. Without an answer what was added has none."""
        if order.status is not Status.NEW or not order.dishes or not {"ticket", "quote"} & order.external.keys():
            return
        body: dict[str, Any] = {"order": str(order.id), "lines": [line_of(dish) for dish in order.dishes]}
        if "quote" not in order.external:
            body["ticket"] = order.external["ticket"]
        try:
            told = await self._ask("quote", body)
        except Unanswered:
            return
        self._apply(order, told)

    async def paying(self, order: Order) -> None:
        """«Оплатить» was pressed: fix the price while it can still be changed."""
        if "quote" not in order.external:
            return
        for _ in range(TRIES):
            discount = sum(dish.discount for dish in order.dishes)
            body = {"order": str(order.id), "quote": order.external["quote"], "discount": print_money(discount)}
            try:
                told = await self._ask("reserve", body)
            except (Unanswered, Refused):
                return
            if told["result"] == "RESERVED":
                return
            if order.status is Status.BILL:
                order.cancel_bill()
            self._apply(order, told["quote"])

    async def closed(self, order: Order) -> None:
        """The order was closed, here or at another terminal of the group."""
        if not {"quote", "scan"} & order.external.keys() or order.closed_at is None:
            return
        event = {
            "call": "commit",
            "order": str(order.id),
            "number": str(order.number),
            "closedAt": (order.closed_at + self.skew).isoformat(),
            "lines": [line_of(dish) | {"discount": print_money(dish.discount)} for dish in order.dishes],
            "tenders": [{"kind": "CARD", "amount": print_money(order.paid)}] if order.paid else [],
        }
        event |= {name: order.external[name] for name in ("quote", "scan") if name in order.external}
        self._write([*self.queue(), event])
        await self.flush()

    async def deleted(self, order: Order) -> None:
        """The order was deleted before it was paid."""
        if {"quote", "scan"} & order.external.keys():
            self._write([*self.queue(), {"call": "cancel", "order": str(order.id)}])
            await self.flush()

    async def stornoed(self, order: Order, storno: UUID, parts: list[tuple[Dish, int]], *, is_shift_open: bool) -> None:
        """Dishes were returned: (dish, sum). A closed shift's storno names dishes and no items."""
        if not {"quote", "scan"} & order.external.keys() or not parts:
            return
        lines = [
            {"net": print_money(net)} | ({"item": str(dish.id)} if is_shift_open else {"product": dish.name})
            for dish, net in parts
        ]
        event = {
            "call": "refund",
            "order": str(order.id),
            "refund": str(storno),
            "number": storno.hex[:12],
            "refundedAt": self.now().isoformat(),
            "lines": lines,
        }
        self._write([*self.queue(), event])
        await self.flush()

    async def flush(self) -> None:
        """Send what waits, in whatever order chance makes of it, and keep what got no answer."""
        waiting = self.queue()
        self.wire.chance.shuffle(waiting)
        while waiting:
            part, rest = waiting[:TOGETHER], waiting[TOGETHER:]
            try:
                answers = (await self._ask("batch", {"events": part}))["answers"]
            except Unanswered:
                return
            kept = []
            for event, answer in zip(part, answers, strict=True):
                if not answer["done"] and answer["problem"]["retryable"]:
                    kept.append(event)
                elif not answer["done"]:
                    self.refused.append({"event": event, "problem": answer["problem"]})
            self._write([*kept, *rest])
            if kept:
                return
            waiting = rest

    def queue(self) -> list[dict[str, Any]]:
        """What is written on disk and was not answered."""
        kept: list[dict[str, Any]] = json.loads(self.disk.read_text("utf-8")) if self.disk.exists() else []
        return kept

    def _write(self, queue: list[dict[str, Any]]) -> None:
        fresh = self.disk.with_suffix(".new")
        fresh.write_text(json.dumps(queue, ensure_ascii=False), "utf-8")
        fresh.replace(self.disk)

    def _apply(self, order: Order, quote: dict[str, Any]) -> None:
        sums = [parse_money(line["discount"]) for line in quote["lines"]]
        order.discount({dish.id: off for dish, off in zip(order.dishes, sums, strict=True)})
        order.external["quote"] = quote["quote"]

    async def _ask(self, call: str, body: dict[str, Any]) -> dict[str, Any]:
        for attempt in range(TRIES):
            said = {
                "terminal": self.terminal,
                "version": VERSION,
                "queue": len(self.queue()),
                "sentAt": self.now().isoformat(),
            }
            try:
                status, told = await self.wire.call(call, {**body, "plugin": said})
            except Unanswered:
                if attempt == TRIES - 1:
                    raise
                continue
            if status == OK:
                return told
            if not told.get("retryable") or told["code"] == "CARD_NOT_ACCEPTED":
                raise Refused(call, told)
        raise Unanswered


def line_of(dish: Dish) -> dict[str, Any]:
    """A dish as a line of an order."""
    return {
        "item": str(dish.id),
        "product": dish.name,
        "name": dish.name,
        "group": {"id": dish.group, "name": dish.group},
        "quantity": print_quantity(dish.quantity),
        "amount": print_money(dish.cost),
    }
