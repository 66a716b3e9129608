"""Carrying hints between processes by Redis pub/sub."""

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import suppress
from typing import Final
from uuid import UUID

from redis.exceptions import RedisError

from integrations.redis.accelerator import Accelerator, client

CHANNEL: Final = "kunak:activity"
AGAIN_SECONDS: Final = 0.5
PATIENCE_SECONDS: Final = 5.0
log = logging.getLogger(__name__)


class RedisCourier:
    """Hints over Redis. While it is away they are lost, and the bus finds everything by its poll."""

    def __init__(self, redis: Accelerator, url: str) -> None:
        self._redis = redis
        self._url = url

    async def send(self, members: Collection[UUID]) -> None:
        """Tell every process, this one too."""
        payload = b"".join(member.bytes for member in members)
        await self._redis.ask(lambda client: client.publish(CHANNEL, payload), 0)

    async def arrivals(self) -> AsyncIterator[UUID]:
        """Members hinted at by any process; subscribes anew after a broken or silent connection."""
        while True:
            listening = client(self._url, timeout_seconds=None)
            try:
                async with listening.pubsub(ignore_subscribe_messages=True) as channel:
                    await channel.subscribe(CHANNEL)
                    while True:
                        async with asyncio.timeout(PATIENCE_SECONDS):
                            message = await channel.get_message(timeout=PATIENCE_SECONDS / 2)
                        if message is None:
                            async with asyncio.timeout(PATIENCE_SECONDS):
                                await channel.ping()
                            continue
                        for member in _members(message["data"]):
                            yield member
            except (RedisError, OSError):
                log.info("the connection for hints is lost; listeners poll until it is back")
            finally:
                with suppress(RedisError, OSError):
                    await listening.aclose()
            await asyncio.sleep(AGAIN_SECONDS)


def _members(payload: object) -> list[UUID]:
    if not isinstance(payload, bytes):
        return []
    return [UUID(bytes=payload[start : start + 16]) for start in range(0, len(payload) - 15, 16)]
