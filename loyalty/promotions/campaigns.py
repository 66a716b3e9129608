"""A campaign as data: whom and when it is for, what it gives, what bounds it. Sums in kopecks, rates in basis points."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from loyalty.texts import Text


class Weekday(StrEnum):
    """Days of the week, in the order of `date.weekday()`."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"


class Choice(StrEnum):
    """Which campaign of a group wins: the first by priority, or what brings the guest most."""

    PRIORITY = "PRIORITY"
    BEST = "BEST"


class OnReturn(StrEnum):
    """What a return does to a budget and to a guest's uses."""

    GIVE_BACK = "GIVE_BACK"
    KEEP = "KEEP"


class Fact(StrEnum):
    """What a segment may ask of a member. All are whole numbers: years, days, receipts, kopecks."""

    AGE = "age"
    MEMBER_DAYS = "member_days"
    PURCHASES = "purchases"
    ACCUMULATED = "accumulated"
    ABSENT_DAYS = "absent_days"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A fact within bounds, both inclusive; None is no bound."""

    fact: Fact
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Hours:
    """Minutes of the local day, from `opens` and before `closes`; over midnight where `closes` is not the later one."""

    opens: int
    closes: int

    def hold(self, minute: int) -> bool:
        """Whether a minute of the day is inside."""
        if self.opens < self.closes:
            return self.opens <= minute < self.closes
        return minute >= self.opens or minute < self.closes


@dataclass(frozen=True, slots=True)
class Nth:
    """A purchase by its number: just this one, or every so many."""

    number: int
    is_every: bool

    def left(self, made: int) -> int | None:
        """How many purchases come before the next one that is meant, after `made`: 0 for this one, None for never again."""
        if self.is_every:
            return (self.number - (made + 1) % self.number) % self.number
        return self.number - made - 1 if made < self.number else None


@dataclass(frozen=True, slots=True)
class Birthday:
    """So many days before and after the day of birth."""

    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What must be so. An empty tuple and None ask for nothing."""

    tiers: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    weekdays: tuple[Weekday, ...] = ()
    hours: Hours | None = None
    line_min: int = 0
    basket_min: int = 0
    quantity_min: int = 0
    nth_purchase: Nth | None = None
    birthday: Birthday | None = None
    members: tuple[Bounds, ...] = ()


@dataclass(frozen=True, slots=True)
class Percent:
    """A share of what is still to be paid for the lines."""

    basis_points: int


@dataclass(frozen=True, slots=True)
class Amount:
    """A sum off the lines together, never more than they come to."""

    kopecks: int


@dataclass(frozen=True, slots=True)
class FreeItem:
    """So many whole units of the lines free, the cheapest first."""

    count: int


@dataclass(frozen=True, slots=True)
class PointsTimes:
    """So many times the points that the lines earn, in basis points: 20 000 doubles them."""

    factor: int


@dataclass(frozen=True, slots=True)
class GiftPoints:
    """So many points on top, once a receipt."""

    points: int


@dataclass(frozen=True, slots=True)
class TierBoost:
    """A tier for so many days after the receipt's own, to whoever stands below it and has no given one."""

    tier: str
    days: int


Effect: TypeAlias = Percent | Amount | FreeItem | PointsTimes | GiftPoints | TierBoost


@dataclass(frozen=True, slots=True)
class Budget:
    """The most a campaign may give away in all: kopecks of discount, gift points, receipts. None means no bound."""

    discount: int | None = None
    points: int | None = None
    uses: int | None = None


@dataclass(frozen=True, slots=True)
class Campaign:
    """One campaign of a version. `starts` and `ends` are local dates, both inclusive; the holdout is in basis points."""

    id: str
    name: Text
    conditions: Conditions
    effect: Effect
    starts: date | None = None
    ends: date | None = None
    priority: int = 0
    group: str | None = None
    needs_code: bool = False
    budget: Budget | None = None
    uses_per_member: int | None = None
    holdout: int = 0
    on_return: OnReturn = OnReturn.GIVE_BACK

    @property
    def is_counted(self) -> bool:
        """Whether its uses are counted while receipts are posted: it has a budget, or guests have a number of uses."""
        return self.budget is not None or self.uses_per_member is not None


@dataclass(frozen=True, slots=True)
class Caps:
    """The largest share of the whole sum that all discounts together may take, in basis points."""

    line: int = 10_000
    receipt: int = 10_000


@dataclass(frozen=True, eq=False)
class Promotions:
    """The campaigns of a version, compiled once: one object a version, so identity is equality."""

    campaigns: tuple[Campaign, ...]
    groups: Mapping[str, Choice]
    caps: Caps
    excluded: frozenset[tuple[str, str]]

    @cached_property
    def by_id(self) -> Mapping[str, Campaign]:
        """The campaigns by their slugs."""
        return {campaign.id: campaign for campaign in self.campaigns}

    @cached_property
    def ordered(self) -> tuple[Campaign, ...]:
        """By priority, the highest first, then by slug: the order of the file says nothing."""
        return tuple(sorted(self.campaigns, key=lambda campaign: (-campaign.priority, campaign.id)))

    @cached_property
    def takes_codes(self) -> bool:
        """Whether some campaign is opened by a promo code."""
        return any(campaign.needs_code for campaign in self.campaigns)

    def at(self, partner: str, outlet: str, channel: str) -> tuple[Campaign, ...]:
        """The campaigns that a place and a way of ordering may see, in order."""
        place = (partner, outlet, channel)
        found = self._at.get(place)
        if found is None:
            found = self._at[place] = tuple(campaign for campaign in self.ordered if _is_for(campaign, *place))
        return found

    @cached_property
    def _at(self) -> dict[tuple[str, str, str], tuple[Campaign, ...]]:
        return {}


def _is_for(campaign: Campaign, partner: str, outlet: str, channel: str) -> bool:
    asked = campaign.conditions
    return (
        (not asked.partners or partner in asked.partners)
        and (not asked.outlets or outlet in asked.outlets)
        and (not asked.channels or channel in asked.channels)
    )
