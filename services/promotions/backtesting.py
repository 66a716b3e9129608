"""Replaying past receipts through the rules: read page by page, priced by pure functions, nothing written."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from loyalty.business_days import business_date
from loyalty.programme import Programme
from loyalty.promotions.backtest import Backtest, PastReceipt
from loyalty.promotions.occasion import Guest, Occasion
from loyalty.purchases import BasketLine
from loyalty.tiers import tier_at
from models import database
from models.database import Record, statement
from services.work import work

PAGE: Final = 500
SECONDS_MAX: Final = 6 * 3600.0
_COUNT: Final = "SELECT count(*) FROM purchase WHERE business_date BETWEEN $1 AND $2"
_SUMS: Final = """
SELECT s.member_id, b.amount FROM member_standing AS s JOIN balance AS b ON b.account_id = s.qualifying_account
WHERE s.member_id = ANY ($1::uuid[])
"""


async def backtest(
    old: Programme, new: Programme, since: date, until: date, *, codes: bool, tell: Callable[[int, int], None]
) -> tuple[Backtest, int]:
    """(the test, members of another tier) over receipts of these business dates, both inclusive.

    With `codes` every guest is taken to have shown a promo code of each campaign that wants one. `tell` hears (done, of).
    """
    test, done = Backtest(old, new), 0
    shown = _codes(new) if codes else frozenset()
    # One sort of the server and one snapshot, read through a cursor: neither side ever holds more than a page.
    async with work(isolation="repeatable_read", seconds=SECONDS_MAX) as tx:
        await tx.execute("SET LOCAL statement_timeout = 0")
        # The driver gives up by itself as well, after the time of a command: the first page waits for the whole sort.
        total: int = await tx.connection.fetchval(_COUNT, since, until, timeout=SECONDS_MAX)
        cursor = await tx.connection.cursor(statement("past_receipts"), since, until)
        while rows := await cursor.fetch(PAGE, timeout=SECONDS_MAX):
            for row in rows:
                test.add(_receipt(row, new, shown))
                # A receipt under fifty campaigns takes a millisecond or two, a page of them most of a second: a server
                # with the worker inside answers nobody meanwhile, and units of other jobs run out of their time.
                await asyncio.sleep(0)
            done += len(rows)
            tell(done, total)
    return test, await _moved(test)


async def _moved(test: Backtest) -> int:
    """How many members would stand in another tier today, had they paid the other price then."""
    members, moved = [UUID(member) for member in test.counted], 0
    for start in range(0, len(members), PAGE):
        for row in await database.fetch(_SUMS, members[start : start + PAGE]):
            delta = test.counted[str(row["member_id"])]
            moved += tier_at(test.new, row["amount"]).id != tier_at(test.new, max(0, row["amount"] + delta)).id
    return moved


def _receipt(row: Record, programme: Programme, shown: frozenset[str]) -> PastReceipt:
    known = programme.outlets_by_id.get(row["outlet"])
    zone = programme.time_zone if known is None else known.time_zone
    last = row["last_at"]
    guest = Guest(
        id=str(row["member_id"]),
        joined=business_date(row["joined_at"], zone),
        purchases=row["purchases"],
        accumulated=row["stood_at"],
        born=row["birth_date"],
        last_purchase=None if last is None else business_date(last, zone),
    )
    local = row["closed_at"].astimezone(ZoneInfo(zone))
    place = (row["partner"], row["outlet"], row["channel"], row["tier"])
    lines = [BasketLine(*line) for line in orjson.loads(row["lines"] or "[]")]
    return PastReceipt(f"{row['outlet']} {row['receipt_number']}", Occasion(*place, local, guest, codes=shown), lines)


def _codes(programme: Programme) -> frozenset[str]:
    promotions = programme.promotions
    return frozenset() if promotions is None else frozenset(one.id for one in promotions.campaigns if one.needs_code)
