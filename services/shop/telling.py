"""What is told of the shop: a hint to the member's phone, and the facts of the letter that brings vouchers."""

from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.business_days import tell_day
from services import programmes
from services.resources import Resources
from services.shop import codes, rows
from services.work import Work

_ACTIVITY: Final = "INSERT INTO card_activity (member_id, kind, purchase_id, at) VALUES ($1, 'SHOP_CHANGED', NULL, $2)"
GROUP: Final = 4


async def tell(tx: Work, member: UUID, now: datetime, resources: Resources | None = None) -> None:
    """Have the member's phone look at the orders again; with resources at once after the commit."""
    await tx.execute(_ACTIVITY, member, now)
    if resources is not None:
        bus = resources.bus
        tx.after_commit(lambda: bus.publish(member, "SHOP_CHANGED", None, now))


async def letter_facts(order: UUID, resources: Resources, locale: str, now: datetime) -> dict[str, str | None]:
    """What stands in the letter that brings the vouchers of an order; no codes where none can be used any more."""
    held = await rows.find(order)
    if held is None or held.valid_until is None:
        return {"codes": None}
    ordered = (await rows.with_vouchers([held]))[0]
    programme = await programmes.version(held.programme_version)
    open_ones = [one for one in ordered.vouchers if one.state_at(now) == "ISSUED"]
    digits = [codes.opened(resources.keyring, one.sealed, one.id) for one in open_ones]
    return {
        "goods": held.goods(programme).name.in_locale(locale),
        "partner": programme.partners_by_id[held.partner].name.in_locale(locale),
        "until": tell_day(held.valid_until, locale, today=now.date()),
        "codes": ", ".join(dictated(one) for one in digits) or None,
        "order": str(held.id),
    }


def dictated(digits: str) -> str:
    """Digits in groups of four, as they stand under the symbol."""
    return " ".join(digits[place : place + GROUP] for place in range(0, len(digits), GROUP))
