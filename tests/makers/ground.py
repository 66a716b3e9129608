"""What random lives stand on, laid anew after so many of them."""

from collections.abc import Awaitable, Callable
from typing import Final, Generic, TypeVar

from tests.conftest import empty_all_tables

# The check of the books at the end of every life reads all that was ever written: without an end to it,
# ten times as many lives take a hundred times as long.
LIVES: Final = 25


T = TypeVar("T")


class Ground(Generic[T]):
    """`await ground()` is what `prepare` made: a programme in force, a till. `db` must be asked for, and is empty at first."""

    def __init__(self, prepare: Callable[[], Awaitable[T]]) -> None:
        self.prepare, self.lives = prepare, 0

    async def __call__(self) -> T:
        if self.lives % LIVES == 0:
            if self.lives:
                await empty_all_tables()
            self.made = await self.prepare()
        self.lives += 1
        return self.made
