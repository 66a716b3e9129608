"""What an effect would give on each line as the basket stands, within what may still be taken off."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.money import PERCENT_WHOLE, discount_of
from loyalty.points import shares
from loyalty.promotions.campaigns import Amount, Caps, Effect, FreeItem, GiftPoints, Percent
from loyalty.promotions.occasion import Part
from loyalty.purchases import PricedLine

UNIT = 1000  # thousandths of a quantity


@dataclass(frozen=True, slots=True)
class Gain:
    """Kopecks, gift points and new earning rates by line; `places` are the lines it is about."""

    places: tuple[int, ...]
    amounts: tuple[int, ...]
    gifts: tuple[int, ...]
    earns: tuple[int, ...]
    more: int = 0

    @property
    def discount(self) -> int:
        """Kopecks in all."""
        return sum(self.amounts)

    @property
    def points(self) -> int:
        """Gift points in all."""
        return sum(self.gifts)

    @property
    def is_something(self) -> bool:
        """Whether it gives anything."""
        return bool(self.discount or self.points or self.more)

    def value(self, worth: int) -> int:
        """What it is worth to the guest, in kopecks; `more` is what higher rates bring."""
        return self.discount + self.points * worth + self.more


@dataclass(slots=True)
class Lines:
    """The basket while campaigns are applied: what is left to pay and to take off of each line, and of the receipt."""

    quantities: list[int]
    nets: list[int]
    rooms: list[int]
    room: int
    earns: list[int]
    parts: list[list[Part]]

    @classmethod
    def of(cls, lines: Sequence[PricedLine], caps: Caps) -> "Lines":
        """The basket before the first campaign. A tier's discount above a cap stands; campaigns then add nothing."""
        return cls(
            quantities=[line.quantity for line in lines],
            nets=[line.net for line in lines],
            rooms=[max(0, line.gross * caps.line // PERCENT_WHOLE - line.discount) for line in lines],
            room=max(
                0,
                sum(line.gross for line in lines) * caps.receipt // PERCENT_WHOLE
                - sum(line.discount for line in lines),
            ),
            earns=[line.earns for line in lines],
            parts=[[] for _ in lines],
        )

    def open(self, place: int) -> int:
        """The most that may still be taken off a line."""
        return min(self.nets[place], self.rooms[place])

    def take(self, campaign: str, gain: Gain) -> None:
        """Give what a campaign gives."""
        for place, amount, gift, earns in zip(gain.places, gain.amounts, gain.gifts, gain.earns, strict=True):
            self.nets[place] -= amount
            self.rooms[place] -= amount
            self.room -= amount
            has_more = earns != self.earns[place]
            self.earns[place] = earns
            if amount or gift or has_more:
                self.parts[place].append(Part(campaign, amount, gift))


def gain_of(effect: Effect, lines: Lines, places: Sequence[int]) -> Gain:
    """What an effect gives on these lines."""
    nothing = (0,) * len(places)
    earns = tuple(lines.earns[place] for place in places)
    if isinstance(effect, GiftPoints):
        weights = [lines.nets[place] for place in places]
        gifts = shares(effect.points, weights) if sum(weights) else nothing
        return Gain(tuple(places), nothing, gifts, earns)
    if isinstance(effect, Percent | Amount | FreeItem):
        return Gain(tuple(places), _within(_amounts(effect, lines, places), lines.room), nothing, earns)
    times = tuple(rate * effect.factor // PERCENT_WHOLE for rate in earns)
    more = sum(
        lines.nets[place] * (new - old) // PERCENT_WHOLE for place, new, old in zip(places, times, earns, strict=True)
    )
    return Gain(tuple(places), nothing, nothing, times, more)


def _amounts(effect: Percent | Amount | FreeItem, lines: Lines, places: Sequence[int]) -> tuple[int, ...]:
    open_sums = [lines.open(place) for place in places]
    if isinstance(effect, Percent):
        return tuple(
            min(discount_of(lines.nets[place], effect.basis_points), most)
            for place, most in zip(places, open_sums, strict=True)
        )
    if isinstance(effect, Amount):
        return shares(min(effect.kopecks, sum(open_sums)), open_sums)
    return tuple(min(amount, most) for amount, most in zip(_free(effect.count, lines, places), open_sums, strict=True))


def _free(count: int, lines: Lines, places: Sequence[int]) -> list[int]:
    """The price of the cheapest whole units; the first of equals is the first line."""
    amounts = [0] * len(places)
    units = [lines.quantities[place] // UNIT for place in places]
    prices = [lines.nets[place] * UNIT // lines.quantities[place] for place in places]
    for index in sorted((index for index, whole in enumerate(units) if whole), key=lambda one: (prices[one], one)):
        taken = min(units[index], count)
        whole = taken * UNIT == lines.quantities[places[index]]
        amounts[index] = lines.nets[places[index]] if whole else prices[index] * taken
        count -= taken
        if not count:
            break
    return amounts


def _within(amounts: tuple[int, ...], room: int) -> tuple[int, ...]:
    """Cut to what the receipt has left, in proportion and to the kopeck."""
    return amounts if sum(amounts) <= room else shares(room, amounts)
