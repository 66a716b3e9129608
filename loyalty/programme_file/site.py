"""The section `site` of a partner: the origins where its widget may stand, what it tells, and where a booking goes."""

from collections.abc import Mapping
from typing import Any, Final

from loyalty.programme import Channel, Service, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.nodes import Pairs, Scalar
from loyalty.programme_file.reading import Fields, fields_of, misspelt, words_of
from loyalty.sites import CODE_KEY, SiteOffer, SiteTerms, origin_of

ORIGINS_MAX: Final = 20
OFFERS_MAX: Final = 12
LINK_CHARACTERS_MAX: Final = 500
CODE_CHARACTERS_MAX: Final = 32
ORIGIN_EXAMPLE: Final = "[https://hotel.example]"


def read_site(
    entry: Fields, services: tuple[Service, ...], tiers: tuple[Tier, ...], *, is_booked_here: bool
) -> SiteTerms | None:
    """The terms of a partner's site; None where it has none, or where they must be mended."""
    if not entry.has("site"):
        return None
    fields = fields_of(entry.by_key["site"], f"{entry.what}, site", shapes.SITE, entry.findings)
    if fields is None:
        return None
    origins, offers, link = _origins(fields), _offers(fields, services), _link(fields)
    if not fields.has("link") and not is_booked_here:
        fields.wrong("link", "there is nowhere to book.", "write `link: /booking`, or add `booking`.")
    codes, key = _codes(fields, tiers), _code_key(fields)
    return SiteTerms(origins, offers, link, key, codes) if origins and offers else None


def _origins(fields: Fields) -> tuple[str, ...]:
    found: list[str] = []
    words = words_of(fields, "origins", ORIGIN_EXAMPLE)
    for word in words:
        origin = origin_of(word.text)
        if origin == word.text:
            found.append(origin)
            continue
        mend = f"write it as browsers do: `{origin}`." if origin else "write such as `https://hotel.example`."
        fields.findings.add(word.line, f'{fields.what}: "{word.text[:80]}" is no origin of a site.', mend)
    if len(words) > ORIGINS_MAX:
        fields.wrong("origins", f"there are more than {ORIGINS_MAX}.", "keep those where the widget stands.")
    return tuple(found)


def _offers(fields: Fields, services: tuple[Service, ...]) -> tuple[SiteOffer, ...]:
    by_id = {one.id: one for one in services}
    found: list[SiteOffer] = []
    nodes = fields.entries("offers", "[{service: stay, channel: PARTNER_SITE}]")
    if len(nodes) > OFFERS_MAX:
        fields.wrong("offers", f"there are more than {OFFERS_MAX}.", "keep what guests of the site look for.")
    for place, node in enumerate(nodes):
        entry = fields_of(node, f"{fields.what}, offer {place + 1}", shapes.SITE_OFFER, fields.findings)
        if entry is None:
            continue
        service, channel = entry.slug("service"), entry.one_of("channel", Channel)
        if service is None or channel is None:
            continue
        if service not in by_id:
            entry.wrong("service", f'"{service}" is no service of this partner.', "write one of its services.")
        elif channel not in by_id[service].channels:
            sold = ", ".join(by_id[service].channels)
            entry.wrong("channel", f'"{service}" is not sold through {channel}.', f"write one of: {sold}.")
        elif any(service == other.service for other in found):
            entry.wrong("service", f'"{service}" is there already.', "offer each service once.")
        else:
            found.append(SiteOffer(service, channel.value))
    return tuple(found)


def _link(fields: Fields) -> str | None:
    if not fields.has("link"):
        return None
    link = fields.scalar("link", "/booking")
    if link is None:
        return None
    is_plain = link.isascii() and link.isprintable() and not set(link) & set(' "<>\\^`{|}')
    is_page = link.startswith("/") and not link.startswith("//")
    if len(link) > LINK_CHARACTERS_MAX or not is_plain or not (is_page or origin_of(link)):
        fields.wrong("link", "it is no address of a page.", "write `/booking`, or `https://hotel.example/booking`.")
        return None
    return link


def _code_key(fields: Fields) -> str:
    if not fields.has("code_key"):
        return CODE_KEY
    key = fields.scalar("code_key", CODE_KEY)
    if key is None or not _is_word(key):
        fields.wrong("code_key", "it is no key of an address.", f"write such as `code_key: {CODE_KEY}`.")
        return CODE_KEY
    return key


def _codes(fields: Fields, tiers: tuple[Tier, ...]) -> tuple[tuple[str, str], ...]:
    if not fields.has("codes"):
        return ()
    node, known = fields.by_key["codes"], [tier.id for tier in tiers]
    if not isinstance(node, Pairs) or not node.pairs:
        fields.wrong("codes", "it is no map of tiers and codes.", f"write `codes: {{{known[0]}: WELCOME}}`.")
        return ()
    if not fields.has("link"):
        fields.wrong("codes", "there is no page that would read them.", "write `link`, or leave the codes out.")
    found: dict[str, str] = {}
    for key, value in node.pairs:
        if key.text not in known:
            message = f'{fields.what}: "{key.text[:60]}" is no tier.'
            misspelt(key.text, known, known, message, key.line, fields.findings)
        elif key.text in found:
            fields.findings.add(key.line, f'{fields.what}: "{key.text}" has a code already.', "keep one of the two.")
        elif not isinstance(value, Scalar) or not _is_word(value.text):
            mend = f"write 1 to {CODE_CHARACTERS_MAX} letters, digits, hyphens."
            fields.findings.add(key.line, f'{fields.what}: the code of "{key.text}" is no word.', mend)
        else:
            found[key.text] = value.text
    return tuple(found.items())


def _is_word(text: str) -> bool:
    return 0 < len(text) <= CODE_CHARACTERS_MAX and all(
        letter.isascii() and (letter.isalnum() or letter in "-_") for letter in text
    )


def site_data(terms: SiteTerms | None) -> dict[str, Any]:
    """The terms as they are kept with a version; nothing where there are none, so that others keep their digest."""
    if terms is None:
        return {}
    told: dict[str, Any] = {
        "origins": list(terms.origins),
        "offers": [[offer.service, offer.channel] for offer in terms.offers],
    }
    if terms.link is not None:
        told["link"] = terms.link
    if terms.codes:
        told |= {"code_key": terms.code_key, "codes": [list(one) for one in terms.codes]}
    return {"site": told}


def read_site_data(data: Mapping[str, Any]) -> SiteTerms | None:
    """The terms of a version row."""
    kept = data.get("site")
    if kept is None:
        return None
    return SiteTerms(
        origins=tuple(kept["origins"]),
        offers=tuple(SiteOffer(service, channel) for service, channel in kept["offers"]),
        link=kept.get("link"),
        code_key=kept.get("code_key", CODE_KEY),
        codes=tuple((tier, code) for tier, code in kept.get("codes", ())),
    )
