"""The fields of a programme file, map by map. The editors' schema is tested against these lists."""

from enum import StrEnum
from typing import Final

PROGRAMME: Final = (
    "id",
    "name",
    "group_name",
    "currency",
    "time_zone",
    "minimum_age",
    "names_cyrillic_only",
    "tier_window",
    "tier_after_refund",
    "identify",
    "name_by_phone",
    "tiers",
    "rates",
    "points",
    "settlement",
    "promotions",
    "control",
    "family",
    "partners",
    "documents",
    "retired",
)
TIER: Final = ("id", "name", "threshold")
TIER_WINDOW: Final = ("kind", "days", "months", "from_month", "grace_days", "fall", "announce_days")
PARTNER: Final = (
    "id",
    "name",
    "kind",
    "city",
    "about",
    "outlets",
    "outlets_from",
    "services",
    "rules",
    "booking",
    "site",
    "shop",
    "settlement",
)
OUTLET: Final = ("id", "name", "time_zone", "city", "address")
SERVICE: Final = ("id", "name", "channels")
RULE: Final = ("services", "channels", "tiers", "discount", "accumulates", "earns", "redeem_cap", "note")
BOOKING: Final = ("property", "outlet", "service", "counts", "delay_days", "codes", "payment")
BOOKING_CODE: Final = ("code", "corporate")
SITE: Final = ("origins", "offers", "link", "code_key", "codes")
SITE_OFFER: Final = ("service", "channel")
SHOP: Final = ("outlet", "items")
SHOP_ITEM: Final = ("id", "service", "name", "about", "price", "valid_days")
POINTS: Final = (
    "unit",
    "worth",
    "rounding",
    "life_days",
    "activation_days",
    "hold_minutes",
    "return_grace_days",
    "tenders",
    "earn_max",
    "balance_max",
    "confirm",
    "announce_days",
    "goodwill",
)
UNIT: Final = ("name", "one", "few", "many")
EARN_MAX: Final = ("receipt", "day")
CONFIRM: Final = ("above", "share", "new_device_hours")
GOODWILL: Final = ("day", "approve_above", "operator_day")
SETTLEMENT: Final = ("mode", "price", "close_after_days")
PARTNER_SETTLEMENT: Final = ("mode", "price", "deposit")
PROMOTIONS: Final = ("max_discount", "excluded", "groups", "campaigns")
MAX_DISCOUNT: Final = ("line", "receipt")
GROUP: Final = ("id", "choose")
CAMPAIGN: Final = (
    "id",
    "name",
    "from",
    "to",
    "priority",
    "group",
    "code",
    "when",
    "gives",
    "budget",
    "per_member",
    "holdout",
    "on_return",
)
WHEN: Final = (
    "tiers",
    "partners",
    "outlets",
    "channels",
    "services",
    "weekdays",
    "hours",
    "line_min",
    "basket_min",
    "quantity_min",
    "nth_purchase",
    "birthday",
    "members",
)
NTH: Final = ("number", "every")
BIRTHDAY: Final = ("before", "after")
MEMBERS: Final = ("age", "member_days", "purchases", "accumulated", "absent_days")
BOUNDS: Final = ("from", "to")
EFFECTS: Final = ("percent", "amount", "free_items", "points_times", "gift_points", "tier")
GIVES: Final = (*EFFECTS, "days")
BUDGET: Final = ("discount", "points", "uses")
CONTROL: Final = ("limits", "own_card", "distant_outlets", "refund_after_spend", "cards_on_device", "spent_at_once")
LIMIT: Final = ("of", "receipts", "amount", "points", "refunds", "minutes", "hours", "then")
WINDOW: Final = ("minutes", "hours")
POINTS_WITHIN: Final = ("points", "minutes", "hours")
FAMILY: Final = ("seats", "pool", "progress", "invite_hours", "spend_after_days")
DOCUMENT: Final = ("id", "kind", "version", "title", "text")


class Currency(StrEnum):
    """What the ledger can count. Its unit has hundredths, and sentences print its sign."""

    RUB = "RUB"


class PaidWith(StrEnum):
    """The kinds of payment that may earn less than in full. Points themselves earn nothing."""

    CASH = "CASH"
    CARD = "CARD"
    MOBILE_TERMINAL = "MOBILE_TERMINAL"
    INSTALMENT = "INSTALMENT"
    GIFT_CARD = "GIFT_CARD"
