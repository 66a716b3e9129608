"""`python -m bench.growth`: what a scan, a quote, a post, pages and a check of the books cost as the members grow."""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from random import Random
from typing import Final, TypeVar
from uuid import UUID, uuid4

from rich.console import Console

from api.clock import now
from api.opening import make_database, run
from api.postgres import Postgres
from bench.campaigning import crowded
from bench.house import PROGRAMME, private_postgres
from bench.loading import load
from bench.versions import in_force
from loyalty import codes
from loyalty.purchases import BasketLine
from models import database, history
from models.migrating import migrate
from services import programmes
from services.bus import Bus
from services.callers import Caller
from services.cards import aad, issue_card_key
from services.identify import identify
from services.keyring import Keyring
from services.ledger import QUALIFIED, check_books
from services.limits import PostgresLimits
from services.merging import suspects
from services.passwords import Hasher
from services.purchases import Posted, PurchaseCommand, TenderPaid, post_purchase
from services.quotes import quote_purchase
from services.resources import Resources
from services.sessions import open_session
from services.status.contacts import Contacts
from services.tills import TillFacts, add_till
from services.work import work

RECEIPTS: Final = 5  # of two lines each
SAMPLE: Final = 300
PARTNER, OUTLET, SERVICE = "igora", "igora-restaurant", "restaurants"
PAGE: Final = 20
LINES: Final = (BasketLine(SERVICE, "Ужин", 1000, 500_00), BasketLine(SERVICE, "Десерт", 1000, 150_00))
T = TypeVar("T")


def main() -> None:
    """Grow a private database to each size and print a row for it."""
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--members", type=int, nargs="+", default=[10_000, 100_000], help="sizes, rising")
    sizes: list[int] = sorted(parser.parse_args().members)
    console = Console(file=sys.stderr, highlight=False)
    with console.status("starting PostgreSQL") as status, private_postgres() as postgres:
        rows = run(lambda: _measured(postgres, sizes, status.update))
        print(
            f"{os.cpu_count()} cores, PostgreSQL {postgres.binaries.major}, {RECEIPTS} receipts of two lines a member, one at a time; median and p95 in ms"
        )
    print(
        "\n| members | receipts | scan | quote of 20 lines | the same under 50 campaigns | post | page of 20 | page of twins | books check, s | disk a member, KB | loading |"
    )
    print(f"|{' --- |' * 11}")
    print("\n".join(rows))


async def _measured(postgres: Postgres, sizes: list[int], tell: Callable[[str], None]) -> list[str]:
    await make_database(postgres)
    await migrate(postgres.url())
    await database.connect(postgres.url(), connections=4)
    hasher = Hasher()
    try:
        await programmes.apply(PROGRAMME, now())
        till, _ = await add_till("Касса", PARTNER, OUTLET, kind="ORDINARY", channels=["TILL"], now=now())
        resources = Resources(
            keyring=Keyring({1: bytes(32)}),
            hasher=hasher,
            limits=PostgresLimits(),
            bus=Bus(),
            contacts=Contacts(now),
            base_url="http://bench",
        )
        await database.execute(
            "INSERT INTO account (id, owner_kind, owner, purpose, unit)"
            " VALUES ($1, 'PROGRAMME', 'programme', 'qualified', 'QRUB')",
            QUALIFIED,
        )
        rows, have = [], 0
        for size in sizes:
            took = await load(postgres, have + 1, size, till, receipts=RECEIPTS, service=SERVICE, tell=tell)
            rate = f"{took:.0f} s for {size - have:,}"
            have = size
            tell(f"{size} members: measuring")
            rows.append(f"{await _row(postgres, resources, till, size)} {rate} |")
    finally:
        hasher.close()
        await database.close()
    return rows


async def _row(postgres: Postgres, resources: Resources, till: TillFacts, size: int) -> str:
    chance = Random(size)  # noqa: S311 - which members are looked at guards nothing
    numbers = [f"7013{n:012d}" for n in chance.sample(range(1, size + 1), SAMPLE)]
    found = await database.fetch("SELECT id FROM member WHERE number = ANY($1)", numbers)
    members: list[UUID] = [row["id"] for row in found]
    scans, quotes, posts, pages = [], [], [], []
    tickets: list[str] = []
    for member in members:
        moment = now()
        async with work() as tx:
            session, _ = await open_session(tx, member, "BEARER", Caller(address="127.0.0.1", agent="bench"), moment)
        key = await issue_card_key(
            resources.keyring, member_id=member, session_id=session, device="bench", now=moment - timedelta(seconds=60)
        )
        sealed = await database.fetchrow("SELECT id, sealed FROM qr_credential WHERE handle = $1", key.handle)
        assert sealed is not None  # noqa: S101 - it was written a line ago
        root = resources.keyring.open(sealed["sealed"], aad(sealed["id"], member))
        code = codes.code_at(root, key.handle, codes.step_at(int(moment.timestamp())))
        spent, seen = await _timed(lambda: identify(resources, till, scan_id=uuid4(), code=code, now=now()))  # noqa: B023
        scans.append(spent)
        tickets.append(str(seen.ticket))
        quotes.append(await _long_quote(till, tickets[-1]))
        quoted = await quote_purchase(till, ticket=tickets[-1], lines=LINES, channel="TILL", now=now())
        command = PurchaseCommand(
            str(uuid4()), str(quoted.id), f"B{uuid4().hex[:12]}", now(), [TenderPaid("CARD", quoted.priced.net)]
        )
        spent, posted = await _timed(lambda: post_purchase(resources, till, command, now=now()))  # noqa: B023
        assert isinstance(posted, Posted)  # noqa: S101 - nothing else happens here that could change a price
        posts.append(spent)
        pages.append((await _timed(lambda: history.page(member, rows=PAGE)))[0])  # noqa: B023
    # All that are loaded have one name and one birth date: no list of pairs is harder to make.
    twins = [(await _timed(lambda: suspects.find(PAGE, None)))[0] for _ in range(PAGE)]
    async with in_force(crowded()):
        crowds = [await _long_quote(till, ticket) for ticket in tickets]
    disk = await database.fetchval("SELECT pg_database_size(current_database())")
    started = time.perf_counter()
    url = postgres.url()
    await database.close()
    await database.connect(url, connections=2)
    findings = await check_books(now())
    assert findings == []  # noqa: S101 - figures of books that do not balance would be figures of something else
    checked = time.perf_counter() - started
    told = " | ".join(
        f"{statistics.median(one):.1f}, {_p95(one):.1f}" for one in (scans, quotes, crowds, posts, pages, twins)
    )
    return f"| {size:,} | {size * RECEIPTS:,} | {told} | {checked:.1f} | {disk / size / 1000:.1f} |"


async def _long_quote(till: TillFacts, ticket: str) -> float:
    """Milliseconds of a quote of twenty lines."""
    return (await _timed(lambda: quote_purchase(till, ticket=ticket, lines=LINES * 10, channel="TILL", now=now())))[0]


def _p95(series: list[float]) -> float:
    return statistics.quantiles(series, n=20)[-1]


async def _timed(task: Callable[[], Awaitable[T]]) -> tuple[float, T]:
    started = time.perf_counter()
    answer = await task()
    return (time.perf_counter() - started) * 1000, answer


if __name__ == "__main__":
    main()
