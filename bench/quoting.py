"""How many baskets are priced a second, and how soon one of twenty lines is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import cycle, islice
from random import Random
from typing import Final
from uuid import UUID

from api.clock import now
from bench import pgbench
from bench.documents import QUOTE
from bench.house import House
from bench.laps import Lap, drive, post, proof
from bench.people import Guest, basket
from bench.results import Pace, Row, Series, Target
from loyalty.money import print_money, print_quantity
from loyalty.purchases import BasketLine
from models import database
from models.database import Record

LONG: Final = 20
LONG_MILLIS_MAX: Final = 30.0
# So little that no guest reaches another tier in the middle of a run: quotes would change their price.
LINE_ROUBLES: Final = 150
_FRESH: Final = "SELECT * FROM quote WHERE purchase_id IS NULL AND created_at >= $1 ORDER BY created_at, id"
_TICKETS: Final = """
INSERT INTO scan_ticket (id, till_id, scan_id, member_id, card_id, created_at, expires_at)
SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, g.till, gen_random_uuid(), g.member, g.card, now(), now()
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) WITH ORDINALITY AS g (till, member, card, n)
ON CONFLICT DO NOTHING
"""


def request(guest: Guest, lines: Sequence[BasketLine]) -> bytes:
    """A quote as a till asks for it."""
    written = [
        {
            "service": line.service,
            "name": line.name,
            "quantity": print_quantity(line.quantity),
            "amount": print_money(line.gross),
        }
        for line in lines
    ]
    variables = {"input": {"ticket": str(guest.ticket), "lines": written}}
    return post({"query": QUOTE, "variables": variables}, authorization=f"Till {guest.counter.key}")


def requests(house: House, chance: Random, *, lines: int | None = None, roubles: int = LINE_ROUBLES) -> Iterator[bytes]:
    """Quotes of the guests in turn, of 1-4 lines or of so many."""
    for guest in cycle(house.guests):
        services = guest.counter.services
        yield request(guest, basket(chance, services, lines=lines or chance.randint(1, 4), roubles=roubles))


async def make_quotes(house: House, chance: Random, *, roubles: int = LINE_ROUBLES) -> tuple[Lap, list[Record]]:
    """As many quotes as a round posts, and the lap it took."""
    began = now()
    ready = iter(list(islice(requests(house, chance, roubles=roubles), house.scale.posts)))
    look, width = proof("quotePurchase", "Quote"), house.scale.connections
    lap = await drive(house.server.port, ready, look=look, connections=width)
    return lap, await database.fetch(_FRESH, began)


@dataclass(slots=True)
class Quoting:
    """Baskets of 1-4 lines from sixteen tills at once, and long ones from a single till."""

    chance: Random = field(default_factory=lambda: Random(20))  # noqa: S311 - invented baskets
    pace: Pace = field(default_factory=Pace)
    alone: Series = field(default_factory=Series)
    long_p95: Series = field(default_factory=Series)
    long_p50: Series = field(default_factory=Series)

    async def round(self, house: House) -> None:
        """Quote by HTTP, then by pgbench, then long ones."""
        before = house.server.cpu_seconds()
        lap, _ = await make_quotes(house, self.chance)
        self.pace.add(lap, house.server.cpu_seconds() - before)
        self.alone.values.append(await self._by_pgbench(house))
        ready = iter(list(islice(requests(house, self.chance, lines=LONG), house.scale.long_quotes)))
        lap = await drive(house.server.port, ready, look=proof("quotePurchase", "Quote"), connections=1)
        self.long_p95.values.append(lap.percentile(95))
        self.long_p50.values.append(lap.percentile(50))

    def rows(self) -> list[Row]:
        """What was found."""
        long = Row(
            f"quote of {LONG} lines, one at a time, p95",
            self.long_p95,
            "ms",
            target=Target(LONG_MILLIS_MAX, at_most=True),
            note=f"p50 {self.long_p50.told()} ms",
        )
        return [self.pace.row("quote of 1-4 lines", "pgbench, its two statements", self.alone), long]

    async def _by_pgbench(self, house: House) -> float:
        rival = house.rival()
        columns: list[list[UUID]] = [
            [guest.counter.till.id for guest in house.guests],
            [guest.id for guest in house.guests],
            [guest.card for guest in house.guests],
        ]
        async with rival.connection() as connection:
            await connection.execute(_TICKETS, *columns)
        each = house.scale.posts // house.scale.connections
        numbers = {"guests": len(house.guests)}
        return await pgbench.run(rival, "quote", clients=house.scale.connections, transactions=each, variables=numbers)
