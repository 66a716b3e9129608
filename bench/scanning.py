"""How many scans a second become tickets."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle, islice, product
from uuid import uuid4

from api.clock import now
from bench.documents import IDENTIFY
from bench.house import House
from bench.laps import drive, post, proof
from bench.people import Phone
from bench.results import Pace, Row
from loyalty import codes


@dataclass(slots=True)
class Scanning:
    """Every scan brings a fresh code of another phone."""

    pace: Pace = field(default_factory=Pace)

    async def round(self, house: House) -> None:
        """Codes of this half of a minute, each scanned once."""
        requests = list(islice(_requests(house), house.scale.scans))
        before = house.server.cpu_seconds()
        lap = await drive(
            house.server.port,
            iter(requests),
            look=proof("identify", "Identified"),
            connections=house.scale.connections,
        )
        self.pace.add(lap, house.server.cpu_seconds() - before)

    def rows(self) -> list[Row]:
        """What was found."""
        return [self.pace.row("identify")]


def _requests(house: House) -> Iterator[bytes]:
    devices = range(len(house.guests[0].phones))
    phones = [guest.phones[device] for device, guest in product(devices, house.guests)]
    for phone, counter in zip(phones, cycle(house.counters), strict=False):
        variables = {"scanId": str(uuid4()), "code": _code(phone)}
        yield post({"query": IDENTIFY, "variables": variables}, authorization=f"Till {counter.key}")


def _code(phone: Phone) -> str:
    """The digits of a step that this phone has not shown yet: rounds are shorter than steps, so the first is of before."""
    phone.last_step = max(phone.last_step + 1, codes.step_at(int(now().timestamp())) - 1)
    key = phone.keys[codes.day_of(phone.last_step)]
    first22 = f"{codes.PREFIX}{phone.handle}{codes.otp(key, phone.last_step)}"
    return first22 + codes.check_of(first22)
