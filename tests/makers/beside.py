"""Whether something that hangs beside a till slows it: prices at the till with and without it, best of some rounds."""

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Protocol
from uuid import uuid4

from tests.makers.plugins import Plugin, dish

CALLS = 60
ROUNDS = 12
WORSE = 1.10
SLOW_SECONDS = 5.0


class Standin(Protocol):
    """What counts what it was asked."""

    requests: list[str]


async def p99_of(plugin: Plugin, ticket: str) -> float:
    """The slowest but one of so many prices at the till, in seconds."""
    lines, taken = [dish("1000.00"), dish("333.33")], []
    for _ in range(CALLS):
        begun = perf_counter()
        await plugin.ask("quote", order=str(uuid4()), ticket=ticket, lines=lines)
        taken.append(perf_counter() - begun)
    return sorted(taken)[-2]


async def best_ratio(
    plugin: Plugin,
    ticket: str,
    standin: Standin,
    *,
    slow: Callable[[float], None],
    call: Callable[[], Awaitable[object]],
) -> float:
    """The best of some rounds of p99 with one call hanging at the stand-in over p99 without; infinite where none hung.

    `slow` tells the stand-in how many seconds it thinks, 0 for none.
    """
    ratios = [float("inf")]
    for _ in range(ROUNDS):
        slow(0)
        well = await p99_of(plugin, ticket)
        slow(SLOW_SECONDS)
        asked = len(standin.requests)
        # One call and no more: what else a process does takes its turns, whoever is away.
        task = asyncio.ensure_future(call())
        while len(standin.requests) == asked and not task.done():
            await asyncio.sleep(0.01)
        hung = await p99_of(plugin, ticket)
        if not task.done():
            ratios.append(hung / well)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        if min(ratios) <= WORSE:
            break
    return min(ratios)
