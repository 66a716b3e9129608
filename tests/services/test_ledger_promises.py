"""What the ledger promises by itself, whoever writes: sums of zero in every snapshot, facts that stay, one reversal each."""

import asyncio
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from models import database
from models.database import Violation
from models.ids import uuid7
from services.ledger import QUALIFIED, check_books, standing_of
from services.resources import Resources
from services.tills import TillFacts
from services.work import work
from tests.makers.patience import rivals
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods
from tests.makers.state import state

FACTS = ("ledger_transaction", "entry", "points_lot_move", "refund", "refund_line")
# Per unit, over all accounts there are; and per member what is kept against what was written.
ALL_TOGETHER = "SELECT unit, sum(amount) AS amount FROM entry GROUP BY unit"
APART = """
SELECT count(*) FROM balance AS b JOIN account AS a ON a.id = b.account_id
WHERE b.amount <> (SELECT coalesce(sum(amount), 0) FROM entry AS e WHERE e.account_id = a.id)
"""


@pytest.fixture
async def scene(db: None, now: datetime, tmp_path: Path) -> tuple[TillFacts, MadeMember]:
    await apply_points(tmp_path, now)
    till, _ = await make_till(now, partner="shop", outlet="shop-one")
    return till, await make_member(now)


async def write(*amounts: int, member: MadeMember, now: datetime) -> None:
    """Entries on the shared account and a member's, past every use case."""
    made = uuid7()
    account = await database.fetchval("SELECT qualifying_account FROM member_standing WHERE member_id = $1", member.id)
    async with work() as tx:
        await tx.execute(
            "INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)"
            " VALUES ($1, 'PURCHASE', $1, NULL, $2, $2)",
            *(made, now),
        )
        for owner, amount in zip((QUALIFIED, account), amounts, strict=False):
            await tx.execute(
                "INSERT INTO entry (transaction_id, account_id, unit, amount) VALUES ($1, $2, 'QRUB', $3)",
                *(made, owner, amount),
            )


@pytest.mark.parametrize("amounts", [(-100, 99), (-100,), (100, 100)])
async def test_entries_that_do_not_sum_to_zero_are_refused_at_the_commit(
    amounts: tuple[int, ...], scene: tuple[TillFacts, MadeMember], now: datetime
) -> None:
    """INV-01, I-01: not in code alone; and a transaction that does is taken, so the refusal is about the sum."""
    before = await state()
    with pytest.raises(Violation, match="entry_sums_to_zero"):
        await write(*amounts, member=scene[1], now=now)
    assert await state() == before
    await write(-100, 100, member=scene[1], now=now)


@pytest.mark.parametrize("table", FACTS)
async def test_facts_are_only_added(
    table: str, scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """INV-02, I-26: nobody edits or deletes a movement, its entries, what lots gave, or a return."""
    till, member = scene
    made = await buy(resources, till, member, [goods(1_000)], now)
    await give_back(resources, till, made, now + timedelta(minutes=1))
    column = (await database.fetchval(
        "SELECT column_name FROM information_schema.columns WHERE table_name = $1 ORDER BY ordinal_position LIMIT 1", table
    ))  # fmt: skip
    assert await database.fetchval(f"SELECT count(*) FROM {table}") > 0
    before = await state()
    for sql in (f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"):
        with pytest.raises(Violation, match=f"{table}_append_only"):
            await database.execute(sql)
    assert await state() == before


async def test_a_reversal_names_its_original_and_is_written_once(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-27: each return reverses the movement of its receipt, together never more than it; none is written twice."""
    till, member = scene
    made = await buy(resources, till, member, [goods(1_000, quantity=3000)], now)
    for part in (1000, 2000):
        await give_back(resources, till, made, now + timedelta(minutes=1), (0, part))
    rows = await database.fetch(
        "SELECT r.kind, o.kind AS original, o.cause_id, sum(e.amount) FILTER (WHERE e.account_id <> $1) AS back,"
        " (SELECT sum(amount) FROM entry WHERE transaction_id = o.id AND account_id <> $1) AS whole"
        " FROM ledger_transaction AS r JOIN ledger_transaction AS o ON o.id = r.reverses"
        " JOIN entry AS e ON e.transaction_id = r.id WHERE r.kind = 'REFUND' GROUP BY r.id, o.id",
        QUALIFIED,
    )
    assert {(row["kind"], row["original"], row["cause_id"]) for row in rows} == {
        ("REFUND", "PURCHASE", made.purchase.id)
    }
    assert sum(row["back"] for row in rows) == -rows[0]["whole"] == -1_000_00
    with pytest.raises(Violation, match="kind"):
        await database.execute(
            "INSERT INTO ledger_transaction (id, kind, cause_id, reverses, occurred_at, recorded_at)"
            " SELECT $1, kind, cause_id, reverses, occurred_at, recorded_at FROM ledger_transaction WHERE kind = 'REFUND' LIMIT 1",
            uuid7(),
        )
    assert await check_books(now + timedelta(minutes=2)) == []


async def test_every_snapshot_sums_to_zero_while_a_dozen_write(
    scene: tuple[TillFacts, MadeMember], resources: Resources, now: datetime
) -> None:
    """I-02, I-03, I-37, INV-03: whoever reads between any two commits sees books that balance, and balances that are theirs."""
    till, member = scene
    others = [await make_member(now) for _ in range(3)]
    seen = 0
    done = asyncio.Event()

    async def read() -> None:
        nonlocal seen
        while not done.is_set():
            async with work(isolation="repeatable_read") as tx:
                sums = await tx.fetch(ALL_TOGETHER)
                assert {row["amount"] for row in sums} <= {0}
                assert await tx.fetchval(APART) == 0
            seen += 1
            await asyncio.sleep(0)

    reader = asyncio.create_task(read())
    made = await rivals(
        *(partial(buy, resources, till, [member, *others][place % 4], [goods(100)], now) for place in range(12))
    )
    await rivals(*(partial(give_back, resources, till, one, now + timedelta(minutes=1)) for one in made[:6]))
    done.set()
    await reader
    assert seen > 1
    assert sum([(await standing_of(one.id)).accumulated for one in (member, *others)]) == 6 * 100_00
    assert await check_books(now + timedelta(minutes=2)) == []
