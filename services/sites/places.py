"""Where partners' widgets may stand: the origins of the programme, and those that this installation tries out."""

from datetime import datetime

from loyalty.programme import Partner, Programme
from loyalty.refusals import Code, Refusal
from loyalty.sites import SiteTerms
from services import programmes
from services.resources import Resources


async def is_known(origin: str, resources: Resources, now: datetime) -> bool:
    """Whether some partner's widget may stand on pages of this origin."""
    if origin in resources.trial_origins:
        return True
    programme = await programmes.newest(now)
    return programme is not None and origin in programme.sites


def belongs(origin: str, partner: str, programme: Programme, resources: Resources) -> bool:
    """Whether this partner's widget may stand there."""
    return partner in programme.sites.get(origin, ()) or partner in resources.trial_origins.get(origin, ())


def site_of(partner: str, programme: Programme, *, field: str) -> tuple[Partner, SiteTerms]:
    """A partner with the terms of its site. Raises NOT_FOUND for whoever has none."""
    house = programme.partners_by_id.get(partner)
    if house is None or house.site is None:
        raise Refusal(Code.NOT_FOUND, "site.unknown", field=field)
    return house, house.site


def check_origin(origin: str, partner: str, programme: Programme, resources: Resources, *, field: str) -> None:
    """Raise FORBIDDEN unless this partner's widget may stand on pages of this origin, letter by letter."""
    if not belongs(origin, partner, programme, resources):
        raise Refusal(Code.FORBIDDEN, "site.origin", field=field)
