"""How partners settle: the section `settlement` of a programme file, and of a partner where it differs."""

from typing import Final

from loyalty.programme_file import shapes
from loyalty.programme_file.reading import Fields, fields_of
from loyalty.settlement import CLOSE_AFTER_DAYS, PartnerTerms, SettlementMode, SettlementTerms

DAYS_MAX: Final = 27
PRICE_MAX: Final = 1_000_000


def read_settlement(fields: Fields) -> SettlementTerms | None:
    """The programme's section; None where partners do not settle, or where it must be mended."""
    entry = _section(fields, shapes.SETTLEMENT, "settlement", has_points=fields.has("points"))
    if entry is None:
        return None
    mode, price = entry.one_of("mode", SettlementMode), _price(entry)
    days = entry.whole("close_after_days", 1, DAYS_MAX) if entry.has("close_after_days") else CLOSE_AFTER_DAYS
    return None if mode is None or price is None or days is None else SettlementTerms(mode, price, days)


def read_partner_settlement(entry: Fields, *, has_points: bool) -> PartnerTerms | None:
    """What a partner settles by otherwise; None where it says nothing of its own."""
    own = _section(entry, shapes.PARTNER_SETTLEMENT, f"{entry.what}, settlement", has_points=has_points)
    if own is None:
        return None
    mode = own.one_of("mode", SettlementMode) if own.has("mode") else None
    price = _price(own) if own.has("price") else None
    if mode is None and price is None:
        own.wrong("mode", "it says nothing.", "write `mode: PREPAID` or `price: 0.75`, or leave the section out.")
    deposit = own.money("deposit") if own.has("deposit") else None
    if own.has("deposit") and mode is not SettlementMode.PREPAID:
        own.wrong(
            "deposit", "only who settles PREPAID has a deposit.", "write `mode: PREPAID` beside it, or leave it out."
        )
    return PartnerTerms(mode, price, deposit)


def _section(fields: Fields, keys: tuple[str, ...], what: str, *, has_points: bool) -> Fields | None:
    if not fields.has("settlement"):
        return None
    if not has_points:
        fields.wrong("settlement", "the programme has no points to settle.", "add `points`, or leave this out.")
    return fields_of(fields.by_key["settlement"], what, keys, fields.findings)


def _price(entry: Fields) -> int | None:
    price = entry.money("price")
    if price is not None and not 0 < price <= PRICE_MAX:
        entry.wrong(
            "price", "a point is settled at 0.01 to 10000 roubles.", "write what an issuer pays, such as `price: 0.80`."
        )
        return None
    return price
