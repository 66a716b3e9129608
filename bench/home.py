"""How many homes of the cabinet are read a second, against the same JSON from a route written by hand."""

from dataclasses import dataclass, field
from itertools import cycle
from typing import Any, Final

import orjson

from bench.children import Child
from bench.documents import HOME, digest
from bench.house import House
from bench.laps import Look, WrongAnswer, drive, get, post
from bench.results import Pace, Row, Target

RATIO_MIN: Final = 0.2
_PERSISTED: Final = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": digest(HOME)}}}


@dataclass(slots=True)
class Home:
    """Twenty purchases with lines and reasons: as a trusted document, as a free one, and by hand."""

    trusted: Pace = field(default_factory=Pace)
    free: Pace = field(default_factory=Pace)
    by_hand: Pace = field(default_factory=Pace)
    compared: bool = False

    async def round(self, house: House) -> None:
        """All three, after a look whether they say the same."""
        ways: list[tuple[Pace, Child, list[bytes], Look]] = [
            (self.trusted, house.server, _posts(house, _PERSISTED), _sane),
            (self.free, house.server, _posts(house, {"query": HOME}), _sane),
            (self.by_hand, house.by_hand, [get("/home", authorization=each) for each in _bearers(house)], _said),
        ]
        if not self.compared:
            await self._compare(ways)
        for pace, child, requests, look in ways:
            before = child.cpu_seconds()
            lap = await drive(
                child.port,
                cycle(requests),
                look=look,
                connections=house.scale.connections,
                seconds=house.scale.seconds,
            )
            pace.add(lap, child.cpu_seconds() - before)

    def rows(self) -> list[Row]:
        """What was found."""
        best, target = self.by_hand.rate, Target(RATIO_MIN)
        return [
            self.trusted.row("cabinet home, trusted document", "route by hand", best, target),
            self.free.row("cabinet home, free document", "route by hand", best, target),
            self.by_hand.row("the route by hand itself"),
        ]

    async def _compare(self, ways: list[tuple[Pace, Child, list[bytes], Look]]) -> None:
        told: list[list[Any]] = []
        for _, child, requests, _ in ways:
            answers: list[Any] = []
            await drive(child.port, iter(requests), look=_keeper(answers), connections=1)
            told.append([answer["data"]["me"] if "data" in answer else answer for answer in answers])
        if not told[0] == told[1] == told[2]:
            raise WrongAnswer("GraphQL and the route by hand do not say the same")
        self.compared = True


def _keeper(answers: list[Any]) -> Look:
    return lambda body: answers.append(orjson.loads(body))


def _bearers(house: House) -> list[str]:
    return [f"Bearer {guest.token}" for guest in house.guests]


def _posts(house: House, body: dict[str, Any]) -> list[bytes]:
    return [post(body, authorization=each) for each in _bearers(house)]


def _sane(body: bytes) -> None:
    if b'"errors"' in body or b'"items":[{' not in body:
        raise WrongAnswer(body[:600].decode(errors="replace"))


def _said(body: bytes) -> None:
    if b'"items":[{' not in body:
        raise WrongAnswer(body[:600].decode(errors="replace"))
