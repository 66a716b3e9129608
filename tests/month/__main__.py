"""`python -m tests.month`: a month of hotels and restaurants with a fifth of everything failing, then both sides compared."""

import argparse
import logging
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from time import monotonic

from api.opening import make_database, run
from api.postgres import Postgres
from loyalty.money import print_money
from models import database
from models.migrating import migrate
from tests.month.playing import Tally, Wish, play_month
from tests.torture.ground import private_postgres

BEGINS = datetime(2026, 3, 1, 6, 0, tzinfo=UTC)
SHOWN = 20


def main() -> int:
    """Play, print the tally, and give 0 when both sides agree."""
    parser = argparse.ArgumentParser(prog="python -m tests.month", description=__doc__)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--bookings", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    wish = Wish(days=asked.days, orders=asked.orders, bookings=asked.bookings, seed=asked.seed)
    # The faults are ours: what they leave in the log says nothing that the tally does not.
    logging.disable(logging.CRITICAL)
    begun = monotonic()

    def say(line: str) -> None:
        print(f"{monotonic() - begun:7.0f} s  {line}", file=sys.stderr, flush=True)

    with private_postgres({"fsync": "off", "synchronous_commit": "off"}) as (_, postgres):
        tally = run(playing(postgres, wish, say))
    print(told(tally, wish, monotonic() - begun))
    return int(bool(tally.differing))


def playing(postgres: Postgres, wish: Wish, say: Callable[[str], None]) -> Callable[[], Awaitable[Tally]]:
    """The month on a database of its own."""

    async def play() -> Tally:
        await make_database(postgres)
        await migrate(postgres.url())
        await database.connect(postgres.url(), acquire_seconds=5.0)
        try:
            return await play_month(BEGINS, wish, say)
        finally:
            await database.close()

    return play


def told(tally: Tally, wish: Wish, seconds: float) -> str:
    """The tally for people."""
    lines = [
        f"{wish.days} days in {seconds / 60:.1f} minutes, seed {wish.seed}; a fifth of calls and webhooks failed",
        *(f"  {what}: {count}" for what, count in sorted(tally.counted.items())),
        f"restaurants: {tally.orders} closed orders of members, {print_money(tally.orders_net)}",
        f"  returned of them: {print_money(tally.returned)}",
        f"hotels: {tally.stays} finished stays, {print_money(tally.stays_gross)}",
        f"differences: {len(tally.differing)}",
        *(f"  {line}" for line in tally.differing[:SHOWN]),
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
