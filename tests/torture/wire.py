"""One question to a server that may die at any moment: an answer that decides, or the word that there was none."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

import httpx2

from tests.torture.ground import Server
from tests.torture.history import History

PATIENCE_SECONDS: Final = 90.0
NOT_NOW: Final = "BUSY"


class Lost(Exception):
    """No answer that decides: the connection broke, or the server said to come again."""


@dataclass
class Wire:
    """A client of all servers: it goes to any that is not known to be down."""

    servers: list[Server]
    history: History
    chance: Random
    http: httpx2.AsyncClient

    async def ask(self, document: str, variables: Mapping[str, Any], authorization: str) -> Any:
        """The value of the one root field. Raises `Lost`."""
        open_ones = [server for server in self.servers if server.ready] or self.servers
        try:
            answer = await self.http.post(
                f"{self.chance.choice(open_ones).url}/graphql",
                json={"query": document, "variables": dict(variables)},
                headers={"Authorization": authorization},
            )
            body = answer.json()
        except (httpx2.HTTPError, ValueError) as cut:
            self.history.interruptions[type(cut).__name__] += 1
            raise Lost from cut
        if body.get("errors"):
            self._trouble(answer.status_code, body["errors"])
            raise Lost
        told = next(iter(body["data"].values()))
        if told.get("code") == NOT_NOW:
            self.history.interruptions[NOT_NOW] += 1
            raise Lost
        return told

    async def insist(self, document: str, variables: Mapping[str, Any], authorization: str) -> Any:
        """Ask until there is an answer that decides."""
        patience = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return await self.ask(document, variables, authorization)
            except Lost:
                if time.monotonic() > patience:
                    self.history.faults.append(f"no answer within {PATIENCE_SECONDS:.0f} s")
                    raise
                await asyncio.sleep(self.chance.uniform(0.02, 0.15))

    def _trouble(self, status: int, errors: list[dict[str, Any]]) -> None:
        code = errors[0].get("extensions", {}).get("code", "")
        self.history.interruptions[code or str(status)] += 1
        if code != NOT_NOW:
            self.history.faults.append(f"{status} {errors[0]}")
