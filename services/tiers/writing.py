"""The rows of a member's tier: the period that ends, the one that begins, and when the clock looks again."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from loyalty.programme import Programme, Tier
from loyalty.promotions.boosts import Boost
from loyalty.tiers import Facts, Grant, Stand, range_of, stand, tier_at, with_purchase
from models.ids import uuid7
from services.work import Work

# Above every sum that a column can hold: the top tier has no upper end.
NO_END: Final = 2**62

_BEGIN: Final = """
WITH ended AS (
    UPDATE tier_period SET until = greatest($3, since) WHERE member_id = $1 AND until IS NULL AND tier <> $2
    RETURNING member_id, until
)
INSERT INTO tier_period (id, member_id, tier, since, until, reason, evidence)
SELECT $4, member_id, $2, until, NULL, $5, $6 FROM ended
"""
_WAKE: Final = """
UPDATE member_standing SET tier_until = $2, granted_tier = CASE WHEN granted_until > $3 THEN granted_tier END,
    granted_until = CASE WHEN granted_until > $3 THEN granted_until END WHERE member_id = $1
"""


async def begin(tx: Work, member: UUID, tier: Tier, at: datetime, *, reason: str, evidence: UUID | None = None) -> bool:
    """End the current tier at a moment and begin another; False where it is the same. The member's row is locked."""
    return await tx.execute(_BEGIN, member, tier.id, at, uuid7(), reason, evidence) != "INSERT 0 0"


async def wake(tx: Work, member: UUID, at: datetime | None, now: datetime) -> None:
    """Have the clock look at a member's tier at a moment, and forget a grant that has ended. The row is locked."""
    await tx.execute(_WAKE, member, at, now)


def looks_at(facts: Facts, standing: Stand, now: datetime) -> datetime | None:
    """When the clock must look next: when time changes the tier, or when a grant ends that is to be forgotten."""
    ends = None if facts.grant is None or facts.grant.until <= now else facts.grant.until
    return min((at for at in (standing.changes_at, ends) if at is not None), default=None)


def guard_of(
    programme: Programme,
    facts: Facts,
    version: int,
    *,
    counted: int,
    closed_at: datetime,
    now: datetime,
    family: UUID | None = None,
    boost: Boost | None = None,
) -> Mapping[str, Any]:
    """What the posting statement checks and writes of the tier: an item of its batch is completed by this.

    `version` is that of the member's row when the facts were read. With a window that ends the statement leaves the rule
    to this, and only makes sure that nothing moved since. Where families share their progress `family` is the one that the
    facts are of, and the statement makes sure that it still is. `boost` is a tier that a campaign gives with the receipt.
    """
    low, high = range_of(programme, tier_at(programme, facts.total))
    grant = facts.grant if facts.grant is not None and facts.grant.until > now else None
    guard: dict[str, Any] = {
        "standing_tier": stand(programme, facts, now).tier.id,
        "tier_low": low,
        "tier_high": NO_END if high is None else high,
        "tiers": [{"id": tier.id, "threshold": tier.threshold} for tier in programme.tiers],
    }
    if programme.shares_progress:
        guard["family"] = family
    if grant is not None:
        guard["granted"] = grant.tier
    if programme.tier_window.has_end:
        afterwards = with_purchase(programme, facts, closed_at, counted)
        if boost is not None:
            afterwards = replace(afterwards, grant=Grant(boost.tier, boost.until))
        after = stand(programme, afterwards, now)
        until = looks_at(afterwards, after, now)
        guard["window"] = {"version": version, "after": after.tier.id, "accumulated": after.accumulated, "until": until}
    if boost is not None:
        guard["boost"] = {"id": uuid7(), **asdict(boost)}
    return guard
