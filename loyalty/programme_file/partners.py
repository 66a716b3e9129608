"""The partners of a programme file with their outlets and services."""

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from loyalty.programme import Channel, Outlet, Partner, PartnerKind, Service, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.booking import read_booking
from loyalty.programme_file.head import Rates
from loyalty.programme_file.matrix import Matrix
from loyalty.programme_file.nodes import Node, Sheet
from loyalty.programme_file.reading import Fields, fields_of, one_word, words_of
from loyalty.programme_file.settlement import read_partner_settlement
from loyalty.programme_file.shop import read_shop
from loyalty.programme_file.site import read_site

T = TypeVar("T")


@dataclass(slots=True)
class Surroundings:
    """What a partner's entry refers to outside itself."""

    tiers: tuple[Tier, ...]
    rates: Mapping[str, Rates]
    time_zone: str
    zones: Container[str]
    has_points: bool = False
    outlets_seen: dict[str, str] = field(default_factory=dict)
    properties_seen: dict[str, str] = field(default_factory=dict)


def read_partners(fields: Fields, around: Surroundings) -> tuple[Partner, ...]:
    """All partners, each slug once."""
    partners: list[Partner] = []
    for node in fields.entries("partners", "[{id: …, name: …, kind: HOTEL, outlets: […], services: […], rules: […]}]"):
        entry = fields_of(node, f"partner {len(partners) + 1}", shapes.PARTNER, fields.findings)
        partner = None if entry is None else _partner(entry, around)
        if entry is None or partner is None:
            continue
        if any(partner.id == other.id for other in partners):
            entry.wrong("id", "this slug is already a partner.", "give each partner a slug of its own.")
        partners.append(partner)
    return tuple(partners)


def read_zone(fields: Fields, zones: Container[str], otherwise: str | None = None) -> str | None:
    """A time zone by its name in the IANA database; `otherwise` where it may be left out."""
    if otherwise is not None and not fields.has("time_zone"):
        return otherwise
    zone = fields.scalar("time_zone", "Europe/Moscow")
    if zone is not None and zone not in zones:
        fields.wrong("time_zone", f'"{zone[:40]}" is no time zone.', "write a name such as `Europe/Moscow`.")
        return None
    return zone


def _partner(entry: Fields, around: Surroundings) -> Partner | None:
    slug = entry.slug()
    if slug is None:
        return None
    entry.what = f'partner "{slug}"'
    name, kind = entry.text("name"), entry.one_of("kind", PartnerKind)
    city, about = entry.optional_text("city"), entry.optional_text("about")
    outlets = _outlets(entry, around)
    services, lines = _services(entry)
    by_id = {service.id: service for service in services}
    rules = Matrix(entry, by_id, lines, around.tiers, around.rates, around.has_points).read()
    booking = read_booking(entry, outlets, services, around.properties_seen)
    settlement = read_partner_settlement(entry, has_points=around.has_points)
    site = read_site(entry, services, around.tiers, is_booked_here=entry.has("booking"))
    shop = read_shop(entry, outlets, services, rules)
    if name is None or kind is None:
        return None
    return Partner(slug, name, kind, city, about, outlets, services, rules, booking, settlement, site, shop)


def _outlets(entry: Fields, around: Surroundings) -> tuple[Outlet, ...]:
    def read(outlet: Fields, slug: str) -> Outlet | None:
        name, zone = outlet.text("name"), read_zone(outlet, around.zones, around.time_zone)
        city, address = outlet.optional_text("city"), outlet.optional_text("address")
        if slug in around.outlets_seen:
            outlet.wrong(
                "id",
                f"this slug is already an outlet ({around.outlets_seen[slug]}).",
                "outlets need slugs that no other outlet of any partner has: receipts are unique by them.",
            )
        around.outlets_seen[slug] = f"{outlet.findings.file} line {outlet.line}".strip()
        return None if name is None or zone is None else Outlet(slug, name, zone, city, address)

    sheet = _sheet(entry)
    nodes = () if sheet is not None and not entry.has("outlets") else entry.entries("outlets", "[{id: …, name: …}]")
    listed = _listed(entry, nodes, "outlet", shapes.OUTLET, read)
    if sheet is not None:
        apart = replace(entry, findings=entry.findings.of_file(sheet.file))
        listed += _listed(apart, sheet.rows, "outlet", shapes.OUTLET, read)
    return tuple(outlet for outlet, _ in listed)


def _sheet(entry: Fields) -> Sheet | None:
    """The outlets that stand in a file of their own, where there are too many to write here."""
    node = entry.by_key.get("outlets_from")
    if isinstance(node, Sheet):
        return node
    if entry.has("outlets_from"):
        entry.wrong("outlets_from", "this names no table.", "write the name of a CSV file beside this one.")
    return None


def _services(entry: Fields) -> tuple[tuple[Service, ...], Mapping[str, int]]:
    seen: dict[str, int] = {}

    def read(service: Fields, slug: str) -> Service | None:
        name = service.text("name")
        words = words_of(service, "channels", "[TILL]")
        channels = [one_word(service, "channels", word.text, Channel) for word in words]
        if slug in seen:
            service.wrong(
                "id",
                f"this slug is already a service of the partner (line {seen[slug]}).",
                "give each service a slug of its own.",
            )
        seen[slug] = service.line
        known = tuple(channel for channel in channels if channel is not None)
        return None if name is None or not known else Service(slug, name, known)

    nodes = entry.entries("services", "[{id: …, name: …, channels: [TILL]}]")
    read_services = _listed(entry, nodes, "service", shapes.SERVICE, read)
    return tuple(service for service, _ in read_services), seen


def _listed(
    entry: Fields,
    nodes: Sequence[Node],
    noun: str,
    keys: tuple[str, ...],
    read: Callable[[Fields, str], T | None],
) -> list[tuple[T, int]]:
    found: list[tuple[T, int]] = []
    for node in nodes:
        fields = fields_of(node, f"{entry.what}, {noun} {len(found) + 1}", keys, entry.findings)
        slug = None if fields is None else fields.slug()
        if fields is None or slug is None:
            continue
        fields.what = f'{entry.what}, {noun} "{slug}"'
        value = read(fields, slug)
        if value is not None:
            found.append((value, fields.line))
    return found
