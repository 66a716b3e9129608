"""Whether a campaign is tried for a guest at all, and what is missing where it is tried."""

from collections.abc import Sequence

from loyalty.programme import Programme
from loyalty.promotions.campaigns import Campaign, Conditions, Promotions, Weekday
from loyalty.promotions.holdout import is_held_out
from loyalty.promotions.occasion import NOTHING_USED, Occasion, belongs, is_near_birthday
from loyalty.purchases import PricedLine
from loyalty.reasons import Reason, ReasonCode

_DAYS = tuple(Weekday)


def is_offered(programme: Programme, campaign: Campaign, occasion: Occasion) -> bool:
    """Whether the guest may hear of a campaign: it runs today, and the guest is whom it is for or can still become so.

    A segment and a control group stay unsaid: who is not meant hears nothing, and a code that nobody gave is no hint.
    """
    asked, today = campaign.conditions, occasion.local.date()
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


def eligible(campaign: Campaign, lines: Sequence[PricedLine], promotions: Promotions, partner: str) -> list[int]:
    """The places of the lines a campaign is about; excluded services are in none."""
    asked, excluded = campaign.conditions, promotions.excluded
    return [
        place
        for place, line in enumerate(lines)
        if (not asked.services or line.service in asked.services)
        and line.gross >= asked.line_min
        and (partner, line.service) not in excluded
    ]


def lacking(
    programme: Programme, campaign: Campaign, lines: Sequence[PricedLine], occasion: Occasion
) -> tuple[Reason, ...]:
    """Everything that is missing, with its distance; what is used up is told alone."""
    used = occasion.used.get(campaign.id, NOTHING_USED)
    if campaign.uses_per_member is not None and used.by_member >= campaign.uses_per_member:
        return (Reason(ReasonCode.CAMPAIGN_USED, campaign=campaign.id),)
    if campaign.budget is not None and campaign.budget.uses is not None and used.uses >= campaign.budget.uses:
        return (Reason(ReasonCode.CAMPAIGN_OVER, campaign=campaign.id),)
    return (*_of_guest(programme, campaign, occasion), *_of_basket(programme, campaign, lines, occasion.partner))


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


def _of_basket(programme: Programme, campaign: Campaign, lines: Sequence[PricedLine], partner: str) -> list[Reason]:
    promotions = programme.promotions
    if promotions is None:
        return []
    asked, places = campaign.conditions, eligible(campaign, lines, promotions, partner)
    if not places:
        return [Reason(ReasonCode.CAMPAIGN_LINES, campaign=campaign.id)]
    reasons = []
    quantity = asked.quantity_min - sum(lines[place].quantity for place in places)
    if quantity > 0:
        reasons.append(Reason(ReasonCode.CAMPAIGN_QUANTITY, campaign=campaign.id, count=quantity))
    amount = asked.basket_min - sum(lines[place].gross for place in places)
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
