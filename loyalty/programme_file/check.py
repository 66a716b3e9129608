"""The check of a whole programme file: everything that is wrong in one run, or the programme."""

from collections.abc import Container
from dataclasses import dataclass

from loyalty.programme import Identification, NameByPhone, Programme
from loyalty.programme_file import shapes
from loyalty.programme_file.continuity import check_continuity
from loyalty.programme_file.control import read_control
from loyalty.programme_file.families import read_family
from loyalty.programme_file.findings import Finding, Findings
from loyalty.programme_file.head import read_documents, read_rates, read_tiers
from loyalty.programme_file.nodes import Node
from loyalty.programme_file.partners import Surroundings, read_partners, read_zone
from loyalty.programme_file.points import read_points
from loyalty.programme_file.promotions import Known, read_promotions
from loyalty.programme_file.reading import Fields, fields_of, one_word, words_of
from loyalty.programme_file.settlement import read_settlement
from loyalty.programme_file.window import read_window


@dataclass(frozen=True, slots=True)
class Checked:
    """The outcome: a programme only if nothing must be mended."""

    programme: Programme | None
    findings: tuple[Finding, ...]

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What must be mended."""
        return tuple(finding for finding in self.findings if not finding.is_notice)

    @property
    def notices(self) -> tuple[Finding, ...]:
        """What is worth knowing."""
        return tuple(finding for finding in self.findings if finding.is_notice)


def check(root: Node, *, version: int, zones: Container[str], earlier: Programme | None = None) -> Checked:
    """Check a parsed file as version `version`, against the version in force where there is one."""
    findings = Findings()
    fields = fields_of(root, "the programme", shapes.PROGRAMME, findings)
    programme = None if fields is None else _programme(fields, version, zones)
    if fields is not None and programme is not None:
        _notice_falling_discounts(fields, programme)
        if earlier is not None:
            check_continuity(fields, programme, earlier)
    checked = Checked(programme, findings.in_order)
    return Checked(None, checked.findings) if checked.faults else checked


def _programme(fields: Fields, version: int, zones: Container[str]) -> Programme | None:
    slug, name, group_name = fields.slug(), fields.text("name"), fields.optional_text("group_name")
    currency, zone = fields.one_of("currency", shapes.Currency), read_zone(fields, zones)
    minimum_age, cyrillic = fields.whole("minimum_age", 0, 120), fields.flag("names_cyrillic_only")
    window = read_window(fields)
    tiers = read_tiers(fields)
    points, family, settlement = read_points(fields), read_family(fields, len(tiers)), read_settlement(fields)
    around = Surroundings(tiers, read_rates(fields, tiers), zone or "UTC", zones, has_points=fields.has("points"))
    partners, documents = read_partners(fields, around), read_documents(fields)
    promotions = read_promotions(fields, Known(tiers, partners, has_points=fields.has("points")))
    if (
        slug is None
        or name is None
        or currency is None
        or zone is None
        or minimum_age is None
        or cyrillic is None
        or window is None
        or not tiers
    ):
        return None
    return Programme(
        version=version,
        id=slug,
        name=name,
        group_name=group_name,
        currency=currency.value,
        time_zone=zone,
        minimum_age=minimum_age,
        names_cyrillic_only=cyrillic,
        tier_window=window,
        tiers=tiers,
        partners=partners,
        documents=documents,
        points=points,
        settlement=settlement,
        promotions=promotions,
        control=read_control(fields),
        family=family,
        identify=_identify(fields),
        name_by_phone=_name_by_phone(fields),
    )


def _identify(fields: Fields) -> tuple[Identification, ...]:
    if not fields.has("identify"):
        return (Identification.QR,)
    words = words_of(fields, "identify", "[QR]")
    ways = {one_word(fields, "identify", word.text, Identification) for word in words}
    if words and None not in ways and Identification.QR not in ways:
        fields.wrong("identify", "the code on the phone is missing, and only it may spend.", "add QR.")
    return tuple(way for way in Identification if way in ways)


def _name_by_phone(fields: Fields) -> NameByPhone:
    chosen = fields.one_of("name_by_phone", NameByPhone) if fields.has("name_by_phone") else None
    return chosen or NameByPhone.MASKED


def _notice_falling_discounts(fields: Fields, programme: Programme) -> None:
    for partner in programme.partners:
        for rule, after in zip(partner.rules, partner.rules[1:], strict=False):
            is_same_cell = (rule.service, rule.channel) == (after.service, after.channel)
            if is_same_cell and after.basis_points < rule.basis_points:
                fields.findings.notice(
                    fields.line_of("partners"),
                    f'partner "{partner.id}", service "{rule.service}" through {rule.channel}:'
                    f" {after.tier} gets less than {rule.tier}.",
                    "Guests rarely expect this.",
                )
