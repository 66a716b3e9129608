"""I-37: what pages and files show is what the ledger says at that moment, while a dozen write."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from graph.operations import sheets as operation_sheets
from graph.settlement.sheets import cell_row, liability_row
from loyalty.money import parse_money
from loyalty.programme import Programme
from loyalty.refusals import Refusal
from loyalty.settlement import cells, liabilities
from models import database
from services import programmes
from services.members import standings_by_member
from services.operations import listing
from services.operations.listing import Filters
from services.points.balances import balance_of
from services.resources import Resources
from services.settlement import closing, periods, reading
from services.settlement.reading import Wanted
from services.sheets import Dialect
from services.tills import TillFacts
from services.work import work
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import buy, give_back, goods
from tests.makers.settlement import EVERYBODY, MARCH, apply_settled, facts

ISSUERS = ("shop", "cafe")
RFC = Dialect.RFC4180
# Straight from the entries, by no road that a page or a file takes.
MEMBERS = """
SELECT a.owner, a.unit, a.purpose, sum(e.amount)::bigint AS amount FROM account AS a JOIN entry AS e ON e.account_id = a.id
WHERE a.owner_kind = 'MEMBER' GROUP BY a.owner, a.unit, a.purpose
"""
PARTNERS = """
SELECT a.owner, a.purpose, sum(e.amount)::bigint AS amount FROM account AS a JOIN entry AS e ON e.account_id = a.id
WHERE a.owner_kind = 'PARTNER' AND a.unit = 'PTS' GROUP BY a.owner, a.purpose
"""


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_settled(tmp_path, now - timedelta(days=1))


@pytest.fixture
async def tills(programme: Programme, now: datetime) -> dict[str, TillFacts]:
    outlets = {"shop": "shop-one", "cafe": "cafe"}
    return {name: (await make_till(now, partner=name, outlet=outlet))[0] for name, outlet in outlets.items()}


async def compare(members: list[MadeMember], now: datetime) -> int:
    """Everything shown against the entries of the same snapshot; how many receipts there were."""
    programme = await programmes.current(now)
    async with work(isolation="repeatable_read", readonly=True) as tx:
        kept = {(row["owner"], row["unit"], row["purpose"]): row["amount"] for row in await tx.fetch(MEMBERS)}
        standings = await standings_by_member([one.id for one in members])
        shown = [one for one in standings if one is not None]
        for member, standing in zip(members, shown, strict=True):
            assert standing.accumulated == sum(
                amount for (owner, unit, _), amount in kept.items() if (owner, unit) == (str(member.id), "QRUB")
            )
            points = await balance_of(member.id, now)
            told = {"available": points.available, "pending": points.pending, "held": points.held, "debt": -points.debt}
            assert told == {name: kept.get((str(member.id), "PTS", name), 0) for name in told}
        operations = [one async for page in listing.every(EVERYBODY, Filters()) for one in page]
        file = [operation_sheets.row(one, programme, "ru", RFC) for one in operations]
        assert column(file, "net") - column(file, "refunded") == sum(one.purchases for one in shown)
        assert column(file, "counted") == sum(one.accumulated for one in shown)
        await compare_settlement(
            programme, kept, {(row["owner"], row["purpose"]): row["amount"] for row in await tx.fetch(PARTNERS)}, now
        )
    return len(operations)


async def compare_settlement(
    programme: Programme, kept: dict[tuple[str, str, str], int], moved: dict[tuple[str, str], int], now: datetime
) -> None:
    """The page's matrix, its liabilities and its facts, and the rows of the three files."""
    found = await reading.books(EVERYBODY, now)
    pairs, stands = cells(found.flows, MARCH), liabilities(found.flows, [MARCH], ISSUERS)
    lines = [line async for page in reading.every_line(EVERYBODY, Wanted(MARCH), now) for line in page]
    (period,) = found.periods or (None,)
    if period is not None:
        rows = [cell_row((period, pair, found.state(period, pair)), programme, "ru", RFC) for pair in pairs]
        assert [row[7] for row in rows] == [pair.points for pair in pairs]
    taken = dict.fromkeys(ISSUERS, 0)
    for line in lines:
        if line.partner is not None and line.kind in {"REDEEMED", "GIVEN_BACK"}:
            taken[line.partner] += line.points if line.kind == "REDEEMED" else -line.points
    assert taken == {who: moved.get((who, "redeemed"), 0) for who in ISSUERS}
    outstanding = sum(amount for (_, unit, name), amount in kept.items() if unit == "PTS" and name != "debt")
    assert sum(row.closing for row in stands) == outstanding
    assert sum(int(str(liability_row(row, programme, "ru", RFC)[7])) for row in stands) == outstanding
    for pair in pairs:
        of = [line for line in lines if (line.issuer, line.partner) == (pair.issuer, pair.partner)]
        assert pair.due == sum(
            line.due for line in of if line.kind in {"REDEEMED", "GIVEN_BACK", "OWED", "REPAID", "RETURNED"}
        )


