"""A naive family: lists and loops. The service must agree with it (E11)."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class Lot:
    """Points with an end; of a pool, with who gave them and out of which lot."""

    points: int
    end: datetime
    order: int
    giver: int | None = None
    source: "Lot | None" = None


@dataclass
class Part:
    """Points of a lot that a receipt spent, and how many of them are back."""

    lot: Lot
    points: int
    back: int = 0


@dataclass
class Receipt:
    """What a receipt spent of which lots, and how much of it is back."""

    spent: int
    parts: list[Part]
    back: int = 0


@dataclass
class Household:
    """Members by their numbers, what each has of his own, and the pool."""

    seated: set[int]
    own: dict[int, list[Lot]]
    pool: list[Lot] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    orders: int = 0
    granted: int = 0
    ended: int = 0

    def available(self, member: int) -> int:
        return sum(lot.points for lot in self.own[member])

    @property
    def together(self) -> int:
        return sum(lot.points for lot in self.pool)

    def given_by(self, member: int) -> int:
        return sum(lot.points for lot in self.pool if lot.giver == member)

    def grant(self, member: int, points: int, end: datetime) -> None:
        self.orders += 1
        self.granted += points
        self.own[member].append(Lot(points, end, self.orders))

    def give(self, member: int, points: int) -> bool:
        if member not in self.seated or not 0 < points <= self.available(member):
            return False
        for lot, part in self._take(self.own[member], points):
            self.orders += 1
            self.pool.append(Lot(part, lot.end, self.orders, member, lot))
        return True

    def buy(self, member: int, wished: int) -> tuple[int, int]:
        """(own, of the family) that pay."""
        mine = min(wished, self.available(member))
        shared = min(wished - mine, self.together) if member in self.seated else 0
        parts = self._take(self.own[member], mine) + self._take(self.pool, shared)
        self.receipts.append(Receipt(mine + shared, [Part(lot, part) for lot, part in parts]))
        return mine, shared

    def give_back(self, number: int, share: int, whole: int, now: datetime) -> None:
        """Return `share` of `whole` of a receipt, on top of what is back already."""
        receipt = self.receipts[number]
        before, receipt.back = receipt.back, receipt.back + share
        points = receipt.spent * receipt.back // whole - receipt.spent * before // whole
        for part in sorted(receipt.parts, key=lambda part: (part.lot.end, part.lot.order), reverse=True):
            some = min(points, part.points - part.back)
            part.lot.points += some
            part.back += some
            points -= some
        self.advance(now)
        self._send_home()

    def leave(self, member: int) -> int:
        self.seated.discard(member)
        before = self.available(member)
        self._send_home()
        return self.available(member) - before

    def advance(self, now: datetime) -> None:
        for lot in [*self.pool, *(lot for lots in self.own.values() for lot in lots)]:
            if lot.end <= now:
                self.ended += lot.points
                lot.points = 0

    def _send_home(self) -> None:
        for lot in self.pool:
            if lot.giver not in self.seated and lot.source is not None:
                lot.source.points += lot.points
                lot.points = 0

    @staticmethod
    def _take(lots: list[Lot], points: int) -> list[tuple[Lot, int]]:
        parts = []
        for lot in sorted(lots, key=lambda lot: (lot.end, lot.order)):
            part = min(lot.points, points)
            if part:
                lot.points -= part
                points -= part
                parts.append((lot, part))
        return parts
