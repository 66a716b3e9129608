"""The section `booking` of a partner: the hotel behind it, and when a stay counts."""

from collections.abc import Mapping
from typing import Any, Final

from loyalty.bookings import HotelTerms, PromoCode, StayCounts, StayPayment
from loyalty.programme import Channel, Outlet, Service
from loyalty.programme_file import shapes
from loyalty.programme_file.reading import Fields, fields_of

DELAY_DAYS_MAX: Final = 60
PROPERTY_CHARACTERS_MAX: Final = 32
CODE_CHARACTERS_MAX: Final = 32


def read_booking(
    entry: Fields, outlets: tuple[Outlet, ...], services: tuple[Service, ...], seen: dict[str, str]
) -> HotelTerms | None:
    """The terms of a partner; None where its rooms are not booked here, or where they must be mended."""
    if not entry.has("booking"):
        return None
    fields = fields_of(entry.by_key["booking"], f"{entry.what}, booking", shapes.BOOKING, entry.findings)
    if fields is None:
        return None
    property_id = _short(fields, "property", "41007", PROPERTY_CHARACTERS_MAX)
    outlet, service = fields.slug("outlet"), fields.slug("service")
    counts = fields.one_of("counts", StayCounts)
    delay = fields.whole("delay_days", 0, DELAY_DAYS_MAX)
    payment = fields.one_of("payment", StayPayment) if fields.has("payment") else StayPayment.HOTEL
    if outlet is not None and outlet not in {one.id for one in outlets}:
        fields.wrong("outlet", f'"{outlet}" is no outlet of this partner.', "write one of its outlets.")
    channels = {one.id: one.channels for one in services}
    if service is not None and Channel.CABINET not in channels.get(service, ()):
        fields.wrong("service", f'"{service}" is not sold through CABINET here.', "write a service that is.")
    if property_id is not None and property_id in seen:
        fields.wrong("property", f"{seen[property_id]} has this property already.", "a hotel belongs to one partner.")
    codes = _codes(fields)
    if property_id is None or outlet is None or service is None or counts is None or delay is None:
        return None
    if payment is None:
        return None
    seen[property_id] = entry.what
    return HotelTerms(property_id, outlet, service, counts, delay, codes, payment)


def _codes(fields: Fields) -> tuple[PromoCode, ...]:
    if not fields.has("codes"):
        return ()
    found: list[PromoCode] = []
    for node in fields.entries("codes", '[{code: WINTER, corporate: "9001"}]'):
        entry = fields_of(node, f"{fields.what}, code {len(found) + 1}", shapes.BOOKING_CODE, fields.findings)
        if entry is None:
            continue
        code = _short(entry, "code", "WINTER", CODE_CHARACTERS_MAX)
        corporate = _short(entry, "corporate", '"9001"', PROPERTY_CHARACTERS_MAX)
        if code is not None and corporate is not None:
            if any(code.casefold() == other.code.casefold() for other in found):
                entry.wrong("code", "this code is there already.", "give each code once.")
            found.append(PromoCode(code, corporate))
    return tuple(found)


def _short(fields: Fields, key: str, example: str, most: int) -> str | None:
    text = fields.scalar(key, example)
    if text is None:
        return None
    if not 0 < len(text) <= most or not text.isprintable() or text != text.strip():
        fields.wrong(key, f'"{key}" is no word of 1 to {most} characters.', f"write such as `{key}: {example}`.")
        return None
    return text


def booking_data(terms: HotelTerms | None) -> dict[str, Any]:
    """The terms as they are kept with a version; nothing where there are none, so that others keep their digest."""
    if terms is None:
        return {}
    told: dict[str, Any] = {
        "property": terms.property_id,
        "outlet": terms.outlet,
        "service": terms.service,
        "counts": terms.counts.value,
        "delay_days": terms.delay_days,
    }
    if terms.codes:
        told["codes"] = [[one.code, one.corporate] for one in terms.codes]
    if terms.payment is not StayPayment.HOTEL:
        told["payment"] = terms.payment.value
    return {"booking": told}


def read_booking_data(data: Mapping[str, Any]) -> HotelTerms | None:
    """The terms of a version row."""
    kept = data.get("booking")
    if kept is None:
        return None
    return HotelTerms(
        property_id=kept["property"],
        outlet=kept["outlet"],
        service=kept["service"],
        counts=StayCounts(kept["counts"]),
        delay_days=kept["delay_days"],
        codes=tuple(PromoCode(code, corporate) for code, corporate in kept.get("codes", ())),
        payment=StayPayment(kept.get("payment", StayPayment.HOTEL)),
    )
