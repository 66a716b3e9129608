"""What a programme is: tiers, partners, services, rules and documents as values, with every lookup prepared once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from loyalty.bookings import HotelTerms
from loyalty.control import NOTHING, Control
from loyalty.families import FamilyTerms
from loyalty.points import PointsTerms
from loyalty.promotions.campaigns import Promotions
from loyalty.reasons import Reason, ReasonCode
from loyalty.settlement import PartnerTerms, SettlementTerms
from loyalty.shops import ShopTerms
from loyalty.sites import SiteTerms
from loyalty.texts import Text
from loyalty.windows import TierWindow


class Channel(StrEnum):
    """The way a service was ordered or paid. The same service may have another rule on another way."""

    PHONE = "PHONE"
    EMAIL = "EMAIL"
    DESK = "DESK"
    CABINET = "CABINET"
    PARTNER_SITE = "PARTNER_SITE"
    TILL = "TILL"
    SHOP = "SHOP"
    IMPORT = "IMPORT"


class PartnerKind(StrEnum):
    """What sort of house a partner is."""

    HOTEL = "HOTEL"
    HOTEL_CHAIN = "HOTEL_CHAIN"
    RESTAURANT = "RESTAURANT"
    RESORT = "RESORT"
    SHOP = "SHOP"


class DocumentKind(StrEnum):
    """What a member agrees to by a document."""

    OFFER = "OFFER"
    PERSONAL_DATA = "PERSONAL_DATA"
    PARTNER_TRANSFER = "PARTNER_TRANSFER"
    MARKETING = "MARKETING"


class Identification(StrEnum):
    """What a guest may show at a till: the rotating code, or a phone number told to the cashier, which only earns."""

    QR = "QR"
    PHONE = "PHONE"


class NameByPhone(StrEnum):
    """How much of a first name the cashier sees who typed a phone number: it may be anybody's."""

    SHOWN = "SHOWN"
    MASKED = "MASKED"


@dataclass(frozen=True, slots=True)
class Tier:
    """A level of membership, reached when the accumulated sum is at least its threshold."""

    id: str
    name: Text
    threshold: int


@dataclass(frozen=True, slots=True)
class Outlet:
    """A place of a partner where receipts are made. Its zone decides the business date."""

    id: str
    name: Text
    time_zone: str
    city: Text | None = None
    address: Text | None = None


