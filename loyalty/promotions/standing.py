"""Where a campaign stands on a day: it is still to come, runs, has given all that it may, or is over."""

from datetime import date
from enum import StrEnum

from loyalty.promotions.campaigns import Campaign
from loyalty.promotions.occasion import Used


class Standing(StrEnum):
    """Where a campaign stands."""

    COMING = "COMING"
    RUNNING = "RUNNING"
    USED_UP = "USED_UP"
    OVER = "OVER"


def standing_of(campaign: Campaign, used: Used, today: date) -> Standing:
    """Where a campaign stands on a local day, `used` being what it gave in all versions together."""
    if campaign.starts is not None and today < campaign.starts:
        return Standing.COMING
    if campaign.ends is not None and today > campaign.ends:
        return Standing.OVER
    return Standing.USED_UP if _is_used_up(campaign, used) else Standing.RUNNING


def _is_used_up(campaign: Campaign, used: Used) -> bool:
    budget = campaign.budget
    if budget is None:
        return False
    bounds = ((budget.discount, used.discount), (budget.points, used.points), (budget.uses, used.uses))
    return any(most is not None and given >= most for most, given in bounds)
