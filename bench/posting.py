"""How many receipts are posted a second, against PostgreSQL running the statements of one post one by one."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

from api.clock import now
from bench import pgbench
from bench.documents import POST
from bench.house import House
from bench.laps import drive, post, proof
from bench.quoting import LINE_ROUBLES, make_quotes, requests
from bench.results import Pace, Row, Series, Target
from bench.versions import EARNS_PERCENT, in_force, with_points
from loyalty.money import print_money
from models.database import Record

RATIO_MIN: Final = 0.35
# The second figure that posts: a tier reached in the middle of it would change the price of quotes.
FEW_ROUBLES: Final = 15
_COLUMNS: Final = (
    *("till_id", "ticket_id", "member_id", "card_id", "channel", "programme_version", "tier"),
    *("gross", "discount", "net", "lines", "created_at", "expires_at"),
)


@dataclass(slots=True)
class Posting:
    """The same receipts by HTTP GraphQL and by pgbench, with equally many connections.

    With points both sides write the lot, its two entries and the balance besides.
    """

    with_points: bool = False
    chance: Random = field(default_factory=lambda: Random(35))  # noqa: S311 - invented baskets
    pace: Pace = field(default_factory=Pace)
    alone: Series = field(default_factory=Series)
    whole: Series = field(default_factory=Series)
    whole_alone: Series = field(default_factory=Series)
    posted: int = 0

    async def round(self, house: House) -> None:
        """Quotes beforehand, then both ways of posting them."""
        if not self.with_points:
            await self._measure(house)
            return
        async with in_force(with_points()):
            # Of many at once one looks for the newest version, and the others go on with the one before.
            first = iter(list(islice(requests(house, self.chance), 1)))
            await drive(house.server.port, first, look=proof("quotePurchase", "Quote"), connections=1)
            await self._measure(house)

    async def _measure(self, house: House) -> None:
        _, quotes = await make_quotes(house, self.chance, roubles=FEW_ROUBLES if self.with_points else LINE_ROUBLES)
        ready = iter(self._requests(house, quotes))
        width = house.scale.connections
        before, database_before = house.server.cpu_seconds(), house.database_cpu_seconds()
        lap = await drive(house.server.port, ready, look=proof("postPurchase", "PurchasePosted"), connections=width)
        spent, between = house.server.cpu_seconds() - before, house.database_cpu_seconds()
        self.pace.add(lap, spent)
        self.whole.values.append((spent + between - database_before) * 1000 / len(quotes))
        self.alone.values.append(await self._by_pgbench(house, quotes))
        self.whole_alone.values.append((house.database_cpu_seconds() - between) * 1000 / len(quotes))
        self.posted += len(quotes)

    def rows(self) -> list[Row]:
        """What was found."""
        what = "post a purchase that earns points" if self.with_points else "post a purchase"
        rate = self.pace.row(what, "pgbench, statement by statement", self.alone, Target(RATIO_MIN))
        if self.with_points:
            return [rate]
        note = "steadier than rates where other work shares the cores"
        cost = Row(
            "processor time of a post", self.whole, "ms", "PostgreSQL under pgbench", self.whole_alone, note=note
        )
        return [rate, cost]

    def _requests(self, house: House, quotes: Sequence[Record]) -> list[bytes]:
        keys = {counter.till.id: counter.key for counter in house.counters}
        moment = now().isoformat()
        made = []
        for place, quote in enumerate(quotes):
            variables: dict[str, Any] = {
                "idempotencyKey": str(uuid4()),
                "quote": str(quote["id"]),
                "receiptNumber": f"B{self.posted + place}",
                "closedAt": moment,
                "tenders": [{"kind": "CARD", "amount": print_money(quote["net"])}],
            }
            body = {"query": POST, "variables": {"input": variables}}
            made.append(post(body, authorization=f"Till {keys[quote['till_id']]}"))
        return made

    async def _by_pgbench(self, house: House, quotes: Sequence[Record]) -> float:
        rival, width = house.rival(), house.scale.connections
        records = [
            (UUID(f"00000000-0000-7000-8000-{self.posted + place:012d}"), *(quote[name] for name in _COLUMNS))
            for place, quote in enumerate(quotes)
        ]
        async with rival.connection() as connection:
            await connection.copy_records_to_table("quote", records=records, columns=["id", *_COLUMNS])
        # A client counts its own turns from 1, so that the guests are served in turn here too.
        numbers = {"i": -1, "base": self.posted, "clients": width, "points": EARNS_PERCENT if self.with_points else 0}
        each = len(quotes) // width
        return await pgbench.run(rival, "post", clients=width, transactions=each, variables=numbers)
