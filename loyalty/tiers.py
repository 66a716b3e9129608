"""Which tier a member has. Never stored as a fact: it follows from counted purchases by their days, a grant, and the clock."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from loyalty.business_days import business_date
from loyalty.points import day_begins
from loyalty.programme import Programme, Tier
from loyalty.windows import Days, Return, WindowKind, kept, level_of, supports


@dataclass(frozen=True, slots=True)
class Grant:
    """A tier given by hand until a moment. It never lowers."""

    tier: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Facts:
    """What a tier follows from: all that ever counted in kopecks, the same by day where a window asks, and a grant.

    `days` are net of `returns`, which are there where the programme lets a tier outlive them.
    """

    total: int
    days: Days = field(default_factory=dict)
    grant: Grant | None = None
    returns: Sequence[Return] = ()


@dataclass(frozen=True, slots=True)
class Keep:
    """What keeps a tier beyond its end: kopecks still missing, and the last day on which a purchase helps."""

    left: int
    by: date


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands, with the sum counted over the programme's window. `next` and `left` are None at the top."""

    tier: Tier
    next: Tier | None
    accumulated: int
    left: int | None


@dataclass(frozen=True, slots=True)
class Stand:
    """A member's tier at a moment. `until`: when time alone takes it; `changes_at`: when time alone changes it; or never."""

    tier: Tier
    accumulated: int
    is_granted: bool = False
    until: datetime | None = None
    changes_at: datetime | None = None
    keep: Keep | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A stretch of time in which facts or a grant hold a member at a level; None is no bound."""

    level: int
    begins: datetime | None
    ends: datetime | None
    is_grant: bool = False

    def covers(self, at: datetime) -> bool:
        """Whether it holds at a moment."""
        return (self.begins is None or self.begins <= at) and (self.ends is None or at < self.ends)


@dataclass(frozen=True, slots=True)
class Change:
    """A tier that begins at a moment: below the one before or above it, and whether a grant ended then.

    `by_time` tells that time alone did it; else facts of others have moved, or the terms.
    """

    at: datetime
    tier: Tier
    is_lower: bool
    ends_grant: bool
    by_time: bool = True


def tier_at(programme: Programme, accumulated: int) -> Tier:
    """The highest tier whose threshold a sum has reached (at ≥)."""
    return programme.tiers[level_of(programme.thresholds, accumulated)]


def next_tier(programme: Programme, tier: Tier) -> Tier | None:
    """The tier after this one; None at the top."""
    place = programme.tiers.index(tier) + 1
    return programme.tiers[place] if place < len(programme.tiers) else None


def is_higher(programme: Programme, tier: str, than: str) -> bool:
    """Whether one tier of a version stands above another."""
    return programme.tiers_by_id[tier].threshold > programme.tiers_by_id[than].threshold


def range_of(programme: Programme, tier: Tier) -> tuple[int, int | None]:
    """The sums that mean this tier: from `low`, and below `high` unless it is the top."""
    following = next_tier(programme, tier)
    return tier.threshold, None if following is None else following.threshold


def progress(programme: Programme, accumulated: int, held: str | None = None) -> Progress:
    """The tier of a sum counted over the programme's window, or the one `held` above it, and how much is left to the next."""
    tier = tier_at(programme, accumulated)
    if held is not None and held in programme.tiers_by_id:
        tier = max(tier, programme.tiers_by_id[held], key=programme.tiers.index)
    following = next_tier(programme, tier)
    left = None if following is None else following.threshold - accumulated
    return Progress(tier=tier, next=following, accumulated=accumulated, left=left)


def holds_of(programme: Programme, facts: Facts) -> tuple[Hold, ...]:
    """Every stretch in which facts or the grant hold the member above the first tier."""
    zone = programme.time_zone
    found: list[Hold] = []
    if not programme.tier_window.has_end:
        found.append(Hold(level_of(programme.thresholds, facts.total), None, None))
    window, thresholds = programme.tier_window, programme.thresholds
    held = (*supports(window, thresholds, facts.days), *kept(window, thresholds, facts.days, facts.returns))
    found += [Hold(one.level, day_begins(one.begins, zone), day_begins(one.ends, zone)) for one in held]
    if facts.grant is not None and facts.grant.tier in programme.tiers_by_id:
        level = programme.tiers.index(programme.tiers_by_id[facts.grant.tier])
        found.append(Hold(level, None, facts.grant.until, is_grant=True))
    return tuple(found)


