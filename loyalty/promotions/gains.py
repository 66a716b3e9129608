"""What an effect would give on each line as the basket stands, within what may still be taken off."""

from collections.abc import Sequence
from dataclasses import dataclass

from loyalty.money import PERCENT_WHOLE, discount_of
from loyalty.points import shares
from loyalty.promotions.campaigns import Amount, Caps, Effect, FreeItem, GiftPoints, Percent, TierBoost
from loyalty.promotions.occasion import Part
from loyalty.purchases import PricedLine

UNIT = 1000  # thousandths of a quantity


@dataclass(frozen=True, slots=True)
class Gain:
    """Kopecks, gift points or new earning rates by line, or a tier: one of the four. `places` are the lines it is about."""

    places: Sequence[int]
    amounts: Sequence[int] = ()
    gifts: Sequence[int] = ()
    earns: Sequence[int] = ()
    more: int = 0
    tier: str | None = None

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
        return bool(self.discount or self.points or self.more or self.tier)

    def value(self, worth: int) -> int:
        """What it is worth to the guest, in kopecks; `more` is what higher rates bring. A tier has no price."""
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

    def open(self, places: Sequence[int]) -> list[int]:
        """The most that may still be taken off each of these lines."""
        nets, rooms = self.nets, self.rooms
        return [net if (net := nets[place]) < (room := rooms[place]) else room for place in places]

    def take(self, campaign: str, gain: Gain) -> None:
        """Give what a campaign gives."""
        self.room -= gain.discount
        for place, amount in zip(gain.places, gain.amounts, strict=False):
            if amount:
                self.nets[place] -= amount
                self.rooms[place] -= amount
                self.parts[place].append(Part(campaign, amount))
        for place, gift in zip(gain.places, gain.gifts, strict=False):
            if gift:
                self.parts[place].append(Part(campaign, 0, gift))
        for place, earns in zip(gain.places, gain.earns, strict=False):
            if earns != self.earns[place]:
                self.earns[place] = earns
                self.parts[place].append(Part(campaign))
        for place in gain.places if gain.tier else ():
            self.parts[place].append(Part(campaign))


def gain_of(effect: Effect, lines: Lines, places: Sequence[int]) -> Gain:
    """What an effect gives on these lines."""
    if isinstance(effect, GiftPoints):
        weights = [lines.nets[place] for place in places]
        return Gain(places, gifts=shares(effect.points, weights) if sum(weights) else ())
    if isinstance(effect, Percent | Amount | FreeItem):
        return Gain(places, _within(_amounts(effect, lines, places), lines.room))
    if isinstance(effect, TierBoost):
        return Gain(places, tier=effect.tier)
    earns = [lines.earns[place] for place in places]
    times = [rate * effect.factor // PERCENT_WHOLE for rate in earns]
    more = sum(
        lines.nets[place] * (new - old) // PERCENT_WHOLE for place, new, old in zip(places, times, earns, strict=True)
    )
    return Gain(places, earns=times, more=more)


def _amounts(effect: Percent | Amount | FreeItem, lines: Lines, places: Sequence[int]) -> Sequence[int]:
    open_sums = lines.open(places)
    if isinstance(effect, Percent):
        rate, nets = effect.basis_points, lines.nets
        return [min(discount_of(nets[place], rate), most) for place, most in zip(places, open_sums, strict=True)]
    if isinstance(effect, Amount):
        return shares(min(effect.kopecks, sum(open_sums)), open_sums)
    free = _free(effect.count, lines, places)
    return [min(amount, most) for amount, most in zip(free, open_sums, strict=True)]


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


def _within(amounts: Sequence[int], room: int) -> Sequence[int]:
    """Cut to what the receipt has left, in proportion and to the kopeck."""
    return amounts if sum(amounts) <= room else shares(room, amounts)
