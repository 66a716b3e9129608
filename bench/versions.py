"""Other versions of the programme of the bench, put in force for a figure and taken back behind it."""

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from api.clock import now
from bench.house import PROGRAMME
from services import programmes

# Longer than a process goes on with the version it has.
SEEN_SECONDS: Final = 1.2
# So much that a receipt of some roubles has a lot.
EARNS_PERCENT: Final = 50
_COUNTS: Final = re.compile(r"^( *)accumulates: true$", re.MULTILINE)
_POINTS: Final = """
points:
  unit:
    name: {ru: Баллы, en: Points}
    one: {ru: балл, en: point}
    few: {ru: балла, en: points}
    many: {ru: баллов, en: points}
  worth: 1
  rounding: DOWN
  life_days: 365
  hold_minutes: 10
"""


def usual() -> str:
    """The text of the programme of the bench."""
    return PROGRAMME.read_text(encoding="utf-8")


def with_points() -> str:
    """The same with points: whatever counts towards a tier earns, in lots that end after a year."""
    text = _COUNTS.sub(rf"\1accumulates: true\n\1earns: {EARNS_PERCENT}", usual())
    ends = text.index("\npartners:")
    return f"{text[:ends]}{_POINTS}{text[ends:]}"


@asynccontextmanager
async def in_force(text: str) -> AsyncIterator[None]:
    """Another version inside the block, and the usual one behind it; the server has seen either when it begins."""
    await _apply(text)
    try:
        yield
    finally:
        await _apply(usual())


async def _apply(text: str) -> None:
    with tempfile.TemporaryDirectory(prefix="kunak-bench-") as folder:
        file = Path(folder) / "programme.yaml"
        file.write_text(text, encoding="utf-8")
        applied = await programmes.apply(file, now())
    if applied.version is None:
        raise ValueError([finding.told("programme.yaml") for finding in applied.checked.faults])
    await asyncio.sleep(SEEN_SECONDS)
