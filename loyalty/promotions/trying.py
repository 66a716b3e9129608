"""Whether a campaign is tried for a guest at all, and what is missing where it is tried."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from loyalty.programme import Programme
from loyalty.promotions.campaigns import Campaign, Conditions, GiftPoints, PointsTimes, TierBoost, Weekday
from loyalty.promotions.holdout import is_held_out
from loyalty.promotions.occasion import NOTHING_USED, Occasion, belongs, is_near_birthday
from loyalty.purchases import PricedLine
from loyalty.reasons import Reason, ReasonCode
from loyalty.tiers import is_higher

_DAYS = tuple(Weekday)


def is_offered(programme: Programme, campaign: Campaign, occasion: Occasion) -> bool:
    """Whether the guest may hear of a campaign: it runs today, and the guest is whom it is for or can still become so.

    A segment and a control group stay unsaid: who is not meant hears nothing, and a code that nobody gave is no hint.
    """
    asked, today = campaign.conditions, occasion.local.date()
    if occasion.is_paid and not isinstance(campaign.effect, PointsTimes | GiftPoints):
        return False
    if isinstance(campaign.effect, TierBoost) and not _may_rise(programme, campaign.effect, occasion):
        return False
    if (campaign.starts is not None and today < campaign.starts) or (
        campaign.ends is not None and today > campaign.ends
    ):
        return False
    if campaign.needs_code and campaign.id not in occasion.codes:
        return False
    if asked.nth_purchase is not None and asked.nth_purchase.left(occasion.guest.purchases) is None:
        return False
    if asked.tiers and occasion.tier not in asked.tiers and _next_tier(programme, asked, occasion.tier) is None:
        return False
    if asked.members and not belongs(asked.members, occasion.guest, today):
        return False
    return not is_held_out(campaign.id, occasion.guest.id, campaign.holdout)


def _may_rise(programme: Programme, boost: TierBoost, occasion: Occasion) -> bool:
    """Whether a tier would be higher than the guest's. One that was given before stays as it was given."""
    if occasion.waits or occasion.guest.has_grant:
        return False
    return is_higher(programme, boost.tier, occasion.tier)


@dataclass(frozen=True, slots=True)
class About:
    """The places of the lines that a campaign is about, their quantity in thousandths and their gross in kopecks."""

    places: tuple[int, ...]
    quantity: int
    gross: int


@dataclass(slots=True)
class Shelf:
    """The lines of a basket as campaigns ask for them. Campaigns that ask alike are answered from the first answer."""

    lines: Sequence[PricedLine]
    partner: str
    excluded: frozenset[tuple[str, str]]
    _known: dict[tuple[tuple[str, ...], int], About] = field(default_factory=dict)

    def about(self, asked: Conditions) -> About:
        """The lines that conditions mean; excluded services are in none."""
        key = asked.services, asked.line_min
        found = self._known.get(key)
        if found is None:
            places = tuple(place for place, line in enumerate(self.lines) if self._is_meant(line, asked))
            meant = [self.lines[place] for place in places]
            found = About(places, sum(line.quantity for line in meant), sum(line.gross for line in meant))
            self._known[key] = found
        return found

    def _is_meant(self, line: PricedLine, asked: Conditions) -> bool:
        return (
            (not asked.services or line.service in asked.services)
            and line.gross >= asked.line_min
            and (self.partner, line.service) not in self.excluded
        )


def lacking(programme: Programme, campaign: Campaign, about: About, occasion: Occasion) -> tuple[Reason, ...]:
    """Everything that is missing, with its distance; what is used up is told alone."""
    used = occasion.used.get(campaign.id, NOTHING_USED)
    if campaign.uses_per_member is not None and used.by_member >= campaign.uses_per_member:
        return (Reason(ReasonCode.CAMPAIGN_USED, campaign=campaign.id),)
    if campaign.budget is not None and campaign.budget.uses is not None and used.uses >= campaign.budget.uses:
        return (Reason(ReasonCode.CAMPAIGN_OVER, campaign=campaign.id),)
    return (*_of_guest(programme, campaign, occasion), *_of_basket(campaign, about))


def _of_guest(programme: Programme, campaign: Campaign, occasion: Occasion) -> list[Reason]:
    asked, local = campaign.conditions, occasion.local
    reasons = []
    if asked.tiers and occasion.tier not in asked.tiers:
        following = _next_tier(programme, asked, occasion.tier)
        reasons.append(Reason(ReasonCode.CAMPAIGN_TIER, campaign=campaign.id, next=following))
    is_day = not asked.weekdays or _DAYS[local.weekday()] in asked.weekdays
    if not is_day or (asked.hours is not None and not asked.hours.hold(local.hour * 60 + local.minute)):
        reasons.append(Reason(ReasonCode.CAMPAIGN_NOT_NOW, campaign=campaign.id))
    left = 0 if asked.nth_purchase is None else asked.nth_purchase.left(occasion.guest.purchases)
    if left:
        reasons.append(Reason(ReasonCode.CAMPAIGN_PURCHASES, campaign=campaign.id, count=left))
    if asked.birthday is not None and not is_near_birthday(asked.birthday, occasion.guest.born, local.date()):
        reasons.append(Reason(ReasonCode.CAMPAIGN_BIRTHDAY, campaign=campaign.id))
    return reasons


def _of_basket(campaign: Campaign, about: About) -> list[Reason]:
    asked = campaign.conditions
    if not about.places:
        return [Reason(ReasonCode.CAMPAIGN_LINES, campaign=campaign.id)]
    reasons = []
    quantity = asked.quantity_min - about.quantity
    if quantity > 0:
        reasons.append(Reason(ReasonCode.CAMPAIGN_QUANTITY, campaign=campaign.id, count=quantity))
    amount = asked.basket_min - about.gross
    if amount > 0:
        reasons.append(Reason(ReasonCode.CAMPAIGN_BASKET, campaign=campaign.id, amount=amount))
    return reasons


def _next_tier(programme: Programme, asked: Conditions, tier: str) -> str | None:
    """The first tier above the guest's that a campaign is for."""
    above = False
    for each in programme.tiers:
        if above and each.id in asked.tiers:
            return each.id
        above = above or each.id == tier
    return None