def level_at(holds: Sequence[Hold], at: datetime) -> int:
    """The highest level held at a moment."""
    return max((one.level for one in holds if one.covers(at)), default=0)


def moments_of(holds: Sequence[Hold]) -> list[datetime]:
    """Every moment at which time alone may change the level, in their order."""
    return sorted({at for one in holds for at in (one.begins, one.ends) if at is not None})


def stand(programme: Programme, facts: Facts, now: datetime) -> Stand:
    """Where facts put a member at a moment, and until when, if nothing is bought or returned meanwhile."""
    holds = holds_of(programme, facts)
    level = level_at(holds, now)
    later = [at for at in moments_of(holds) if at > now]
    until = next((at for at in later if level_at(holds, at) < level), None)
    earned = max((one.level for one in holds if one.covers(now) and not one.is_grant), default=0)
    return Stand(
        tier=programme.tiers[level],
        accumulated=counted(programme, facts, now),
        is_granted=level > earned,
        until=until,
        changes_at=next((at for at in later if level_at(holds, at) != level), None),
        keep=None if until is None else _keep(programme, facts, programme.tiers[level], until, now),
    )


def changes(programme: Programme, facts: Facts, held: str, since: datetime, now: datetime) -> list[Change]:
    """What time has done to a tier between two moments, both included, in its order; at the first, facts of others as well."""
    holds = holds_of(programme, facts)
    moments = moments_of(holds)
    tier = programme.tiers_by_id.get(held)
    found: list[Change] = []
    for at in (since, *(one for one in moments if since < one <= now)):
        reached = programme.tiers[level_at(holds, at)]
        if reached is not tier:
            is_lower = tier is None or reached.threshold < tier.threshold
            ends_grant = is_lower and facts.grant is not None and facts.grant.until == at
            found.append(Change(at, reached, is_lower=is_lower, ends_grant=ends_grant, by_time=at in moments))
            tier = reached
    return found


def together(own: Facts, others: Iterable[Facts]) -> Facts:
    """What a tier follows from while a family shares it: all that counted for whoever sits there, and one's own grant.

    Own facts stay own: who leaves takes them along, who comes back brings them again, and none is ever counted twice.
    """
    total, days, returns = own.total, dict(own.days), list(own.returns)
    for other in others:
        total += other.total
        for day, amount in other.days.items():
            days[day] = days.get(day, 0) + amount
        returns += other.returns
    return Facts(total, days, own.grant, returns)


def counted(programme: Programme, facts: Facts, now: datetime) -> int:
    """What counts towards tiers at a moment, in kopecks: over the programme's window, up to today."""
    window = programme.tier_window
    return window.counted(facts.days, business_date(now, programme.time_zone)) if window.has_end else facts.total


def with_purchase(programme: Programme, facts: Facts, at: datetime, amount: int) -> Facts:
    """The facts with one more counted purchase."""
    day = business_date(at, programme.time_zone)
    days: Mapping[date, int] = {**facts.days, day: facts.days.get(day, 0) + amount}
    return replace(facts, total=facts.total + amount, days=days if programme.tier_window.has_end else facts.days)


def _keep(programme: Programme, facts: Facts, tier: Tier, until: datetime, now: datetime) -> Keep | None:
    """What of a tier would be missing when it ends, where a purchase of today can still be felt then."""
    window, zone = programme.tier_window, programme.time_zone
    today, ends = business_date(now, zone), business_date(until, zone)
    last = business_date(until - timedelta(microseconds=1), zone)
    if not window.has_end:
        return Keep(tier.threshold - facts.total, last)
    stops = window.counts_until(today)
    if window.kind is WindowKind.ROLLING:
        # A day of support is felt as long as the grace: reached on the last day, the threshold need not be reached after it.
        helps, missing = stops, tier.threshold - window.counted(facts.days, last if window.grace_days else ends)
    else:
        helps, missing = window.counts_until(stops), tier.threshold - window.counted(facts.days, today)
        last = min(last, stops - timedelta(days=1))
    return Keep(missing, last) if missing > 0 and ends < helps + timedelta(days=window.grace_days) else None
