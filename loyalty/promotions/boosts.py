"""The tier that campaigns give with a receipt for a time."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from loyalty.business_days import business_date
from loyalty.points import day_ends
from loyalty.programme import Programme
from loyalty.promotions.campaigns import TierBoost
from loyalty.promotions.occasion import State
from loyalty.purchases import Priced
from loyalty.tiers import Facts, is_higher, stand


@dataclass(frozen=True, slots=True)
class Boost:
    """A grant that a posted receipt brings: its tier until a moment, the campaign's slug, and what the staff read of it."""

    tier: str
    until: datetime
    campaign: str
    reason: str


def boost_of(
    programme: Programme, priced: Priced, facts: Facts, now: datetime, *, priced_by: Programme | None = None
) -> Boost | None:
    """The highest tier that campaigns give with a price; None where none does, or the member stands there, or has a given one.

    An order that was promised a price by an earlier version is `priced_by` that one; a tier that is no more is not given.
    """
    promotions = (priced_by or programme).promotions
    if promotions is None or not priced.outcomes:
        return None
    applied = [promotions.by_id[one.campaign] for one in priced.outcomes if one.state is State.APPLIED]
    lifts = ((one, one.effect) for one in applied if isinstance(one.effect, TierBoost))
    given = [(one, effect) for one, effect in lifts if effect.tier in programme.tiers_by_id]
    if not given or (facts.grant is not None and facts.grant.until > now):
        return None
    campaign, boost = max(given, key=lambda pair: programme.tiers_by_id[pair[1].tier].threshold)
    if not is_higher(programme, boost.tier, stand(programme, facts, now).tier.id):
        return None
    last = business_date(now, programme.time_zone) + timedelta(days=boost.days)
    return Boost(boost.tier, day_ends(last, programme.time_zone), campaign.id, campaign.name.ru)
