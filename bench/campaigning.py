"""How soon a long basket is priced where fifty campaigns speak of it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Final

from bench.house import House
from bench.laps import drive, proof
from bench.quoting import LONG, LONG_MILLIS_MAX, requests
from bench.results import Row, Series, Target
from bench.versions import in_force, usual

CAMPAIGNS: Final = 50
_GIVES: Final = ("percent: 1", "amount: 1", "free_items: 1", "percent: 0.5", "amount: 2")
_WHEN: Final = (
    "basket_min: 100",
    'hours: "00:00-23:59"',
    "nth_purchase: {every: 2}",
    "birthday: {before: 100, after: 100}",
    "members: {age: {from: 18}, purchases: {from: 1}}",
    "weekdays: [MON, TUE, WED, THU, FRI, SAT, SUN], quantity_min: 2",
    "basket_min: 1000000",
)


@dataclass(slots=True)
class Campaigning:
    """Quotes of twenty lines from a single till, every campaign tried on each; ten of them have a budget."""

    chance: Random = field(default_factory=lambda: Random(50))  # noqa: S311 - invented baskets
    p95: Series = field(default_factory=Series)
    p50: Series = field(default_factory=Series)

    async def round(self, house: House) -> None:
        """A version with the campaigns, the quotes, and the version of the other figures again."""
        async with in_force(crowded()):
            ready = iter(list(islice(requests(house, self.chance, lines=LONG), house.scale.long_quotes)))
            lap = await drive(house.server.port, ready, look=proof("quotePurchase", "Quote"), connections=1)
        self.p95.values.append(lap.percentile(95))
        self.p50.values.append(lap.percentile(50))

    def rows(self) -> list[Row]:
        """What was found."""
        what = f"quote of {LONG} lines under {CAMPAIGNS} campaigns, one at a time, p95"
        note = f"p50 {self.p50.told()} ms"
        return [Row(what, self.p95, "ms", target=Target(LONG_MILLIS_MAX, at_most=True), note=note)]


def crowded() -> str:
    """The text of the programme of the bench with fifty campaigns for every place instead of its own."""
    text = usual()
    begins, ends = text.index("\npromotions:"), text.index("\npartners:")
    groups = "  groups: [{id: best, choose: BEST}, {id: first, choose: PRIORITY}]"
    return "\n".join([text[:begins], "promotions:", groups, "  campaigns:", *_campaigns(), text[ends:]])


def _campaigns() -> Iterator[str]:
    for place in range(CAMPAIGNS):
        group = ("", "group: best, ", "group: first, ")[place % 3]
        budget = "budget: {uses: 1000000}, " if place % 5 == 0 else ""
        when, gives = _WHEN[place % len(_WHEN)], _GIVES[place % len(_GIVES)]
        facts = f"id: c{place}, name: Акция {place}, priority: {place % 7}, {group}{budget}"
        yield f"    - {{{facts}when: {{{when}}}, gives: {{{gives}}}}}"
