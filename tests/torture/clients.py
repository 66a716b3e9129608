"""Tills with guests before them: quote, hold, confirm, post, return, each repeated until its answer is known."""

import asyncio
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final
from uuid import UUID

from api.clock import now
from tests.torture.documents import ASKED, CONFIRM, DECLINE, IDENTIFY, POST, QUOTE, REFUND
from tests.torture.ground import Cast, Guest, Till
from tests.torture.history import Command, kopecks
from tests.torture.wire import Lost, Wire

SERVICES: Final = {"shop": ("furniture", "delivery"), "cafe": ("food",)}
# What a rule may answer in a storm: a reservation that ended meanwhile, a line that is returned already.
EXPECTED: Final = {"HOLD_EXPIRED", "SPENDING_NOT_CONFIRMED", "QUOTE_EXPIRED", "REFUND_EXCEEDS_SALE", "PriceChanged"}
SCAN_SHARE, WISH_SHARE, ABANDON_SHARE, TWICE_SHARE = 0.05, 0.6, 0.1, 0.15
GIVE_UP_SHARE, REPLAY_SHARE, RETURN_SHARE, PART_SHARE = 0.05, 0.3, 0.4, 0.7


@dataclass
class Board:
    """What all clients share: the receipts that may be returned, and how many stand between a hold and its receipt."""

    cast: Cast
    posted: deque[tuple[Till, str, dict[str, Any]]] = field(default_factory=lambda: deque(maxlen=60))
    between: int = 0
    numbers: int = 0
    stopped: bool = False
    last_answer: float = 0.0
    answers: int = 0

    def number(self, letter: str) -> str:
        """A number of a receipt or refund that nobody else has."""
        self.numbers += 1
        return f"{letter}{self.numbers:07d}"


