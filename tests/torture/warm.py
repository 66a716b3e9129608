"""Servers that begin at once: forked from a process that has read every module and made the schema already.

A storm of a thousand kills starts five hundred servers. Reading modules is most of a start and none of what is tried, so
one process does it for all; what it forks runs `kunak serve` from its first line and dies like any other process.
"""

import json
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.postgres import die_with

ROOT: Final = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Born:
    """A server's process, held by a descriptor that no later process with its number can be taken for."""

    pid: int
    descriptor: int

    def poll(self) -> bool:
        """Whether it has ended."""
        return bool(select.select([self.descriptor], [], [], 0)[0])

    def send_signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it still runs."""
        if not self.poll():
            signal.pidfd_send_signal(self.descriptor, number)

    def wait(self, seconds: float) -> None:
        """Return when it has ended. Raises TimeoutError."""
        if not select.select([self.descriptor], [], [], seconds)[0]:
            raise TimeoutError(f"process {self.pid} has not ended within {seconds:.0f} s")
        os.close(self.descriptor)


class Warm:
    """The process that servers are forked from."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self._process = process

    def serve(self, environment: Mapping[str, str], log: Path) -> Born:
        """Begin a server with this environment and nothing else of it, which writes to `log`."""
        asked, said = self._process.stdin, self._process.stdout
        assert asked is not None
        assert said is not None
        asked.write(json.dumps({"environment": dict(environment), "log": str(log)}).encode() + b"\n")
        asked.flush()
        pid = int(said.readline())
        return Born(pid, os.pidfd_open(pid))


@contextmanager
def warmed() -> Iterator[Warm]:
    """The process, gone after the block with whatever is left of what it has forked."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.torture.warm"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - two system calls
    )
    with process:
        try:
            yield Warm(process)
        finally:
            process.terminate()


def main() -> None:
    """Fork a server for every line of the input and tell its number."""
    from api.cli import app  # noqa: PLC0415 - this process alone is to be slow
    from graph.schema import schema  # noqa: PLC0415

    schema()
    for line in sys.stdin.buffer:
        _bury()
        asked = json.loads(line)
        pid = os.fork()
        if not pid:
            _become(asked["environment"], asked["log"])
            app(["serve"])
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


def _bury() -> None:
    """Take leave of children that have ended: not before, so that their numbers are not given away meanwhile."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def _become(environment: Mapping[str, str], log: str) -> None:
    die_with(os.getppid())()
    os.environ.clear()
    os.environ.update(environment)
    nothing, written = os.open(os.devnull, os.O_RDONLY), os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(nothing, 0)
    for descriptor in (1, 2):
        os.dup2(written, descriptor)


if __name__ == "__main__":
    main()
