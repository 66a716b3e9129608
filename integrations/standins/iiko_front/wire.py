"""The network between a terminal and the server, with everything a network does: by chance that a seed repeats."""

from dataclasses import dataclass
from random import Random
from typing import Any

import httpx2


class Unanswered(Exception):
    """No answer came. What was sent may have arrived."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How often, of a hundred calls, a request is lost, its answer is lost, or it arrives twice."""

    dropped: int = 0
    answers_lost: int = 0
    doubled: int = 0


@dataclass(slots=True)
class Wire:
    """One terminal's way to the server. `is_down` while the cable is out."""

    client: httpx2.AsyncClient
    key: str
    faults: Faults
    chance: Random
    is_down: bool = False
    sent: int = 0

    async def call(self, name: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """(status, answer) of a call. Raises Unanswered."""
        if self.is_down or self._happens(self.faults.dropped):
            raise Unanswered
        answer = await self._post(name, body)
        if self._happens(self.faults.doubled):
            answer = await self._post(name, body)
        if self._happens(self.faults.answers_lost):
            raise Unanswered
        return answer.status_code, answer.json()

    async def _post(self, name: str, body: dict[str, Any]) -> httpx2.Response:
        self.sent += 1
        try:
            return await self.client.post(
                f"/pos/v1/{name}", json=body, headers={"Authorization": f"Till {self.key}"}, timeout=8
            )
        except httpx2.TransportError:
            raise Unanswered from None

    def _happens(self, of_hundred: int) -> bool:
        return self.chance.randrange(100) < of_hundred
