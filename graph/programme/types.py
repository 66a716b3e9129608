"""The programme's things in the reader's language. Views of a version are built once and shared between requests."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Self

import strawberry

from graph.families.terms import FamilyRules
from graph.points.terms import PointsRules
from graph.scalars import Money
from loyalty import programme as kept
from loyalty import windows
from loyalty.money import print_percent
from loyalty.places import count_places
from loyalty.programme import Channel, DocumentKind, Identification, PartnerKind
from loyalty.windows import Fall, WindowKind

if TYPE_CHECKING:
    from graph.words import Locale
    from loyalty.benefits import Benefit

__all__ = [
    "Channel",
    "DiscountAnswer",
    "DiscountCell",
    "DocumentKind",
    "Identification",
    "LegalDocument",
    "Outlet",
    "OutletPage",
    "Partner",
    "PartnerKind",
    "Programme",
    "Rule",
    "Service",
    "Tier",
]

VIEWS_MAX = 512
OUTLET_VIEWS_MAX = 4096  # a chain has more outlets than a programme has partners

strawberry.enum(Channel, description="The way a service was ordered or paid; rules may differ by it.")
strawberry.enum(PartnerKind, description="What sort of house a partner is.")
strawberry.enum(Identification, description="What a guest may show at a till: the code on the phone, or a told number.")
strawberry.enum(DocumentKind, description="What a member agrees to by a document.")


@strawberry.type(description="A level of membership, reached when the accumulated sum is at least its threshold.")
class Tier:
    """A level of membership."""

    id: strawberry.ID
    name: str
    threshold: Money

    @classmethod
    def of(cls, tier: kept.Tier, locale: Locale) -> Self:
        """The tier in a reader's language."""
        return cls(id=strawberry.ID(tier.id), name=tier.name.in_locale(locale), threshold=Money(tier.threshold))


strawberry.enum(WindowKind, name="TierWindowKind", description="Which purchases support a tier.")
strawberry.enum(Fall, name="TierFall", description="How a tier ends: to what purchases say, or one step at a time.")


@strawberry.type(description="For how long a counted purchase supports a tier.")
class TierWindow:
    """For how long a counted purchase supports a tier."""

    kind: WindowKind = strawberry.field(
        description="LIFETIME: for ever. ROLLING: for `days` or `months`. CALENDAR: to the end of the year after its own."
    )
    days: int | None
    months: int | None
    from_month: int = strawberry.field(description="The month a calendar year begins with.")
    grace_days: int
    fall: Fall

    @classmethod
    def of(cls, window: windows.TierWindow) -> Self:
        """The terms of a programme."""
        return cls(
            kind=window.kind,
            days=window.days,
            months=window.months,
            from_month=window.from_month,
            grace_days=window.grace_days,
            fall=window.fall,
        )


@strawberry.type(description="A place of a partner where receipts are made. Its zone decides the business date.")
class Outlet:
    """A place of a partner."""

    id: strawberry.ID
    name: str
    time_zone: str
    city: str | None
    address: str | None

    @staticmethod
    @lru_cache(maxsize=OUTLET_VIEWS_MAX)
    def of(outlet: kept.Outlet, locale: Locale) -> Outlet:
        """The outlet in a reader's language."""
        return Outlet(
            id=strawberry.ID(outlet.id),
            name=outlet.name.in_locale(locale),
            time_zone=outlet.time_zone,
            city=None if outlet.city is None else outlet.city.in_locale(locale),
            address=None if outlet.address is None else outlet.address.in_locale(locale),
        )


@strawberry.type(description="A page of outlets. Pass `next` as `after` to go on; null at the end.")
class OutletPage:
    """A page of outlets."""

    items: list[Outlet]
    next: str | None


@strawberry.type(description="Something a partner sells, and the channels it is sold through.")
class Service:
    """Something a partner sells."""

    id: strawberry.ID
    name: str
    channels: list[Channel]

    @staticmethod
    @lru_cache(maxsize=VIEWS_MAX)
    def of(service: kept.Service, locale: Locale) -> Service:
        """The service in a reader's language."""
        return Service(
            id=strawberry.ID(service.id), name=service.name.in_locale(locale), channels=list(service.channels)
        )


