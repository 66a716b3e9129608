"""The one pass of campaigns over a priced basket: by priority, one winner a group, every kopeck placed on a line.

Deterministic: the order of campaigns in the file says nothing, only priority and then the slug do. Each campaign takes its
part of what is still to be paid, so that no line falls below nothing or below its least price (INV-08).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loyalty.programme import Programme
from loyalty.promotions.campaigns import Campaign, Choice, GiftPoints, PointsTimes, Promotions, TierBoost
from loyalty.promotions.gains import Gain, Lines, gain_of
from loyalty.promotions.occasion import NOTHING_USED, Occasion, Outcome, State
from loyalty.promotions.trying import Shelf, is_offered, lacking
from loyalty.purchases import Priced, PricedLine
from loyalty.reasons import Reason, ReasonCode
from loyalty.tiers import is_higher


def promote(programme: Programme, priced: Priced, occasion: Occasion) -> Priced:
    """The basket after all campaigns, with what came of each that was tried for this guest."""
    promotions = programme.promotions
    if promotions is None:
        return priced
    here = promotions.at(occasion.partner, occasion.outlet, occasion.channel)
    tried = [campaign for campaign in here if is_offered(programme, campaign, occasion)]
    if not tried and not occasion.codes:
        return priced
    shelf = Shelf(priced.lines, occasion.partner, promotions.excluded)
    run = _Run(programme, promotions, priced, occasion, shelf, Lines.of(priced.lines, promotions.caps))
    outcomes = run.all_of(tried)
    known = {campaign.id for campaign in tried}
    outcomes += [
        Outcome(code, State.MISSING, (Reason(ReasonCode.CAMPAIGN_NOT_HERE, campaign=code),))
        for code in sorted(occasion.codes - known)
        if code in promotions.by_id
    ]
    return Priced.of([run.line(place) for place in range(len(priced.lines))], tuple(outcomes))


@dataclass(slots=True)
class _Run:
    """One pass over one basket."""

    programme: Programme
    promotions: Promotions
    priced: Priced
    occasion: Occasion
    shelf: Shelf
    lines: Lines
    lifted_by: Campaign | None = None  # what has given a tier by now: another has to give a higher one

    def all_of(self, tried: Sequence[Campaign]) -> list[Outcome]:
        """Apply what applies, in order. A group has its turn with the first of its campaigns that lacks nothing."""
        missing = {
            one.id: lacking(self.programme, one, self.shelf.about(one.conditions), self.occasion) for one in tried
        }
        ready = [campaign for campaign in tried if not missing[campaign.id]]
        outcomes: dict[str, Outcome] = {}
        winners: dict[str, Campaign | None] = {}
        for campaign in tried:
            reasons = missing[campaign.id]
            if reasons:
                is_over = reasons[0].code in {ReasonCode.CAMPAIGN_USED, ReasonCode.CAMPAIGN_OVER}
                outcomes[campaign.id] = Outcome(campaign.id, State.OVER if is_over else State.MISSING, reasons)
            elif campaign.group is None:
                outcomes[campaign.id] = self._alone(campaign)
            else:
                if campaign.group not in winners:
                    rivals = [other for other in ready if other.group == campaign.group]
                    chosen = self._choose(campaign.group, rivals)
                    winners[campaign.group] = None if chosen is None else chosen[0]
                    if chosen is not None:
                        # At once, and not when its own turn comes: what it brings was computed on the basket of now.
                        outcomes[chosen[0].id] = self._apply(*chosen)
                if campaign.id not in outcomes:
                    outcomes[campaign.id] = self._lost(campaign, winners[campaign.group])
        return [outcomes[campaign.id] for campaign in tried]

    def line(self, place: int) -> PricedLine:
        """A line after the pass."""
        line, lines = self.priced.lines[place], self.lines
        if not lines.parts[place]:
            return line
        reasons = tuple(
            replace(reason, basis_points=lines.earns[place]) if reason.code is ReasonCode.EARNS else reason
            for reason in line.reasons
        )
        given = tuple(
            Reason(ReasonCode.CAMPAIGN, campaign=part.campaign, amount=part.amount)
            for part in lines.parts[place]
            if part.amount
        )
        return replace(
            line,
            discount=line.gross - lines.nets[place],
            net=lines.nets[place],
            earns=lines.earns[place],
            parts=tuple(lines.parts[place]),
            # First what was taken off, then whether it counts: the order in which a guest asks.
            reasons=(*reasons[:1], *given, *reasons[1:]),
        )

    def _gain(self, campaign: Campaign) -> Gain:
        if isinstance(campaign.effect, TierBoost) and not self._lifts(campaign.effect):
            return Gain(())
        return gain_of(campaign.effect, self.lines, self.shelf.about(campaign.conditions).places)

    def _is_over(self, campaign: Campaign, gain: Gain) -> bool:
        """Whether the budget lacks what the campaign would give: it gives all of it or nothing."""
        budget, used = campaign.budget, self.occasion.used.get(campaign.id, NOTHING_USED)
        if budget is None:
            return False
        return (budget.discount is not None and used.discount + gain.discount > budget.discount) or (
            budget.points is not None and used.points + gain.points > budget.points
        )

    def _alone(self, campaign: Campaign) -> Outcome:
        gain = self._gain(campaign)
        if self._is_over(campaign, gain):
            return self._told(campaign, State.OVER, ReasonCode.CAMPAIGN_OVER)
        return self._apply(campaign, gain) if gain.is_something else self._lost(campaign, self._instead_of(campaign))

    def _choose(self, group: str, ready: Sequence[Campaign]) -> tuple[Campaign, Gain] | None:
        worth = 0 if self.programme.points is None else self.programme.points.worth
        gains = ((campaign, self._gain(campaign)) for campaign in ready)
        able = ((one, gain) for one, gain in gains if gain.is_something and not self._is_over(one, gain))
        if self.promotions.groups.get(group) is Choice.BEST:
            # The first of equals is the first by priority.
            return max(able, key=lambda pair: pair[1].value(worth), default=None)
        return next(able, None)

    def _lost(self, campaign: Campaign, winner: Campaign | None) -> Outcome:
        if campaign.budget is not None and self._is_over(campaign, self._gain(campaign)):
            return self._told(campaign, State.OVER, ReasonCode.CAMPAIGN_OVER)
        if winner is None:
            return self._told(campaign, State.LOST, ReasonCode.CAMPAIGN_CAPPED)
        reason = Reason(ReasonCode.CAMPAIGN_LOST, campaign=campaign.id, other=winner.id)
        return Outcome(campaign.id, State.LOST, (reason,))

    def _lifts(self, boost: TierBoost) -> bool:
        before = None if self.lifted_by is None else self.lifted_by.effect
        return not isinstance(before, TierBoost) or is_higher(self.programme, boost.tier, before.tier)

    def _instead_of(self, campaign: Campaign) -> Campaign | None:
        return self.lifted_by if isinstance(campaign.effect, TierBoost) else None

    def _apply(self, campaign: Campaign, gain: Gain) -> Outcome:
        self.lines.take(campaign.id, gain)
        worth = 0 if self.programme.points is None else self.programme.points.worth
        if isinstance(campaign.effect, PointsTimes):
            reason = Reason(ReasonCode.CAMPAIGN_TIMES, campaign=campaign.id, basis_points=campaign.effect.factor)
        elif isinstance(campaign.effect, GiftPoints):
            reason = Reason(ReasonCode.CAMPAIGN_GIFT, campaign=campaign.id, count=gain.points)
        elif isinstance(campaign.effect, TierBoost):
            self.lifted_by, boost = campaign, campaign.effect
            reason = Reason(ReasonCode.CAMPAIGN_TIER_GIVEN, campaign=campaign.id, tier=boost.tier, count=boost.days)
        else:
            reason = Reason(ReasonCode.CAMPAIGN, campaign=campaign.id, amount=gain.discount)
        more = gain.more // worth if worth else 0
        return Outcome(campaign.id, State.APPLIED, (reason,), gain.discount, gain.points, more)

    def _told(self, campaign: Campaign, state: State, code: ReasonCode) -> Outcome:
        return Outcome(campaign.id, state, (Reason(code, campaign=campaign.id),))
