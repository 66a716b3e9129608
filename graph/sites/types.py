"""A partner's own site as its widget and the page of permission read it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import strawberry

from graph.problems import Problem
from graph.programme.types import Channel, DiscountAnswer, Partner, Service, Tier


@strawberry.type(description="A service that the site speaks of, and its discount through one channel.")
class SiteOffer:
    """A service that the site speaks of."""

    service: Service
    channel: Channel
    discount: DiscountAnswer


@strawberry.type(description="A partner's own site: what its widget tells members and guests.")
class Site:
    """A partner's own site."""

    programme: str = strawberry.field(description="The programme's name.")
    partner: Partner
    tier: Tier | None = strawberry.field(description="The reader's; null when nobody is signed in.")
    offers: list[SiteOffer]
    booking_link: str = strawberry.field(
        description="Where to book: the partner's page with what its engine needs to know of the tier, or the cabinet."
    )
    join_link: str = strawberry.field(description="Where to become a member.")


@strawberry.input(description="What a site asked for in its window.")
class AllowSiteInput:
    """What a site asked for in its window."""

    partner: strawberry.ID
    origin: str = strawberry.field(description="The origin of the page with the widget.")
    challenge: str = strawberry.field(description="S256 of RFC 7636: base64url of the verifier's SHA-256.")


@strawberry.type(description="A code for the site, for one exchange within a minute.")
class SiteAllowed:
    """A code for the site."""

    grant: str
    expires_at: datetime


@strawberry.type(description="A token that opens this partner's discount on pages of its origin, and nothing else.")
class SiteToken:
    """A token for one question about one partner."""

    token: str
    expires_at: datetime


AllowSiteResult = Annotated[SiteAllowed | Problem, strawberry.union("AllowSiteResult")]
ExchangeSiteCodeResult = Annotated[SiteToken | Problem, strawberry.union("ExchangeSiteCodeResult")]
