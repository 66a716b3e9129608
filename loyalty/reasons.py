"""Why a line got its discount and whether it counts: codes and facts, told in words only when somebody reads them."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class ReasonCode(StrEnum):
    """What a line can be told about itself."""

    DISCOUNT = "discount"  # facts: tier, basis_points
    NO_DISCOUNT_YET = "no_discount_yet"  # facts: tier, next, basis_points
    NO_DISCOUNT = "no_discount"
    NOT_GIVEN = "not_given"
    COUNTS = "counts"  # facts: note, where the programme wrote one
    DOES_NOT_COUNT = "does_not_count"  # facts: note, where the programme wrote one
    EARNS = "earns"  # facts: basis_points
    EARNS_NOT_YET = "earns_not_yet"  # facts: tier, next, basis_points
    EARNS_NOTHING = "earns_nothing"
    REDEEMS = "redeems"  # facts: basis_points
    REDEEMS_NOTHING = "redeems_nothing"
    CAMPAIGN = "campaign"  # facts: campaign, amount in kopecks
    CAMPAIGN_TIMES = "campaign_times"  # facts: campaign, basis_points (20 000 doubles)
    CAMPAIGN_GIFT = "campaign_gift"  # facts: campaign, count of points
    CAMPAIGN_TIER_GIVEN = "campaign_tier_given"  # facts: campaign, tier, count of days after today
    CAMPAIGN_LOST = "campaign_lost"  # facts: campaign, other: the campaign that won
    CAMPAIGN_CAPPED = "campaign_capped"  # facts: campaign
    CAMPAIGN_TIER = "campaign_tier"  # facts: campaign, next: the first tier it is for
    CAMPAIGN_NOT_NOW = "campaign_not_now"  # facts: campaign
    CAMPAIGN_LINES = "campaign_lines"  # facts: campaign
    CAMPAIGN_BASKET = "campaign_basket"  # facts: campaign, amount in kopecks that is missing
    CAMPAIGN_QUANTITY = "campaign_quantity"  # facts: campaign, count of thousandths that are missing
    CAMPAIGN_PURCHASES = "campaign_purchases"  # facts: campaign, count of purchases that come first
    CAMPAIGN_BIRTHDAY = "campaign_birthday"  # facts: campaign
    CAMPAIGN_USED = "campaign_used"  # facts: campaign
    CAMPAIGN_NOT_HERE = "campaign_not_here"  # facts: campaign
    CAMPAIGN_OVER = "campaign_over"  # facts: campaign


# Nobody changes one. `frozen` would say so at five times the cost of making it, and a long receipt has hundreds.
@dataclass(slots=True, unsafe_hash=True)
class Reason:
    """One reason. Its facts are ids and numbers of the programme version that gave it, so that any language can tell it."""

    code: ReasonCode
    tier: str | None = None
    next: str | None = None
    basis_points: int | None = None
    note: int | None = None
    campaign: str | None = None
    other: str | None = None
    amount: int | None = None
    count: int | None = None

    def stored(self) -> dict[str, str | int]:
        """The reason as it is kept with a line: the code and the facts it has."""
        # Written out: a long basket under many campaigns has hundreds of these.
        facts: dict[str, str | int] = {"code": self.code.value}
        if self.tier is not None:
            facts["tier"] = self.tier
        if self.next is not None:
            facts["next"] = self.next
        if self.basis_points is not None:
            facts["basis_points"] = self.basis_points
        if self.note is not None:
            facts["note"] = self.note
        if self.campaign is not None:
            facts["campaign"] = self.campaign
        if self.other is not None:
            facts["other"] = self.other
        if self.amount is not None:
            facts["amount"] = self.amount
        if self.count is not None:
            facts["count"] = self.count
        return facts

    @classmethod
    def of(cls, stored: Mapping[str, object]) -> Self:
        """A reason read back from a line."""
        return cls(
            code=ReasonCode(str(stored["code"])),
            tier=_text(stored, "tier"),
            next=_text(stored, "next"),
            basis_points=_number(stored, "basis_points"),
            note=_number(stored, "note"),
            campaign=_text(stored, "campaign"),
            other=_text(stored, "other"),
            amount=_number(stored, "amount"),
            count=_number(stored, "count"),
        )


def _text(stored: Mapping[str, object], name: str) -> str | None:
    fact = stored.get(name)
    return fact if isinstance(fact, str) else None


def _number(stored: Mapping[str, object], name: str) -> int | None:
    fact = stored.get(name)
    return fact if isinstance(fact, int) else None
