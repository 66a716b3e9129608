"""One whole run: rivals, then the storm with its kills, then rest, a last look, and the verdict."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

import asyncpg
import httpx2

from api.clock import now
from api.postgres import Postgres
from integrations.transport import Transport
from models import database
from services.points.clockwork import settle_due
from tests.torture.clients import Board, Client
from tests.torture.ground import GRANTED, Ground, opened
from tests.torture.history import FinalRead, History, Verdict, check
from tests.torture.nemesis import Kills, Nemesis
from tests.torture.rivals import Rivalry, rival
from tests.torture.wire import Wire

HOLDS_END_SECONDS: Final = 150.0
STEP_SECONDS: Final = 10.0
_PURCHASES: Final = """
SELECT p.id::text AS id, receipt_number AS number, member_id::text AS member, p.net,
    coalesce(sum(l.points_earned), 0)::bigint AS earned, coalesce(sum(l.points_spent), 0)::bigint AS spent
FROM purchase AS p JOIN purchase_line AS l ON l.purchase_id = p.id WHERE receipt_number NOT LIKE 'V%' GROUP BY p.id
"""
_REFUNDS: Final = """
SELECT r.id::text AS id, r.number, p.member_id::text AS member, r.net,
    coalesce(sum(l.points_spent), 0)::bigint AS given, coalesce(sum(l.points_earned), 0)::bigint AS taken
FROM refund AS r JOIN purchase AS p ON p.id = r.purchase_id JOIN refund_line AS l ON l.refund_id = r.id
GROUP BY r.id, p.member_id
"""
_STANDINGS: Final = """
SELECT s.member_id::text AS member, s.purchases, p.available + p.pending + p.held - p.debt AS points
FROM member_standing AS s JOIN member_points AS p USING (member_id)
"""
_HOLDS: Final = "SELECT status, count(*) FROM points_hold GROUP BY status"
_STAND: Final = "SELECT count(*) FROM points_hold WHERE status = 'ACTIVE'"
# Some of the rivals' receipts belong to a member of the storm's cast too: they are told apart by their numbers.
_RIVALS: Final = """
SELECT p.member_id::text AS member, sum(l.net)::bigint AS net, sum(l.points_earned)::bigint AS earned
FROM purchase AS p JOIN purchase_line AS l ON l.purchase_id = p.id WHERE receipt_number LIKE 'V%' GROUP BY p.member_id
"""
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Wanted:
    """How much of everything."""

    kills: int
    seed: int
    clients: int = 8
    guests: int = 8
    tills: int = 6
    servers: int = 3
    rounds: int = 4
    seconds: float = 40 * 60.0
    waits_for_holds: bool = True  # the worker ends them in its own time; else what the worker does is done here
    options: dict[str, str] = field(default_factory=dict)


@dataclass
class Report:
    """What happened."""

    wanted: Wanted
    kills: Kills
    history: History
    verdict: Verdict
    rivalry: Rivalry
    holds: dict[str, int]
    books: tuple[int, str]
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether every kill was made and nothing at all was found."""
        return (
            self.kills.made == self.wanted.kills
            and self.verdict.is_clean
            and self.books == (0, "")
            and self.rivalry.serialised
            and self.rivalry.server_errors == 0
        )


async def on_server(home: Path, postgres: Postgres, wanted: Wanted, tell: Tell) -> Report:
    """The whole run on a PostgreSQL that is this run's own."""
    started = time.monotonic()
    async with opened(home, postgres, servers=wanted.servers, tills=wanted.tills, guests=wanted.guests) as ground:
        rivalry = await rival(ground, Random(wanted.seed), rounds=wanted.rounds)
        tell(rivalry.told())
        board, history = Board(ground.cast), History()
        nemesis = Nemesis(ground, board, Random(wanted.seed + 1))
        await _storm(ground, board, history, nemesis, wanted, until=started + wanted.seconds, tell=tell)
        tell("waiting until every reservation has ended")
        holds = await _rested(ground, wanted)
        verdict = check(history, await _final(ground, holds), granted=GRANTED)
        books = await ground.books()
    return Report(wanted, nemesis.kills, history, verdict, rivalry, holds, books, time.monotonic() - started)


async def _storm(
    ground: Ground, board: Board, history: History, nemesis: Nemesis, wanted: Wanted, *, until: float, tell: Tell
) -> None:
    """Clients and kills side by side; what a client runs into ends the run."""
    limits = httpx2.Limits(max_connections=100)
    async with httpx2.AsyncClient(timeout=15, transport=Transport(limits=limits)) as http:
        clients = [
            Client(
                ground.cast.tills[place % len(ground.cast.tills)],
                board,
                Wire(ground.servers, history, chance, http),
                chance,
            )
            for place in range(wanted.clients)
            for chance in [Random(wanted.seed * 1000 + place)]
        ]
        spoken = time.monotonic()

        def progress(kills: Kills) -> None:
            nonlocal spoken
            if time.monotonic() > spoken + STEP_SECONDS or kills.made == wanted.kills:
                spoken = time.monotonic()
                tell(f"{kills.made} of {wanted.kills} kills, {history.answered} commands answered")

        async with asyncio.TaskGroup() as group:
            for client in clients:
                group.create_task(client.run())
            await nemesis.run(wanted.kills, until=until, tell=progress)
            board.stopped = True


async def _rested(ground: Ground, wanted: Wanted) -> dict[str, int]:
    """How many reservations ended in which way, once none stands: each ends by itself within a minute of its own."""
    connection = await ground.connection()
    try:
        if not wanted.waits_for_holds:
            await database.connect(ground.url(), connections=2)
            await settle_due(now() + timedelta(minutes=3))
            await database.close()
        end = time.monotonic() + HOLDS_END_SECONDS
        while await connection.fetchval(_STAND) and time.monotonic() < end:
            await asyncio.sleep(0.5)
        return {row["status"]: row["count"] for row in await connection.fetch(_HOLDS)}
    finally:
        await connection.close()


async def _final(ground: Ground, holds: dict[str, int]) -> FinalRead:
    connection: asyncpg.Connection[Any] = await ground.connection()
    try:
        rivals = {row["member"]: row for row in await connection.fetch(_RIVALS)}
        standings = {
            row["member"]: {
                "purchases": row["purchases"] - (rivals[row["member"]]["net"] if row["member"] in rivals else 0),
                "points": row["points"] - (rivals[row["member"]]["earned"] if row["member"] in rivals else 0),
            }
            for row in await connection.fetch(_STANDINGS)
        }
        return FinalRead(await connection.fetch(_PURCHASES), await connection.fetch(_REFUNDS), standings, holds)
    finally:
        await connection.close()
