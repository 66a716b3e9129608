"""Carrying hints between processes by LISTEN and NOTIFY, on one connection of its own."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import Final
from uuid import UUID

import asyncpg

from loyalty.refusals import Refusal
from models import database
from models.database import Record

CHANNEL: Final = "kunak_activity"
# A payload has at most 8 000 bytes; an id in hexadecimal has 32, and a comma.
MEMBERS_MAX: Final = 200
AGAIN_SECONDS: Final = 1.0
CHECK_SECONDS: Final = 30.0
ARRIVALS_MAX: Final = 10_000
log = logging.getLogger(__name__)


class PostgresCourier:
    """Hints over the database that every process has anyway.

    NOTIFY takes one lock of the whole cluster at COMMIT, so it never rides in a transaction that moves money: the bus
    calls `send` afterwards, at most twenty times a second.
    """

    def __init__(self) -> None:
        self._connection: asyncpg.Connection[Record] | None = None
        self._arrived: asyncio.Queue[UUID | None] = asyncio.Queue(ARRIVALS_MAX)

    async def send(self, members: Collection[UUID]) -> None:
        """Tell every process, this one too."""
        connection = self._connection
        if connection is None:
            return
        names = [member.hex for member in members]
        payloads = [",".join(names[start : start + MEMBERS_MAX]) for start in range(0, len(names), MEMBERS_MAX)]
        with suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            await connection.execute(
                "SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload", CHANNEL, payloads
            )

    async def arrivals(self) -> AsyncIterator[UUID]:
        """Members hinted at by any process. A broken connection is opened anew; the bus polls meanwhile."""
        keeper = asyncio.create_task(self._keep_listening())
        try:
            while (member := await self._arrived.get()) is not None:
                yield member
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            if self._connection is not None:
                self._connection.terminate()

    async def _keep_listening(self) -> None:
        while True:
            try:
                self._connection = await database.connection_apart()
                await self._connection.add_listener(CHANNEL, self._hear)
                while not self._connection.is_closed():
                    # A half-open connection is silent: only a question shows that it is gone.
                    await asyncio.sleep(CHECK_SECONDS)
                    await self._connection.fetchval("SELECT 1", timeout=5)
            except (Refusal, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
                log.info("the connection for hints is lost; listeners poll until it is back")
            if self._connection is not None:
                self._connection.terminate()
            self._connection = None
            await asyncio.sleep(AGAIN_SECONDS)

    def _hear(self, _connection: object, _pid: int, _channel: str, payload: object) -> None:
        for name in str(payload).split(","):
            with suppress(ValueError, asyncio.QueueFull):
                self._arrived.put_nowait(UUID(hex=name))
