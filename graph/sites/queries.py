"""What a partner's own site may ask."""

import strawberry

from graph.context import Info
from graph.permissions import public
from graph.programme.queries import discount_of
from graph.programme.types import Channel, Partner, Service, Tier
from graph.sites.types import Site, SiteOffer
from graph.standing import reader_tier
from services import programmes
from services.sites.places import check_origin, site_of


@strawberry.type
class SiteQueries:
    """What a partner's own site may ask."""

    @strawberry.field(
        extensions=[public(sites=True)],
        description="What a partner's own site tells of its discounts. `origin`: refuse unless the widget may stand there.",
    )
    async def site(self, info: Info, partner: strawberry.ID, origin: str | None = None) -> Site:
        """What a partner's own site tells."""
        context = info.context
        programme = await programmes.current(context.now)
        house, terms = site_of(str(partner), programme, field="partner")
        for at in (origin, context.site_origin):
            if at is not None:
                check_origin(at, house.id, programme, context.resources, field="origin")
        tier = await reader_tier(context, programme, house.id)
        offers = [
            SiteOffer(
                service=Service.of(house.services_by_id[one.service], context.locale),
                channel=Channel(one.channel),
                discount=discount_of(programme, house.id, one.service, one.channel, tier, context.locale),
            )
            for one in terms.offers
        ]
        base, tier_id = context.resources.base_url, None if tier is None else tier.id
        return Site(
            programme=programme.name.in_locale(context.locale),
            partner=Partner.of(house, programme, context.locale),
            tier=None if tier is None else Tier.of(tier, context.locale),
            offers=offers,
            booking_link=terms.link_of(tier_id, context.site_origin or origin) or f"{base}/booking?hotel={house.id}",
            join_link=f"{base}/join",
        )