@dataclass(frozen=True, slots=True)
class Service:
    """Something a partner sells, and the channels it is sold through."""

    id: str
    name: Text
    channels: tuple[Channel, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """The one answer for a service, a channel and a tier: the discount, and whether the sum counts towards a tier.

    Where the programme has points: what of the money paid comes back as points, and what share of a line they may pay.
    """

    service: str
    channel: Channel
    tier: str
    basis_points: int
    accumulates: bool
    note: Text | None = None
    earns: int = 0
    redeem_cap: int = 0


@dataclass(frozen=True, eq=False)
class Partner:
    """A house of the coalition with its outlets, services and rules. One object a version, so identity is equality."""

    id: str
    name: Text
    kind: PartnerKind
    city: Text | None
    about: Text | None
    outlets: tuple[Outlet, ...]
    services: tuple[Service, ...]
    rules: tuple[Rule, ...]
    booking: HotelTerms | None = None
    settlement: PartnerTerms | None = None
    site: SiteTerms | None = None
    shop: ShopTerms | None = None

    @cached_property
    def services_by_id(self) -> Mapping[str, Service]:
        """The partner's services by their slugs."""
        return {service.id: service for service in self.services}


@dataclass(frozen=True)
class Document:
    """A legal text in one version. Its digest is kept with every consent."""

    id: str
    kind: DocumentKind
    version: str
    title: Text
    text: Text

    @cached_property
    def sha256(self) -> str:
        """The digest of the Russian text, which is the one that binds."""
        return hashlib.sha256(self.text.ru.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Cell:
    """A rule with the reasons it gives, prepared so that pricing a line looks one thing up."""

    rule: Rule
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, eq=False)
class Programme:
    """One version of a programme, one object of which is kept, so identity is equality. Tiers are in the order of their thresholds, partners in the order of the file."""

    version: int
    id: str
    name: Text
    group_name: Text | None
    currency: str
    time_zone: str
    minimum_age: int
    names_cyrillic_only: bool
    tier_window: TierWindow
    tiers: tuple[Tier, ...]
    partners: tuple[Partner, ...]
    documents: tuple[Document, ...]
    points: PointsTerms | None = None
    promotions: Promotions | None = None
    control: Control = NOTHING
    family: FamilyTerms | None = None
    identify: tuple[Identification, ...] = (Identification.QR,)
    name_by_phone: NameByPhone = NameByPhone.MASKED
    settlement: SettlementTerms | None = None

    @cached_property
    def tiers_by_id(self) -> Mapping[str, Tier]:
        """The tiers by their slugs."""
        return {tier.id: tier for tier in self.tiers}

    @cached_property
    def thresholds(self) -> tuple[int, ...]:
        """The thresholds of the tiers, in their order: a tier's place is its level."""
        return tuple(tier.threshold for tier in self.tiers)

    @cached_property
    def partners_by_id(self) -> Mapping[str, Partner]:
        """The partners by their slugs."""
        return {partner.id: partner for partner in self.partners}

    @cached_property
    def outlets_by_id(self) -> Mapping[str, Outlet]:
        """The outlets of all partners: a slug of an outlet is never used twice."""
        return {outlet.id: outlet for partner in self.partners for outlet in partner.outlets}

    @cached_property
    def hotels(self) -> Mapping[str, Partner]:
        """The partners whose rooms are booked in the cabinet, by their slugs, in the order of the file."""
        return {partner.id: partner for partner in self.partners if partner.booking is not None}

    @cached_property
    def shops(self) -> Mapping[str, Partner]:
        """The partners that sell in the programme's shop, by their slugs, in the order of the file."""
        return {partner.id: partner for partner in self.partners if partner.shop is not None}

    @property
    def shares_progress(self) -> bool:
        """Whether what counts for one of a family counts towards the tiers of all who sit there."""
        return self.family is not None and self.family.progress

    @cached_property
    def sites(self) -> Mapping[str, frozenset[str]]:
        """The partners whose widget may stand there."""
        pairs = [(origin, one.id) for one in self.partners if one.site is not None for origin in one.site.origins]
        return {origin: frozenset(partner for at, partner in pairs if at == origin) for origin, _ in pairs}

    @cached_property
    def documents_by_id(self) -> Mapping[str, Document]:
        """The legal texts by their slugs."""
        return {document.id: document for document in self.documents}

    @cached_property
    def documents_by_kind(self) -> Mapping[DocumentKind, Document]:
        """The legal texts by what is agreed to: one of each kind at most."""
        return {document.kind: document for document in self.documents}

    @cached_property
    def notes(self) -> tuple[Text, ...]:
        """Every note a rule carries, once, in the order of the file: a reason names a note by its place here."""
        return tuple(dict.fromkeys(rule.note for partner in self.partners for rule in partner.rules if rule.note))

    @cached_property
    def cells(self) -> Mapping[tuple[str, str, str, str], Cell]:
        """(partner, service, channel, tier) → the one rule that answers, with its reasons."""
        notes = {note: place for place, note in enumerate(self.notes)}
        rates: dict[tuple[str, str, str, str], int] = {
            (partner.id, rule.service, rule.channel, rule.tier): rule.basis_points
            for partner in self.partners
            for rule in partner.rules
        }
        return {
            (partner.id, rule.service, rule.channel, rule.tier): Cell(
                rule, (self._benefit(partner.id, rule, rates), _counting(rule, notes), *self._points(partner, rule))
            )
            for partner in self.partners
            for rule in partner.rules
        }

    def rule(self, partner: str, service: str, channel: str, tier: str) -> Rule | None:
        """The rule for a cell; None where the partner does not sell the service through the channel."""
        cell = self.cells.get((partner, service, channel, tier))
        return None if cell is None else cell.rule

    def _benefit(self, partner: str, rule: Rule, rates: Mapping[tuple[str, str, str, str], int]) -> Reason:
        if rule.basis_points:
            return Reason(ReasonCode.DISCOUNT, tier=rule.tier, basis_points=rule.basis_points)
        place = self.tiers.index(self.tiers_by_id[rule.tier])
        for later in self.tiers[place + 1 :]:
            basis_points = rates.get((partner, rule.service, rule.channel, later.id), 0)
            if basis_points:
                return Reason(ReasonCode.NO_DISCOUNT_YET, tier=rule.tier, next=later.id, basis_points=basis_points)
        return Reason(ReasonCode.NO_DISCOUNT)

    def _points(self, partner: Partner, rule: Rule) -> tuple[Reason, ...]:
        if self.points is None:
            return ()
        return self._earning(partner, rule), _redeeming(rule)

    def _earning(self, partner: Partner, rule: Rule) -> Reason:
        if rule.earns:
            return Reason(ReasonCode.EARNS, basis_points=rule.earns)
        place = self.tiers.index(self.tiers_by_id[rule.tier])
        later = {tier.id for tier in self.tiers[place + 1 :]}
        for other in partner.rules:
            if (other.service, other.channel) == (rule.service, rule.channel) and other.tier in later and other.earns:
                return Reason(ReasonCode.EARNS_NOT_YET, tier=rule.tier, next=other.tier, basis_points=other.earns)
        return Reason(ReasonCode.EARNS_NOTHING)


def _redeeming(rule: Rule) -> Reason:
    if rule.redeem_cap:
        return Reason(ReasonCode.REDEEMS, basis_points=rule.redeem_cap)
    return Reason(ReasonCode.REDEEMS_NOTHING)


def _counting(rule: Rule, notes: Mapping[Text, int]) -> Reason:
    code = ReasonCode.COUNTS if rule.accumulates else ReasonCode.DOES_NOT_COUNT
    return Reason(code, note=None if rule.note is None else notes[rule.note])
