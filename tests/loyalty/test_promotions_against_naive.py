"""The engine against a slow one that works kopeck by kopeck: the same sums on every line, whatever the campaigns."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st

from loyalty.programme import Programme
from loyalty.promotions.campaigns import (
    Amount,
    Budget,
    Campaign,
    Caps,
    Choice,
    Conditions,
    Effect,
    GiftPoints,
    Percent,
    Promotions,
)
from loyalty.promotions.occasion import State, Used
from loyalty.purchases import BasketLine, Priced, price
from loyalty.texts import Text
from tests.makers.campaigns import tried, with_campaigns

BASE = with_campaigns("id: one, name: Один, gives: {percent: 1}")
GROUPS = {"first": Choice.PRIORITY, "best": Choice.BEST}

effects = st.one_of(
    st.integers(1, 10_000).map(Percent), st.integers(1, 30_000).map(Amount), st.integers(1, 50).map(GiftPoints)
)
campaigns = st.lists(
    st.builds(
        Campaign,
        id=st.sampled_from("abcdefghij"),
        name=st.just(Text("Акция")),
        conditions=st.builds(
            Conditions,
            services=st.sampled_from([(), ("bar",), ("spa",), ("bar", "spa")]),
            basket_min=st.sampled_from([0, 0, 10_000]),
        ),
        effect=effects,
        priority=st.integers(0, 3),
        group=st.sampled_from([None, "first", "best"]),
        budget=st.one_of(st.none(), st.builds(Budget, discount=st.integers(1, 20_000))),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda campaign: campaign.id,
)
baskets = st.lists(
    st.builds(
        BasketLine,
        st.sampled_from(["bar", "spa", "delivery"]),
        st.just("Строка"),
        st.integers(1, 3000),
        st.integers(0, 20_000),
    ),
    min_size=1,
    max_size=4,
)
caps = st.builds(Caps, st.sampled_from([10_000, 5000, 1234]), st.sampled_from([10_000, 4000]))
used_up = st.dictionaries(st.sampled_from("abcdefghij"), st.builds(Used, discount=st.integers(0, 20_000)), max_size=3)


def programme_of(found: Sequence[Campaign], bounds: Caps) -> Programme:
    return replace(BASE, promotions=Promotions(tuple(found), GROUPS, bounds, frozenset({("inn", "delivery")})))


@examples(campaigns, baskets, caps, used_up, st.randoms(use_true_random=False))
@settings(max_examples=400, deadline=None)
def test_the_sums_are_those_of_the_slow_one_in_any_order_of_the_file(
    found: list[Campaign], lines: list[BasketLine], bounds: Caps, used: dict[str, Used], chance: Random
) -> None:
    """INV-08, C-18, I-17: to the kopeck, and the order of campaigns in the file does not matter."""
    priced = tried(programme_of(found, bounds), lines, used=used)
    assert [line.net for line in priced.lines] == naive(found, lines, bounds, used)
    assert priced.discount == sum(line.discount for line in priced.lines)
    assert all(0 <= line.discount <= line.gross and line.gross == line.net + line.discount for line in priced.lines)
    base = plain(lines)
    campaign_share = priced.discount - base.discount
    assert campaign_share == sum(part.amount for line in priced.lines for part in line.parts)
    assert campaign_share == sum(outcome.discount for outcome in priced.outcomes)
    assert priced.accumulated == sum(line.net for line in priced.lines if line.accumulates)
    for outcome in priced.outcomes:
        assert (outcome.state is State.APPLIED) == bool(outcome.discount or outcome.points)
        assert outcome.reasons
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert tried(programme_of(shuffled, bounds), lines, used=used) == priced


def plain(lines: list[BasketLine]) -> Priced:
    return price(BASE, partner="inn", channel="TILL", tier="first", lines=lines)


def naive(found: list[Campaign], lines: list[BasketLine], bounds: Caps, used: dict[str, Used]) -> list[int]:
    """What is left to pay of each line, by exact fractions and one kopeck at a time."""
    base = plain(lines)
    nets = [line.net for line in base.lines]
    least = [line.gross - line.gross * bounds.line // 10_000 for line in base.lines]
    floor = base.gross - base.gross * bounds.receipt // 10_000
    taken: set[str] = set()
    for campaign in sorted(found, key=lambda one: (-one.priority, one.id)):
        if campaign.group in taken or not is_ready(campaign, lines):
            continue
        rivals = [one for one in found if campaign.group is not None and one.group == campaign.group] or [campaign]
        rivals.sort(key=lambda one: (-one.priority, one.id))
        offers = [(one, offer(one, lines, nets, (least, floor), used)) for one in rivals]
        able = [(one, off) for one, off in offers if off is not None]
        if campaign.group is not None:
            taken.add(campaign.group)
        if not able:
            continue
        winner = able[0]
        if campaign.group == "best":
            winner = max(able, key=lambda pair: worth(pair[0].effect, pair[1]))
        nets = [net - off for net, off in zip(nets, winner[1], strict=True)]
    return nets


def is_ready(campaign: Campaign, lines: list[BasketLine]) -> bool:
    mine = meant(campaign, lines)
    whole = sum(line.gross for line, is_mine in zip(lines, mine, strict=True) if is_mine)
    return any(mine) and whole >= campaign.conditions.basket_min


def meant(campaign: Campaign, lines: list[BasketLine]) -> list[bool]:
    services = campaign.conditions.services or ("bar", "spa")
    return [line.service in services and line.service != "delivery" for line in lines]


def worth(effect: Effect, off: list[int]) -> int:
    return effect.points * 100 if isinstance(effect, GiftPoints) else sum(off)


def offer(
    campaign: Campaign, lines: list[BasketLine], nets: list[int], floors: tuple[list[int], int], used: dict[str, Used]
) -> list[int] | None:
    if not is_ready(campaign, lines):
        return None
    mine, (least, floor) = meant(campaign, lines), floors
    may = [max(0, net - low) if is_mine else 0 for net, low, is_mine in zip(nets, least, mine, strict=True)]
    effect = campaign.effect
    off = [0] * len(lines)
    gives_points = isinstance(effect, GiftPoints) and any(
        net for net, is_mine in zip(nets, mine, strict=True) if is_mine
    )
    if isinstance(effect, Percent):
        off = [
            min(int(Fraction(net * effect.basis_points, 10_000) + Fraction(1, 2)), most)
            for net, most in zip(nets, may, strict=True)
        ]
    elif isinstance(effect, Amount):
        off = spread(min(effect.kopecks, sum(may)), may)
    off = spread(min(sum(off), max(0, sum(nets) - floor)), off)
    budget = campaign.budget
    given = used.get(campaign.id, Used()).discount + sum(off)
    is_over = budget is not None and budget.discount is not None and given > budget.discount
    # A budget that was lowered below what is given already ends its campaign, whatever that would give.
    return off if (sum(off) or gives_points) and not is_over else None


def spread(total: int, weights: list[int]) -> list[int]:
    """Whole parts first, then one kopeck at a time to whoever lacks most."""
    if not sum(weights):
        return [0] * len(weights)
    exact = [Fraction(total * weight, sum(weights)) for weight in weights]
    parts = [int(one) for one in exact]
    while sum(parts) < total:
        lack = [one - part for one, part in zip(exact, parts, strict=True)]
        parts[lack.index(max(lack))] += 1
    return parts
