"""How many scans a second become tickets."""

import asyncio
from dataclasses import dataclass, field
from itertools import cycle, islice
from uuid import uuid4

from api.clock import now
from bench.documents import IDENTIFY
from bench.house import House
from bench.laps import drive, post, proof
from bench.people import Counter, Phone
from bench.results import Pace, Row
from loyalty import codes


@dataclass(slots=True)
class Scanning:
    """Every scan brings a fresh code of another phone; a round takes half of the phones, the next one the other half."""

    pace: Pace = field(default_factory=Pace)
    rounds: int = 0

    async def round(self, house: House) -> None:
        """Codes of this half of a minute, each scanned once."""
        phones = [phone for guest in house.guests for phone in guest.phones][self.rounds % 2 :: 2]
        self.rounds += 1
        await _until_fresh(phones)
        requests = [_request(phone, counter) for phone, counter in zip(phones, cycle(house.counters), strict=False)]
        before = house.server.cpu_seconds()
        lap = await drive(
            house.server.port,
            islice(requests, house.scale.scans),
            look=proof("identify", "Identified"),
            connections=house.scale.connections,
        )
        self.pace.add(lap, house.server.cpu_seconds() - before)

    def rows(self) -> list[Row]:
        """What was found."""
        return [self.pace.row("identify")]


async def _until_fresh(phones: list[Phone]) -> None:
    """Wait where rounds are quicker than codes: a phone shows each of them once."""
    next_step = max(phone.last_step for phone in phones) + 1
    await asyncio.sleep(max(0.0, next_step * codes.STEP_SECONDS - now().timestamp()))


def _request(phone: Phone, counter: Counter) -> bytes:
    variables = {"scanId": str(uuid4()), "code": _code(phone)}
    return post({"query": IDENTIFY, "variables": variables}, authorization=f"Till {counter.key}")


def _code(phone: Phone) -> str:
    phone.last_step = _step()
    first22 = f"{codes.PREFIX}{phone.handle}{codes.otp(phone.keys[codes.day_of(phone.last_step)], phone.last_step)}"
    return first22 + codes.check_of(first22)


def _step() -> int:
    return codes.step_at(int(now().timestamp()))