@strawberry.type(
    description="The one answer for a service, a channel and a tier. Discount and counting are independent."
)
class Rule:
    """The one answer for a service, a channel and a tier."""

    service: Service
    channel: Channel
    tier: Tier
    discount_percent: str
    accumulates: bool
    note: str | None = strawberry.field(description="What the programme says about counting here, where it says it.")
    earns_percent: str | None = strawberry.field(
        description="What of the money paid comes back as points; null without."
    )
    redeem_percent: str | None = strawberry.field(description="What share points may pay; null in a programme without.")

    @classmethod
    def of(cls, rule: kept.Rule, partner: kept.Partner, programme: kept.Programme, locale: Locale) -> Self:
        """The rule in a reader's language."""
        return cls(
            service=Service.of(partner.services_by_id[rule.service], locale),
            channel=rule.channel,
            tier=Tier.of(programme.tiers_by_id[rule.tier], locale),
            discount_percent=print_percent(rule.basis_points),
            accumulates=rule.accumulates,
            note=None if rule.note is None else rule.note.in_locale(locale),
            earns_percent=None if programme.points is None else print_percent(rule.earns),
            redeem_percent=None if programme.points is None else print_percent(rule.redeem_cap),
        )


@strawberry.type(description="A house of the coalition.")
class Partner:
    """A house of the coalition."""

    id: strawberry.ID
    name: str
    kind: PartnerKind
    city: str | None
    about: str | None
    outlets: list[Outlet]
    services: list[Service]
    rules: list[Rule]
    places: int = strawberry.field(description="How many of its outlets have an address to go to.")

    @staticmethod
    @lru_cache(maxsize=VIEWS_MAX)
    def of(partner: kept.Partner, programme: kept.Programme, locale: Locale) -> Partner:
        """The partner with its whole table, in a reader's language."""
        return Partner(
            id=strawberry.ID(partner.id),
            name=partner.name.in_locale(locale),
            kind=partner.kind,
            city=None if partner.city is None else partner.city.in_locale(locale),
            about=None if partner.about is None else partner.about.in_locale(locale),
            outlets=[Outlet.of(outlet, locale) for outlet in partner.outlets],
            services=[Service.of(service, locale) for service in partner.services],
            rules=[Rule.of(rule, partner, programme, locale) for rule in partner.rules],
            places=count_places(partner),
        )


@strawberry.type(description="A legal text in the version in force.")
class LegalDocument:
    """A legal text in one version."""

    id: strawberry.ID
    kind: DocumentKind
    version: str
    title: str
    text: str

    @classmethod
    def of(cls, document: kept.Document, locale: Locale) -> Self:
        """The text in a reader's language, Russian where there is no other."""
        return cls(
            id=strawberry.ID(document.id),
            kind=document.kind,
            version=document.version,
            title=document.title.in_locale(locale),
            text=document.text.in_locale(locale),
        )


@strawberry.type(description="The programme in force.")
class Programme:
    """The programme in force."""

    name: str
    group_name: str | None
    currency: str
    version: int
    minimum_age: int
    names_cyrillic_only: bool
    identify: list[Identification] = strawberry.field(description="What a guest may show at a till.")
    tiers: list[Tier]
    tier_window: TierWindow
    partners: list[Partner]
    documents: list[LegalDocument]
    points: PointsRules | None = strawberry.field(description="Null: the programme has none.")
    promo_codes: bool = strawberry.field(description="Whether some campaign is opened by a promo code.")
    family: FamilyRules | None = strawberry.field(description="Null: the programme has no families.")

    @staticmethod
    @lru_cache(maxsize=VIEWS_MAX)
    def of(programme: kept.Programme, locale: Locale) -> Programme:
        """The whole programme in a reader's language."""
        return Programme(
            name=programme.name.in_locale(locale),
            group_name=None if programme.group_name is None else programme.group_name.in_locale(locale),
            currency=programme.currency,
            version=programme.version,
            minimum_age=programme.minimum_age,
            names_cyrillic_only=programme.names_cyrillic_only,
            identify=list(programme.identify),
            tiers=[Tier.of(tier, locale) for tier in programme.tiers],
            tier_window=TierWindow.of(programme.tier_window),
            partners=[Partner.of(partner, programme, locale) for partner in programme.partners],
            documents=[LegalDocument.of(document, locale) for document in programme.documents],
            points=PointsRules.of(programme.points, locale),
            promo_codes=programme.promotions is not None and programme.promotions.takes_codes,
            family=FamilyRules.of(programme.family),
        )


@strawberry.type(description="What a service brings at one tier; the sums where an amount was given.")
class DiscountCell:
    """What a service brings at one tier."""

    tier: Tier
    discount_percent: str
    accumulates: bool
    discount: Money | None
    net: Money | None

    @classmethod
    def of(cls, benefit: Benefit, locale: Locale) -> Self:
        """The benefit in a reader's language."""
        return cls(
            tier=Tier.of(benefit.tier, locale),
            discount_percent=print_percent(benefit.basis_points),
            accumulates=benefit.accumulates,
            discount=None if benefit.discount is None else Money(benefit.discount),
            net=None if benefit.net is None else Money(benefit.net),
        )


@strawberry.type(description="The discount to expect. `mine` is null when nobody is signed in.")
class DiscountAnswer:
    """The discount to expect."""

    mine: DiscountCell | None
    by_tier: list[DiscountCell]
