"""What a service would bring at each tier: the answer for a guest who asks before buying."""

from dataclasses import dataclass

from loyalty.money import discount_of
from loyalty.programme import Programme, Rule, Tier
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
    rules = (programme.cells[partner, service, channel, tier.id].rule for tier in programme.tiers)
    return tuple(_benefit(tier, rule, amount) for tier, rule in zip(programme.tiers, rules, strict=True))


def _benefit(tier: Tier, rule: Rule, amount: int | None) -> Benefit:
    if amount is None:
        return Benefit(tier, rule.basis_points, rule.accumulates, None, None)
    discount = discount_of(amount, rule.basis_points)
    return Benefit(tier, rule.basis_points, rule.accumulates, discount, amount - discount)
