"""A voucher at a till: looked at as often as one likes, redeemed once, and only where its partner stands."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from loyalty.business_days import tell_day
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from loyalty.shops import ShopItem, VoucherState
from loyalty.texts import Text
from loyalty.vouchers import read_voucher
from services import once, programmes
from services.resources import Resources
from services.shop import codes, rows, telling
from services.shop.ordering import ORDERS
from services.shop.rows import OrderFacts, VoucherFacts
from services.tills import TillFacts, place_of
from services.work import work

OPERATION: Final = "redeemVoucher"
SCOPE: Final = "SPEND"
_USE: Final = """
UPDATE shop_voucher SET state = 'USED', used_at = $2, used_till_id = $3 WHERE id = $1 AND state = 'ISSUED'
"""


@dataclass(frozen=True, slots=True)
class AtTill:
    """A voucher as a till of its partner sees it: what to give out, and whether it may."""

    voucher: VoucherFacts
    order: OrderFacts
    programme: Programme

    @property
    def item(self) -> ShopItem:
        """What was bought, by the version that sold it."""
        return self.order.goods(self.programme)


async def look(till: TillFacts, code: str, now: datetime) -> AtTill:
    """What a code stands for. Nothing moves. Raises FORBIDDEN, NOT_FOUND for any code that is none of this partner's."""
    till.require(SCOPE)
    place_of(till, await programmes.current(now))
    found = await rows.of_code(_digest(code, "code"), till.partner)
    if found is None:
        raise _unknown("code")
    return await _seen(found)


async def redeem(resources: Resources, till: TillFacts, *, key: str, code: str, now: datetime) -> AtTill:
    """Redeem a voucher of the till's partner. The same key and code hear the same answer again.

    Raises INVALID_INPUT, FORBIDDEN, KEY_REUSED, NOT_FOUND, VOUCHER_NOT_ACCEPTED for one that was used or returned, or
    whose day has passed.
    """
    till.require(SCOPE)
    place_of(till, await programmes.current(now))
    digest = _digest(code, "input.code")
    claim, body = once.claim_of(till.id, OPERATION, once.key_text(key)), once.body_of(digest.hex())
    async with work() as tx:
        if await once.is_first(tx, claim, OPERATION, body=body, about=None, now=now):
            found = await rows.of_code(digest, till.partner, tx)
            if found is None:
                raise _unknown("input.code")
            _check(found, await programmes.current(now), now)
            await tx.execute(_USE, found.id, now, till.id)
            order = await rows.find(found.order)
            assert order is not None  # noqa: S101 - a voucher has its order
            await telling.tell(tx, order.member, now, resources)
            ORDERS.labels(till.partner, "redeemed").inc()
    used = await rows.of_code(digest, till.partner)
    assert used is not None  # noqa: S101 - vouchers are never deleted
    return await _seen(used)


def _digest(code: str, field: str) -> bytes:
    digits = read_voucher(code)
    if digits is None:
        raise _unknown(field)
    return codes.digest(digits)


async def _seen(found: VoucherFacts) -> AtTill:
    order = await rows.find(found.order)
    assert order is not None  # noqa: S101 - a voucher has its order
    return AtTill(found, order, await programmes.version(order.programme_version))


def _check(found: VoucherFacts, programme: Programme, now: datetime) -> None:
    state = found.state_at(now)
    if state is VoucherState.ISSUED:
        return
    if state is VoucherState.USED and found.used_at is not None:
        raise used_already(found, programme, field="input.code")
    words = "shop.voucher_returned" if state is VoucherState.RETURNED else "shop.voucher_expired"
    raise Refusal(Code.VOUCHER_NOT_ACCEPTED, words, field="input.code")


def used_already(found: VoucherFacts, programme: Programme, *, field: str) -> Refusal:
    """The refusal of a voucher that was given out before: when and where, by the clock of that place."""
    outlet = programme.outlets_by_id.get(found.used_outlet or "")
    assert found.used_at is not None  # noqa: S101 - it is used
    local = found.used_at.astimezone(ZoneInfo(outlet.time_zone if outlet else programme.time_zone))
    at = Text(*(f"{tell_day(local.date(), locale, today=local.date())}, {local:%H:%M}" for locale in ("ru", "en")))
    place = Text("", "") if outlet is None else outlet.name
    return Refusal(Code.VOUCHER_NOT_ACCEPTED, "shop.voucher_used", field=field, at=at, place=place)


def _unknown(field: str) -> Refusal:
    """One answer for what never was, what was misread, and what another partner's till takes."""
    return Refusal(Code.NOT_FOUND, "shop.no_voucher", field=field)
