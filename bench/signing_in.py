"""How many people a second sign in, against the password hash alone, which is meant to be slow."""

import asyncio
from dataclasses import dataclass, field
from itertools import cycle, islice
from time import perf_counter
from typing import Final

from bench.documents import SIGN_IN
from bench.house import House
from bench.laps import drive, post, proof
from bench.people import PASSWORD
from bench.results import Pace, Row, Series
from services.passwords import Hasher

# Enough to keep every thread of the server busy; a longer line in front of them is refused after two seconds, as it should.
CONNECTIONS: Final = 4


@dataclass(slots=True)
class SigningIn:
    """The right password of another guest each time, and Argon2id in as many threads without anything round it."""

    pace: Pace = field(default_factory=Pace)
    alone: Series = field(default_factory=Series)

    async def round(self, house: House) -> None:
        """Sign-ins by HTTP, then as many plain verifications."""
        count = house.scale.sign_ins
        requests = [
            post({"query": SIGN_IN, "variables": {"login": guest.email, "password": PASSWORD}})
            for guest in house.guests
        ]
        before = house.server.cpu_seconds()
        lap = await drive(
            house.server.port,
            islice(cycle(requests), count),
            look=proof("signIn", "SignedIn"),
            connections=CONNECTIONS,
        )
        self.pace.add(lap, house.server.cpu_seconds() - before)
        self.alone.values.append(await _verifications(count))

    def rows(self) -> list[Row]:
        """What was found."""
        return [self.pace.row("sign in", "Argon2id alone", self.alone)]


async def _verifications(count: int) -> float:
    hasher = Hasher(waiting=count, seconds=60)
    try:
        kept = await hasher.hash(PASSWORD)
        started = perf_counter()
        await asyncio.gather(*(hasher.verify(kept, PASSWORD) for _ in range(count)))
        return count / (perf_counter() - started)
    finally:
        hasher.close()
