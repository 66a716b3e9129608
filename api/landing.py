"""The landing page's facts: tiers, partners and percents of the programme in force, written as HTML."""

from html import escape
from typing import Final

from loyalty.money import tell_money, tell_percent
from loyalty.programme import DocumentKind, Partner, PartnerKind, Programme, Tier

LOOKS: Final = 4
_KINDS: Final = {
    PartnerKind.HOTEL: ("Отель", "Hotel"),
    PartnerKind.HOTEL_CHAIN: ("Сеть отелей", "Hotel chain"),
    PartnerKind.RESTAURANT: ("Ресторан", "Restaurant"),
    PartnerKind.RESORT: ("Курорт", "Resort"),
    PartnerKind.SHOP: ("Магазин", "Shop"),
}
# Layers of shore and water, as many as the tier has marks; the cabinet draws the same.
_STRATA: Final = (
    "M0 130 C 70 96, 130 148, 200 118 S 310 100, 343 124 V216 H0Z",
    "M0 152 C 70 114, 130 170, 200 140 S 310 125, 343 146 V216 H0Z",
    "M0 174 C 70 132, 130 192, 200 162 S 310 150, 343 168 V216 H0Z",
    "M0 196 C 70 150, 130 214, 200 184 S 310 175, 343 190 V216 H0Z",
)


def landing_words(programme: Programme, locale: str) -> dict[str, str]:
    """What stands in the places of the landing page. Every value is HTML, with the programme's texts escaped."""
    top = max((rule.basis_points for partner in programme.partners for rule in partner.rules), default=0)
    group = programme.group_name
    documents = programme.documents_by_kind
    offer = documents.get(DocumentKind.OFFER)
    return {
        "programme": _text(programme.name.in_locale(locale)),
        "group": _text(group.in_locale(locale)) if group else "",
        "partners_at": _partners_at(len(programme.partners), locale),
        "partners_list": _text(", ".join(partner.name.in_locale(locale) for partner in programme.partners)),
        "top_percent": tell_percent(top, locale),
        "first_tier": _text(programme.tiers[0].name.in_locale(locale)),
        "top_tier": _text(programme.tiers[-1].name.in_locale(locale)),
        "minimum_age": str(programme.minimum_age),
        "offer_title": _text(offer.title.in_locale(locale)) if offer else "",
        "cards": "".join(_card(programme, tier, rank, locale) for rank, tier in enumerate(programme.tiers, 1)),
        "tiers": "".join(_tier(programme, tier, rank, locale) for rank, tier in enumerate(programme.tiers, 1)),
        "partners": "".join(_partner(partner, locale) for partner in programme.partners),
    }


def _text(text: str) -> str:
    return escape(text, quote=True)


def _partners_at(count: int, locale: str) -> str:
    """«у 7 партнёров», never over two lines: the genitive has one form for 1, 21, 31 and another for the rest."""
    if locale == "en":
        return f"{count}\u00a0partner" if count == 1 else f"{count}\u00a0partners"
    singular = count % 10 == 1 and not str(count).endswith("11")
    return f"{count}\u00a0партнёра" if singular else f"{count}\u00a0партнёров"


def _look(rank: int, ranks: int) -> int:
    return min(rank, LOOKS) if ranks <= LOOKS else 1 + round((rank - 1) / (ranks - 1) * (LOOKS - 1))


def _rates(partner: Partner, tier: Tier) -> list[int]:
    return [rule.basis_points for rule in partner.rules if rule.tier == tier.id]


def _benefit(programme: Programme, tier: Tier, locale: str) -> str:
    best = [max(_rates(partner, tier), default=0) for partner in programme.partners]
    top = max(best, default=0)
    if top == 0:
        return "Discounts grow with purchases" if locale == "en" else "Скидка растёт с покупками"
    flat = all(rate == top for partner in programme.partners for rate in _rates(partner, tier))
    if locale == "en":
        return f"Discounts of {tell_percent(top, locale)}" if flat else f"Discounts up to {tell_percent(top, locale)}"
    return f"Скидки {tell_percent(top, locale)}" if flat else f"Скидки до {tell_percent(top, locale)}"


def _ground(rank: int, ranks: int) -> str:
    return f"tier-ground tier-{_look(rank, ranks)}"


def _card(programme: Programme, tier: Tier, rank: int, locale: str) -> str:
    ranks = len(programme.tiers)
    marks = '<i class="on"></i>' * rank + "<i></i>" * (ranks - rank)
    strata = "".join(f'<path d="{path}"/>' for path in _STRATA[: _look(rank, ranks)])
    return (
        f'<div class="card {_ground(rank, ranks)}"><svg viewBox="0 0 343 216" preserveAspectRatio="none">{strata}</svg>'
        f"<p><b>{_text(programme.name.in_locale(locale))}</b><span>{marks}</span></p>"
        f"<p><strong>{_text(tier.name.in_locale(locale))}</strong><small>{_benefit(programme, tier, locale)}</small></p>"
        "</div>"
    )


def _tier(programme: Programme, tier: Tier, rank: int, locale: str) -> str:
    if tier.threshold == 0:
        since = "From the first day" if locale == "en" else "Сразу при регистрации"
    else:
        sum_ = tell_money(tier.threshold, locale)
        since = f"From {sum_} of purchases" if locale == "en" else f"От {sum_} покупок"
    giving = sum(1 for partner in programme.partners if max(_rates(partner, tier), default=0) > 0)
    where = ""
    if giving:
        where = f"At {_partners_at(giving, locale)}" if locale == "en" else f"У\u00a0{_partners_at(giving, locale)}"
    ranks = len(programme.tiers)
    return (
        f'<li class="tier"><h3><i class="tier-swatch {_ground(rank, ranks)}" aria-hidden="true"></i>'
        f"{_text(tier.name.in_locale(locale))}</h3><p>{since}</p>"
        f"<p><b>{_benefit(programme, tier, locale)}</b></p><p>{where}</p></li>"
    )


def _partner(partner: Partner, locale: str) -> str:
    kind = _KINDS[partner.kind][locale == "en"]
    about = partner.about.in_locale(locale) if partner.about else ""
    city = partner.city.in_locale(locale) if partner.city else ""
    top = max((rule.basis_points for rule in partner.rules), default=0)
    upto = f"up to {tell_percent(top, locale)}" if locale == "en" else f"до {tell_percent(top, locale)}"
    place = " · ".join(_text(part) for part in (kind, city) if part)
    more = f"<p>{_text(about)}</p>" if about else ""
    return f"<li><h3>{_text(partner.name.in_locale(locale))}<b>{upto}</b></h3><p>{place}</p>{more}</li>"
