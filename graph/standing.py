"""The tier of whoever reads: a member in the cabinet, or a member's widget that may ask about one partner."""

from graph.context import Context, MemberViewer, SiteViewer
from loyalty.programme import Programme, Tier
from loyalty.refusals import Code, Refusal
from services.tiers.standing import tier_of


async def reader_tier(context: Context, programme: Programme, partner: str) -> Tier | None:
    """The reader's tier, None for nobody. Raises FORBIDDEN for a widget of another partner."""
    viewer = context.viewer
    if isinstance(viewer, SiteViewer) and viewer.partner != partner:
        raise Refusal(Code.FORBIDDEN, "site.other_partner", field="partner")
    if not isinstance(viewer, MemberViewer | SiteViewer):
        return None
    return await tier_of(programme, viewer.member_id, context.now)
