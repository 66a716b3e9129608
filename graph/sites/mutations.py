"""Letting a partner's site know the tier, and the site's half of it."""

import strawberry

from graph.context import Info
from graph.permissions import member, public
from graph.sites.types import AllowSiteInput, AllowSiteResult, ExchangeSiteCodeResult, SiteAllowed, SiteToken
from services.callers import Caller
from services.sites import granting
from services.sites.granting import SiteWish


@strawberry.type
class SiteMutations:
    """Letting a partner's site know the tier."""

    @strawberry.mutation(
        extensions=[member()],
        description="Let a partner's site know the tier for ten minutes. The code goes to the page that asked, by its origin.",
    )
    async def allow_site(self, info: Info, input: AllowSiteInput) -> AllowSiteResult:  # noqa: A002 - the contract
        """A code for the site."""
        context = info.context
        wish = SiteWish(str(input.partner), input.origin, input.challenge)
        reader = context.member
        code = await granting.allow(
            wish, reader.member_id, reader.session_id, resources=context.resources, now=context.now
        )
        return SiteAllowed(grant=code.text, expires_at=code.expires_at)

    @strawberry.mutation(
        extensions=[public(sites=True)],
        description="Called by a widget on the page that asked: the code and the verifier of its challenge, once.",
    )
    async def exchange_site_code(self, info: Info, code: str, verifier: str) -> ExchangeSiteCodeResult:
        """The token of a code."""
        context = info.context
        token = await granting.exchange(
            code,
            verifier,
            context.site_origin,
            caller=Caller(address=context.address),
            resources=context.resources,
            now=context.now,
        )
        return SiteToken(token=token.text, expires_at=token.expires_at)
