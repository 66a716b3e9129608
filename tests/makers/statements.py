"""The statements that a call sends to the database, for tests about work instead of time."""

from collections.abc import Awaitable
from typing import Any

from models import database


async def statements_of(call: Awaitable[object]) -> list[str]:
    """Every statement of the pool's connections while the call runs, in one line each."""
    heard: list[str] = []

    def hear(record: Any) -> None:
        heard.append(" ".join(record.query.split()))

    pool: Any = database.opened().client._pool
    connections = [holder._con for holder in pool._holders if holder._con is not None]
    for connection in connections:
        connection.add_query_logger(hear)
    try:
        await call
    finally:
        for connection in connections:
            connection.remove_query_logger(hear)
    return heard