def column(rows: list[list[Any]], name: str) -> int:
    """The sum of a column of a file, in kopecks."""
    place = operation_sheets.HEADS.index(f"operations.head.{name}")
    return sum(parse_money(str(row[place])) for row in rows)


@asynccontextmanager
async def looking(members: list[MadeMember], now: datetime) -> AsyncIterator[list[int]]:
    """Somebody who compares for as long as the block runs."""
    seen: list[int] = []
    done = asyncio.Event()

    async def look() -> None:
        while not done.is_set():
            seen.append(await compare(members, now))
            await asyncio.sleep(0)

    looker = asyncio.create_task(look())
    try:
        yield seen
    finally:
        done.set()
        await looker


async def test_what_pages_and_files_show_is_the_ledgers_while_a_dozen_write(
    tills: dict[str, TillFacts], resources: Resources, now: datetime
) -> None:
    """I-37, C-14, A-101: balances, progress, savings, operations and settlement, in every snapshot; and at the end."""
    members = [await make_member(now) for _ in range(4)]
    later = now + timedelta(minutes=1)

    async def live(place: int) -> UUID | None:
        member = members[place % 4]
        made = await buy(resources, tills["shop"], member, [goods(1_000 + place)], now)
        try:
            await buy(resources, tills["cafe"], member, [goods(100, service="food")], now, points=40)
        except Refusal:  # somebody else of the same member was quicker with the points
            await buy(resources, tills["cafe"], member, [goods(100, service="food")], now)
        if place % 2:
            await give_back(resources, tills["shop"], made, later)
        return made.purchase.id

    async with looking(members, later) as seen:
        await asyncio.gather(*(live(place) for place in range(12)))
    assert len(set(seen)) > 2, "the reader saw writes in between"
    assert await compare(members, later) == 24
    assert await database.fetchval("SELECT count(*) FROM refund") == 6


async def test_a_month_that_closes_while_it_is_read_is_whole(
    tills: dict[str, TillFacts], resources: Resources, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """I-37, I-33: between a reader's two statements the month is closed; its sums and its facts are there all the same."""
    member = await make_member(now)
    await buy(resources, tills["shop"], member, [goods(1_000)], now)
    await buy(resources, tills["cafe"], member, [goods(100, service="food")], now, points=40)
    april = now + timedelta(days=40)
    seen = await reading.books(EVERYBODY, april)
    listed = await facts(MARCH, april)
    assert (cells(seen.flows, MARCH)[0].due, len(listed)) != (0, 0)
    known = periods.price_list

    async def closed_meanwhile() -> str:
        """Prices are read behind the list of months and before the sums: in between somebody closes the month."""
        with monkeypatch.context() as patch:
            patch.setattr(periods, "price_list", known)
            await closing.close(MARCH, april)
        return await known()

    for read in ("sums", "facts"):
        with monkeypatch.context() as patch:
            patch.setattr(periods, "price_list", closed_meanwhile)
            if read == "sums":
                assert cells((await reading.books(EVERYBODY, april)).flows, MARCH) == cells(seen.flows, MARCH)
            else:
                assert await facts(MARCH, april) == listed
        assert [one.month for one in await periods.closed()] == [MARCH]
        await database.execute("TRUNCATE settlement_line, settlement_sum, settlement_step, settlement_period")
