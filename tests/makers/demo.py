"""The demo as a visitor starts it: a process of its own, with its database, mailbox and description."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx2

from tests.makers.patience import TRIES

ROOT: Final = Path(__file__).parents[2]
# A start takes as long as the machine needs, and tells meanwhile what it is at.
SILENT_SECONDS: Final = 120.0


def free_port() -> int:
    """A port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Demo:
    """A running demo."""

    home: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    programme: str = "znak-kachestva"
    process: subprocess.Popen[bytes] | None = None
    told: dict[str, Any] = field(default_factory=dict)
    clients: list["Client"] = field(default_factory=list)

    def client(self, authorization: str | None = None) -> "Client":
        """A client of this demo, closed with it."""
        made = Client(self.told["url"], {"Authorization": authorization} if authorization else {})
        self.clients.append(made)
        return made

    def start(self) -> None:
        """Start it and wait until it has described itself."""
        log = self.home.parent / f"{self.home.name}.log"
        environment = os.environ | {"PORT": str(self.port), "KUNAK_HOME": str(self.home)} | self.environment
        command = [sys.executable, "-m", "api.cli", "demo", "--programme", self.programme]
        description = self.home / "demo.json"
        description.unlink(missing_ok=True)  # what a killed one left behind
        with log.open("ab") as target:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=target, stderr=target)
        heard, end = 0, time.monotonic() + SILENT_SECONDS
        while not description.exists():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.05)
            if (told := log.stat().st_size) > heard:
                heard, end = told, time.monotonic() + SILENT_SECONDS
        self.told = json.loads(description.read_text())

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it and give its exit code."""
        assert self.process is not None
        while self.clients:
            self.clients.pop().close()
        process, self.process = self.process, None
        process.send_signal(how)
        return process.wait(30)

    def till(self, partner: str, kind: str = "ORDINARY", *, channel: str | None = None) -> dict[str, Any]:
        """A till of a partner."""
        return next(
            till
            for till in self.told["tills"]
            if (till["partner"], till["kind"]) == (partner, kind) and (channel is None or channel in till["channels"])
        )

    def member(self, tier: str, place: int = 0) -> dict[str, Any]:
        """A member of a tier."""
        fitting: list[dict[str, Any]] = [member for member in self.told["members"] if member["tier"] == tier]
        return fitting[place]


@contextmanager
def running_demo(home: Path, programme: str = "znak-kachestva", **environment: str) -> Iterator[Demo]:
    """A demo for the block."""
    demo = Demo(home, free_port(), environment, programme)
    demo.start()
    try:
        yield demo
    finally:
        if demo.process is not None:
            demo.stop()


class Refused(AssertionError):
    """The answer was a Problem or an error where none was expected."""


def _busy(body: dict[str, Any]) -> int | None:
    """After how many seconds to come again, where the answer is BUSY; None where it is anything else."""
    told = [error.get("extensions", {}) for error in body.get("errors", ())] + [*(body.get("data") or {}).values()]
    for one in told:
        if isinstance(one, dict) and one.get("code") == "BUSY":
            assert one.get("retryable") is True, one
            assert one.get("retryAfterSeconds", 0) > 0, one
            return int(one["retryAfterSeconds"])
    return None


@dataclass
class Client:
    """A client written from the contract alone: free documents over HTTP."""

    url: str
    headers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._http = httpx2.Client(timeout=20, headers=self.headers, base_url=self.url)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def post(self, query: str, **variables: Any) -> httpx2.Response:
        """The raw answer."""
        return self._http.post("/graphql", json={"query": query, "variables": variables})

    def ask(self, query: str, **variables: Any) -> Any:
        """The data of an answer without errors; of a single root field, its value.

        BUSY says when to come again, and a client does, with the same keys.
        """
        answer = self.post(query, **variables)
        for _ in range(TRIES - 1):
            wait = _busy(answer.json())
            if wait is None:
                break
            time.sleep(wait)
            answer = self.post(query, **variables)
        body = answer.json()
        if answer.status_code != httpx2.codes.OK or "errors" in body:
            raise Refused(f"{answer.status_code} {body}")
        data = body["data"]
        return next(iter(data.values())) if len(data) == 1 else data

    def get(self, path: str) -> Any:
        """JSON of a path."""
        return self._http.get(path, headers={"Accept": "application/json"}).json()