@dataclass
class Client:
    """A cashier at a till, one guest after the other."""

    till: Till
    board: Board
    wire: Wire
    chance: Random

    async def run(self) -> None:
        """Serve guests until the board says stop."""
        while not self.board.stopped:
            await self._serve()
            await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def _serve(self) -> None:
        guests = self.board.cast.guests
        # The first one is everybody's favourite: rivals on one row.
        guest = guests[0] if self.chance.random() < 1 / 3 else self.chance.choice(guests)
        if self.chance.random() < SCAN_SHARE:
            await self._scan(guest)
        basket = [self._line() for _ in range(self.chance.randint(1, 2))]
        wish = self.chance.randint(1, 400) if self.chance.random() < WISH_SHARE else 0
        place = (self.till.id, str(guest.member.id))
        asked = {"ticket": self.board.cast.tickets[place], "lines": basket, "points": wish}
        quote = await self.wire.insist(QUOTE, {"input": asked}, self._bearer)
        if quote["__typename"] != "Quote":
            if quote["code"] == "TICKET_EXPIRED":
                await self._scan(guest)
            else:
                self._refused("quote", quote)
            return
        await self._post(guest, quote)
        if self.board.posted and self.chance.random() < RETURN_SHARE:
            await self._give_back()

    def _line(self) -> dict[str, str]:
        service = self.chance.choice(SERVICES[self.till.partner])
        return {"service": service, "name": "Товар", "quantity": "3", "amount": f"{self.chance.randint(3, 900)}.00"}

    async def _scan(self, guest: Guest) -> None:
        """A code of the guest's phone; one that was shown within these thirty seconds is refused, and so be it."""
        variables = {"scanId": str(self._uuid()), "code": guest.phone.code(now())}
        scan = await self.wire.insist(IDENTIFY, variables, self._bearer)
        if scan["__typename"] == "Identified":
            self.board.cast.tickets[self.till.id, str(guest.member.id)] = scan["ticket"]

    async def _post(self, guest: Guest, quote: dict[str, Any]) -> None:
        hold = quote["points"]["hold"]
        self.board.between += hold is not None
        try:
            if hold is not None and hold["confirmation"] == "ASKED" and not await self._agreed(guest, hold["id"]):
                hold = None
            await asyncio.sleep(self.chance.uniform(0, 0.03))
            if self.chance.random() < ABANDON_SHARE:
                return
            await self._command(
                Command("post", self.board.number("R"), str(guest.member.id)), POST, self._receipt(quote, hold)
            )
        finally:
            self.board.between -= quote["points"]["hold"] is not None

    def _receipt(self, quote: dict[str, Any], hold: dict[str, Any] | None) -> dict[str, Any]:
        net, worth = kopecks(quote["net"]), 0 if hold is None else kopecks(hold["worth"])
        tenders = [("POINTS", worth), ("CARD", net - worth)]
        return {
            "quote": quote["id"],
            "receiptNumber": "",
            "closedAt": now().isoformat(),
            "tenders": [{"kind": kind, "amount": f"{sum_ / 100:.2f}"} for kind, sum_ in tenders if sum_],
        }

    async def _agreed(self, guest: Guest, hold: str) -> bool:
        """The guest's word on the phone: yes mostly, no sometimes, and now and then no word at all."""
        bearer = f"Bearer {guest.token}"
        seen = await self.wire.insist(ASKED, {}, bearer)
        if hold not in {one["id"] for one in seen["points"]["asked"]}:
            return False
        mood = self.chance.random()
        if mood < 0.1:
            return False
        told = await self.wire.insist(CONFIRM if mood < 0.85 else DECLINE, {"id": hold}, bearer)
        return bool(told["__typename"] == "SpendingConfirmed")

    async def _give_back(self) -> None:
        till, member, purchase = self.chance.choice(self.board.posted)
        wish: dict[str, Any] = {"purchase": purchase["id"], "refundedAt": now().isoformat(), "refundNumber": ""}
        if self.chance.random() < PART_SHARE:
            line = self.chance.choice(purchase["lines"])
            wish["lines"] = [{"line": line["id"], "quantity": "1"}]
        await self._command(Command("refund", self.board.number("B"), member), REFUND, wish, till)

    async def _command(self, command: Command, document: str, wish: dict[str, Any], till: Till | None = None) -> None:
        """Send it until it is answered; sometimes give up after a silence, send it twice at once, or ask once more."""
        wish["idempotencyKey"] = str(self._uuid())
        wish["receiptNumber" if command.kind == "post" else "refundNumber"] = command.number
        bearer = self._bearer if till is None else f"Till {till.key}"
        self.wire.history.commands.append(command)
        at_once = 2 if self.chance.random() < TWICE_SHARE else 1
        patience = time.monotonic() + 90
        while not command.answers:
            await asyncio.gather(*(self._once(command, document, wish, bearer) for _ in range(at_once)))
            if not command.answers:
                if self.chance.random() < GIVE_UP_SHARE:
                    return
                if time.monotonic() > patience:
                    self.wire.history.faults.append(f"{command.kind} {command.number}: no answer within 90 s")
                    return
                await asyncio.sleep(self.chance.uniform(0.02, 0.15))
        if command.done is None:
            self._refused(command.kind, command.answers[0])
            return
        if self.chance.random() < REPLAY_SHARE:
            await self._once(command, document, wish, bearer)
        if command.kind == "post":
            self.board.posted.append((till or self.till, command.member, dict(command.done["purchase"])))

    async def _once(self, command: Command, document: str, wish: dict[str, Any], bearer: str) -> None:
        try:
            command.answers.append(await self.wire.ask(document, {"input": wish}, bearer))
            self.board.last_answer = time.monotonic()
            self.board.answers += 1
        except Lost:
            command.lost += 1

    def _refused(self, kind: str, answer: Mapping[str, Any]) -> None:
        code = answer.get("code", answer["__typename"])
        self.wire.history.refusals[code] += 1
        if code not in EXPECTED:
            self.wire.history.faults.append(f"{kind}: {answer}")

    @property
    def _bearer(self) -> str:
        return f"Till {self.till.key}"

    def _uuid(self) -> UUID:
        return UUID(int=self.chance.getrandbits(128), version=4)
