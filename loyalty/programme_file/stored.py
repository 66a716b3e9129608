"""A programme as plain data and back: the form that is kept with its version, and whose digest tells one content from another."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from itertools import groupby
from typing import Any

from loyalty.families import FamilyTerms
from loyalty.programme import (
    Channel,
    Document,
    DocumentKind,
    Identification,
    NameByPhone,
    Outlet,
    Partner,
    PartnerKind,
    Programme,
    Rule,
    Service,
    Tier,
)
from loyalty.programme_file.booking import booking_data, read_booking_data
from loyalty.programme_file.shop import read_shop_data, shop_data
from loyalty.programme_file.site import read_site_data, site_data
from loyalty.programme_file.stored_control import control_data, read_control_data
from loyalty.programme_file.stored_points import points_data, read_points_data
from loyalty.programme_file.stored_promotions import promotions_data, read_promotions_data
from loyalty.programme_file.stored_settlement import (
    partner_settlement_data,
    read_partner_settlement_data,
    read_settlement_data,
    settlement_data,
)
from loyalty.programme_file.stored_window import read_window_data, window_data
from loyalty.texts import Text

Data = Mapping[str, Any]


def to_data(programme: Programme) -> dict[str, Any]:
    """Everything but the version number, which belongs to the row."""
    return _identification(programme) | {
        "id": programme.id,
        "name": _text(programme.name),
        "group_name": _text(programme.group_name),
        "currency": programme.currency,
        "time_zone": programme.time_zone,
        "minimum_age": programme.minimum_age,
        "names_cyrillic_only": programme.names_cyrillic_only,
        "tier_window": window_data(programme.tier_window),
        "tiers": [{"id": tier.id, "name": _text(tier.name), "threshold": tier.threshold} for tier in programme.tiers],
        "partners": [_partner(partner) for partner in programme.partners],
        "documents": [
            {
                "id": document.id,
                "kind": document.kind.value,
                "version": document.version,
                "title": _text(document.title),
                "text": _text(document.text),
            }
            for document in programme.documents
        ],
        **({} if programme.points is None else {"points": points_data(programme.points)}),
        **settlement_data(programme.settlement),
        **({} if programme.promotions is None else {"promotions": promotions_data(programme.promotions)}),
        **control_data(programme.control),
        **_family(programme.family),
    }


def _identification(programme: Programme) -> dict[str, Any]:
    """Nothing where the code alone identifies, as it was before a phone could."""
    if programme.identify == (Identification.QR,):
        return {}
    return {"identify": list(programme.identify), "name_by_phone": programme.name_by_phone.value}


def _family(terms: FamilyTerms | None) -> dict[str, Any]:
    """Without shared progress as it was before families could share it."""
    if terms is None:
        return {}
    return {"family": {key: value for key, value in asdict(terms).items() if key != "progress" or value}}


def digest(data: Data) -> str:
    """SHA-256 of the content in one spelling: comments and the order of fields in a file make no new version."""
    return sha256(json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def from_data(data: Data, version: int) -> Programme:
    """The programme of a version row. What was checked before it was kept is not checked again."""
    return Programme(
        version=version,
        id=data["id"],
        name=_read_text(data["name"]),
        group_name=_read_optional(data["group_name"]),
        currency=data["currency"],
        time_zone=data["time_zone"],
        minimum_age=data["minimum_age"],
        names_cyrillic_only=data["names_cyrillic_only"],
        tier_window=read_window_data(data["tier_window"]),
        tiers=tuple(Tier(tier["id"], _read_text(tier["name"]), tier["threshold"]) for tier in data["tiers"]),
        partners=tuple(_read_partner(partner) for partner in data["partners"]),
        documents=tuple(
            Document(
                document["id"],
                DocumentKind(document["kind"]),
                document["version"],
                _read_text(document["title"]),
                _read_text(document["text"]),
            )
            for document in data["documents"]
        ),
        points=None if "points" not in data else read_points_data(data["points"]),
        promotions=None if "promotions" not in data else read_promotions_data(data["promotions"]),
        control=read_control_data(data),
        family=FamilyTerms(**data["family"]) if "family" in data else None,
        identify=tuple(Identification(word) for word in data.get("identify", ["QR"])),
        name_by_phone=NameByPhone(data.get("name_by_phone", "MASKED")),
        settlement=read_settlement_data(data),
    )


def _text(text: Text | None) -> list[str | None] | None:
    return None if text is None else [text.ru, text.en]


def _read_text(data: Sequence[Any]) -> Text:
    return Text(data[0], data[1])


def _read_optional(data: Sequence[Any] | None) -> Text | None:
    return None if data is None else _read_text(data)


def _partner(partner: Partner) -> dict[str, Any]:
    return {
        "id": partner.id,
        "name": _text(partner.name),
        "kind": partner.kind.value,
        "city": _text(partner.city),
        "about": _text(partner.about),
        "outlets": [_outlet(outlet) for outlet in partner.outlets],
        "services": [
            {"id": service.id, "name": _text(service.name), "channels": [channel.value for channel in service.channels]}
            for service in partner.services
        ],
        "rules": [
            {
                "service": service,
                "channel": channel.value,
                "accumulates": accumulates,
                "note": _text(note),
                **_rates(list(rules)),
            }
            for (service, channel, accumulates, note), rules in groupby(partner.rules, _but_tier_and_rate)
        ],
        **booking_data(partner.booking),
        **site_data(partner.site),
        **shop_data(partner.shop),
        **partner_settlement_data(partner.settlement),
    }


def _rates(rules: Sequence[Rule]) -> dict[str, list[list[str | int]]]:
    """The rates of neighbours by tier; those of points only where there are some, so that others are kept as ever."""
    rates: dict[str, list[list[str | int]]] = {"basis_points": [[rule.tier, rule.basis_points] for rule in rules]}
    if any(rule.earns for rule in rules):
        rates["earns"] = [[rule.tier, rule.earns] for rule in rules]
    if any(rule.redeem_cap for rule in rules):
        rates["redeem_cap"] = [[rule.tier, rule.redeem_cap] for rule in rules]
    return rates


def _outlet(outlet: Outlet) -> dict[str, Any]:
    """What is left out keeps the digest that the same content had before there were cities and addresses."""
    told = {"city": _text(outlet.city), "address": _text(outlet.address)}
    return {"id": outlet.id, "name": _text(outlet.name), "time_zone": outlet.time_zone} | {
        key: text for key, text in told.items() if text is not None
    }


def _but_tier_and_rate(rule: Rule) -> tuple[str, Channel, bool, Text | None]:
    return rule.service, rule.channel, rule.accumulates, rule.note


def _read_partner(data: Data) -> Partner:
    return Partner(
        id=data["id"],
        name=_read_text(data["name"]),
        kind=PartnerKind(data["kind"]),
        city=_read_optional(data["city"]),
        about=_read_optional(data["about"]),
        outlets=tuple(
            Outlet(
                outlet["id"],
                _read_text(outlet["name"]),
                outlet["time_zone"],
                _read_optional(outlet.get("city")),
                _read_optional(outlet.get("address")),
            )
            for outlet in data["outlets"]
        ),
        services=tuple(
            Service(service["id"], _read_text(service["name"]), tuple(Channel(word) for word in service["channels"]))
            for service in data["services"]
        ),
        rules=tuple(
            Rule(
                service=row["service"],
                channel=Channel(row["channel"]),
                tier=tier,
                basis_points=rate,
                accumulates=row["accumulates"],
                note=_read_optional(row["note"]),
                earns=dict(row.get("earns", ())).get(tier, 0),
                redeem_cap=dict(row.get("redeem_cap", ())).get(tier, 0),
            )
            for row in data["rules"]
            for tier, rate in row["basis_points"]
        ),
        booking=read_booking_data(data),
        settlement=read_partner_settlement_data(data),
        site=read_site_data(data),
        shop=read_shop_data(data),
    )
