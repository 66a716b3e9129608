"""Which tier an accumulated sum means. A tier is never stored as a fact: it follows from the sum and the thresholds."""

from dataclasses import dataclass

from loyalty.programme import Programme, Tier


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a member stands. `next` and `left` are None at the top."""

    tier: Tier
    next: Tier | None
    accumulated: int
    left: int | None


def tier_at(programme: Programme, accumulated: int) -> Tier:
    """The highest tier whose threshold the sum has reached (at ≥)."""
    reached = programme.tiers[0]
    for tier in programme.tiers:
        if tier.threshold > accumulated:
            break
        reached = tier
    return reached


def next_tier(programme: Programme, tier: Tier) -> Tier | None:
    """The tier after this one; None at the top."""
    place = programme.tiers.index(tier) + 1
    return programme.tiers[place] if place < len(programme.tiers) else None


def range_of(programme: Programme, tier: Tier) -> tuple[int, int | None]:
    """The sums that mean this tier: from `low`, and below `high` unless it is the top."""
    following = next_tier(programme, tier)
    return tier.threshold, None if following is None else following.threshold


def progress(programme: Programme, accumulated: int) -> Progress:
    """The tier of a sum counted over the programme's window, and how much is left to the next."""
    tier = tier_at(programme, accumulated)
    following = next_tier(programme, tier)
    left = None if following is None else following.threshold - accumulated
    return Progress(tier=tier, next=following, accumulated=accumulated, left=left)
