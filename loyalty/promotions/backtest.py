"""What campaigns would have done to receipts of the past: their cost, the members they move a tier, the top baskets."""

import heapq
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from loyalty.programme import Programme
from loyalty.promotions.evaluation import promote
from loyalty.promotions.occasion import Occasion, State, Used
from loyalty.purchases import BasketLine, Priced, price
from loyalty.refusals import Refusal

TOP: Final = 10


@dataclass(frozen=True, slots=True)
class PastReceipt:
    """A receipt as it was sold, and the occasion campaigns would have seen then. `number` says which it is."""

    number: str
    occasion: Occasion
    lines: Sequence[BasketLine]


@dataclass(slots=True)
class CampaignCost:
    """What one campaign would have given: receipts, kopecks, gift points, and points that a multiplier brings on top."""

    receipts: int = 0
    discount: int = 0
    points: int = 0
    more: int = 0


@dataclass(frozen=True, slots=True, order=True)
class Basket:
    """A receipt by what the new campaigns would have taken off it."""

    discount: int
    number: str
    gross: int = field(compare=False)


@dataclass(slots=True)
class Backtest:
    """A running test of `new` against `old`: two versions of a programme, or one with and without a campaign.

    Memory is that of the members a campaign moved and of those it counts the uses of, however many receipts there are.
    """

    old: Programme
    new: Programme
    receipts: int = 0
    unpriced: int = 0
    gross: int = 0
    before: int = 0
    after: int = 0
    points_before: int = 0
    points_after: int = 0
    costs: dict[str, CampaignCost] = field(default_factory=dict)
    counted: Counter[str] = field(default_factory=Counter)
    top: list[Basket] = field(default_factory=list)
    _used: tuple[dict[str, Used], dict[str, Used]] = field(default_factory=lambda: ({}, {}))
    _by_member: tuple[Counter[tuple[str, str]], Counter[tuple[str, str]]] = field(
        default_factory=lambda: (Counter(), Counter())
    )

    def add(self, receipt: PastReceipt) -> None:
        """Price a receipt by both and note the difference. One with a service that is sold no more is counted apart."""
        try:
            old, new = (self._priced(side, receipt) for side in (0, 1))
        except Refusal:
            self.unpriced += 1
            return
        self.receipts += 1
        self.gross += new.gross
        self.before += old.discount
        self.after += new.discount
        self.points_before += _points(old)
        self.points_after += _points(new)
        member = receipt.occasion.guest.id
        if new.accumulated != old.accumulated:
            self.counted[member] += new.accumulated - old.accumulated
        for outcome in new.outcomes:
            if outcome.state is State.APPLIED:
                cost = self.costs.setdefault(outcome.campaign, CampaignCost())
                cost.receipts += 1
                cost.discount += outcome.discount
                cost.points += outcome.points
                cost.more += outcome.more
        if new.discount > old.discount:
            self._keep(Basket(new.discount - old.discount, receipt.number, new.gross))

    @property
    def cost(self) -> int:
        """Kopecks of discount that the new campaigns would have given beyond the old ones."""
        return self.after - self.before

    @property
    def points_cost(self) -> int:
        """Gift points, and points of multipliers, that the new campaigns would have given beyond the old ones."""
        return self.points_after - self.points_before

    @property
    def top_baskets(self) -> list[Basket]:
        """The receipts with the largest difference, largest first."""
        return sorted(self.top, reverse=True)

    def _keep(self, basket: Basket) -> None:
        if len(self.top) < TOP:
            heapq.heappush(self.top, basket)
        else:
            heapq.heappushpop(self.top, basket)

    def _priced(self, side: int, receipt: PastReceipt) -> Priced:
        programme, seen = (self.old, self.new)[side], receipt.occasion
        used, by_member = self._used[side], self._by_member[side]
        priced = price(programme, partner=seen.partner, channel=seen.channel, tier=seen.tier, lines=receipt.lines)
        promotions = programme.promotions
        if promotions is None:
            return priced
        counted = [one.id for one in promotions.at(seen.partner, seen.outlet, seen.channel) if one.is_counted]
        then = {one: replace(used.get(one, Used()), by_member=by_member[seen.guest.id, one]) for one in counted}
        promoted = promote(programme, priced, replace(seen, used=then))
        for outcome in promoted.outcomes:
            if outcome.state is State.APPLIED and outcome.campaign in then:
                before = used.get(outcome.campaign, Used())
                used[outcome.campaign] = Used(
                    before.discount + outcome.discount, before.points + outcome.points, before.uses + 1
                )
                if promotions.by_id[outcome.campaign].uses_per_member is not None:
                    by_member[seen.guest.id, outcome.campaign] += 1
        return promoted


def undated(programme: Programme, tried: Collection[str]) -> Programme:
    """The programme whose tried campaigns run always: receipts of the past know nothing of days that are to come."""
    promotions = programme.promotions
    if promotions is None:
        return programme
    campaigns = tuple(replace(one, starts=None, ends=None) if one.id in tried else one for one in promotions.campaigns)
    return replace(programme, promotions=replace(promotions, campaigns=campaigns))


def changed(old: Programme, new: Programme) -> frozenset[str]:
    """The campaigns of a version that are not, to the letter, in the other one: those that are tried."""
    if new.promotions is None:
        return frozenset()
    known = {} if old.promotions is None else old.promotions.by_id
    return frozenset(one.id for one in new.promotions.campaigns if known.get(one.id) != one)


def _points(priced: Priced) -> int:
    return sum(one.points + one.more for one in priced.outcomes if one.state is State.APPLIED)


def without(programme: Programme, campaign: str) -> Programme:
    """The programme as if one campaign were not in it."""
    promotions = programme.promotions
    if promotions is None:
        return programme
    others = tuple(one for one in promotions.campaigns if one.id != campaign)
    return replace(programme, promotions=replace(promotions, campaigns=others))
