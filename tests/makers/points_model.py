"""A naive ledger of points: lists and loops, every event in the order of time. The service must agree with it (E11)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from loyalty.points import LinePoints


@dataclass
class Lot:
    """Points with an end; `order` tells which of equals came first."""

    points: int
    start: datetime | None
    end: datetime | None
    order: int
    receipt: int | None = None
    active: bool = True


@dataclass
class Hold:
    """Points put aside, and from where."""

    points: int
    ends: datetime
    parts: list[tuple[Lot, int]]


@dataclass
class Sold:
    """A line that was sold: its net, its quantity in thousandths, its points, and how much of it is back."""

    net: int
    quantity: int
    points: LinePoints
    back: int = 0


@dataclass
class Part:
    """Points of a lot that a receipt spent, and how many of them are back."""

    lot: Lot
    points: int
    back: int = 0


@dataclass
class Receipt:
    """What a receipt spent and earned."""

    lines: list[Sold]
    parts: list[Part]


@dataclass
class Ledger:
    """One member."""

    clock: datetime
    lots: list[Lot] = field(default_factory=list)
    holds: dict[int, Hold] = field(default_factory=dict)
    receipts: list[Receipt] = field(default_factory=list)
    debt: int = 0
    granted: int = 0
    expired: int = 0
    orders: int = 0

    @property
    def available(self) -> int:
        return sum(lot.points for lot in self.lots if lot.active)

    @property
    def pending(self) -> int:
        return sum(lot.points for lot in self.lots if not lot.active)

    @property
    def held(self) -> int:
        return sum(hold.points for hold in self.holds.values())

    @property
    def sums(self) -> tuple[int, int, int, int]:
        return self.available, self.pending, self.held, self.debt

    def add(self, points: int, start: datetime | None, end: datetime | None, receipt: int | None = None) -> None:
        """A new lot, less what is owed."""
        self.orders += 1
        repaid = min(self.debt, points) if receipt is not None else 0
        self.debt -= repaid
        active = start is None or start <= self.clock
        self.lots.append(Lot(points - repaid, start, end, self.orders, receipt, active))

    def grant(self, points: int, days: int) -> None:
        self.granted += points
        self.add(points, None, self.clock + timedelta(days=days))

    def withdraw(self, points: int) -> None:
        points = min(points, self.available)
        self.granted -= points
        self._take(points, active=True)

    def put_aside(self, name: int, points: int, minutes: int) -> int:
        points = min(points, self.available)
        if points > 0:
            self.holds[name] = Hold(points, self.clock + timedelta(minutes=minutes), self._take(points, active=True))
        return max(points, 0)

    def post(self, lines: Sequence[Sold], hold: int | None, start: datetime | None, end: datetime | None) -> None:
        parts = self.holds.pop(hold).parts if hold is not None else []
        self.receipts.append(Receipt(list(lines), [Part(lot, points) for lot, points in parts]))
        earned = sum(line.points.earned for line in lines)
        if earned:
            self.add(earned, start, end, len(self.receipts) - 1)

    def give_back(self, number: int, place: int, quantity: int) -> None:
        receipt = self.receipts[number]
        line = receipt.lines[place]
        before, line.back = line.back, line.back + quantity

        def step(amount: int) -> int:
            return amount * line.back // line.quantity - amount * before // line.quantity

        self._restore(receipt, step(line.points.spent))
        self.advance(self.clock)
        self._take_back(number, step(line.points.earned))

    def advance(self, now: datetime) -> None:
        """Everything that happens until a moment, one thing after the other."""
        while True:
            events: list[tuple[datetime, int, int]] = [
                *((hold.ends, 1, name) for name, hold in self.holds.items()),
                *((lot.start, 2, lot.order) for lot in self.lots if lot.points and not lot.active and lot.start),
                *((lot.end, 3, lot.order) for lot in self.lots if lot.points and lot.active and lot.end),
            ]
            due = sorted(event for event in events if event[0] <= now)
            if not due or due[0][0] > self.clock:
                self._repay()
            if not due:
                break
            at, kind, name = due[0]
            self.clock = max(self.clock, at)
            if kind == 1:
                for lot, points in self.holds.pop(name).parts:
                    lot.points += points
                continue
            lot = next(lot for lot in self.lots if lot.order == name)
            if kind == 2:
                lot.active = True
            else:
                self.expired += lot.points
                lot.points = 0
        self.clock = now
        self._repay()

    def _repay(self) -> None:
        for active in (True, False):
            points = min(self.debt, self.available if active else self.pending)
            self._take(points, active=active)
            self.debt -= points

    def _take(self, points: int, *, active: bool, first: int | None = None) -> list[tuple[Lot, int]]:
        never = datetime.max.replace(tzinfo=self.clock.tzinfo)
        lots = [lot for lot in self.lots if lot.active is active and lot.points]
        lots.sort(key=lambda lot: (first is None or lot.receipt != first, lot.end or never, lot.order))
        parts = []
        for lot in lots:
            part = min(lot.points, points)
            if part:
                lot.points -= part
                points -= part
                parts.append((lot, part))
        return parts

    def _restore(self, receipt: Receipt, points: int) -> None:
        never = datetime.max.replace(tzinfo=self.clock.tzinfo)
        parts = sorted(receipt.parts, key=lambda part: (part.lot.end or never, part.lot.order), reverse=True)
        for part in parts:
            some = min(points, part.points - part.back)
            part.lot.points += some
            part.back += some
            points -= some

    def _take_back(self, number: int, points: int) -> None:
        for active in (False, True):
            some = min(points, self.available if active else self.pending)
            self._take(some, active=active, first=number)
            points -= some
        self.debt += points
