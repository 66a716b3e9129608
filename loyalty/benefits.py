"""What a service would bring at each tier: the answer for a guest who asks before buying."""

from dataclasses import dataclass

from loyalty.money import discount_of
from loyalty.programme import Programme, Tier
from loyalty.refusals import Code, Refusal


@dataclass(frozen=True, slots=True)
class Benefit:
    """The discount of one tier and whether the sum counts; the sums themselves where an amount was named."""

    tier: Tier
    basis_points: int
    accumulates: bool
    discount: int | None
    net: int | None


def benefits(
    programme: Programme, *, partner: str, service: str, channel: str, amount: int | None
) -> tuple[Benefit, ...]:
    """One benefit for each tier, from the first to the top."""
    house = programme.partners_by_id.get(partner)
    if house is None:
        raise Refusal(Code.NOT_FOUND, "discount.partner_unknown", field="partner")
    if service not in house.services_by_id:
        raise Refusal(Code.SERVICE_NOT_SOLD_HERE, "discount.service_unknown", field="service")
    if channel not in house.services_by_id[service].channels:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "discount.channel_not_of_service", field="channel")
    return tuple(_benefit(programme, partner, service, channel, tier, amount) for tier in programme.tiers)


def _benefit(programme: Programme, partner: str, service: str, channel: str, tier: Tier, amount: int | None) -> Benefit:
    rule = programme.cells[(partner, service, channel, tier.id)].rule
    discount = None if amount is None else discount_of(amount, rule.basis_points)
    net = None if amount is None or discount is None else amount - discount
    return Benefit(tier, rule.basis_points, rule.accumulates, discount, net)
