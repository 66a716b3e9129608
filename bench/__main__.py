"""`python -m bench`: every figure in interleaved rounds, one table, and an exit code that says whether the targets hold."""

import argparse
import os
import platform
import signal
import sys
import time
from dataclasses import replace
from types import FrameType
from typing import Final, Protocol

from rich.console import Console
from rich.status import Status

from api.clock import now
from api.opening import run
from api.postgres import Postgres
from bench import pgbench
from bench.campaigning import Campaigning
from bench.home import Home
from bench.house import QUICK, House, Scale, Tell, opened, private_postgres
from bench.laps import WrongAnswer
from bench.posting import Posting
from bench.quoting import Quoting
from bench.results import Row, Series, Target, table
from bench.scanning import Scanning
from bench.signing_in import SigningIn
from services.ledger import check_books

PEAK_MIB_MAX: Final = 200.0
ROUNDS_SECONDS_MAX: Final = 230.0
# Two figures post: their receipts have numbers apart.
OTHERS_FROM: Final = 10_000_000


class Figure(Protocol):
    """Something that is measured once a round."""

    async def round(self, house: House) -> None:
        """Measure once more."""

    def rows(self) -> list[Row]:
        """What was found in all rounds."""


def main() -> int:
    """Measure and print. 0: every target is met; 1: at least one is not."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny numbers: shows that it runs, and holds no target")
    parser.add_argument("--rounds", type=int, default=0, help="how many rounds instead of 5")
    asked = parser.parse_args()
    scale = QUICK if asked.quick else Scale()
    scale = replace(scale, rounds=asked.rounds or scale.rounds)
    signal.signal(signal.SIGTERM, _leave)
    console = Console(file=sys.stderr, highlight=False)
    started = time.monotonic()
    with console.status("starting PostgreSQL") as status, private_postgres() as postgres:
        tell = _teller(console, status)
        rounds, rows = run(lambda: _measured(postgres, scale, tell))
        machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, PostgreSQL {postgres.binaries.major}"
    missed = [row.what for row in rows if row.is_missed]
    print(
        f"{machine}\n{_told(scale, rounds)}\n\n{table(rows)}\n\nOne post, as pgbench runs it:\n\n{pgbench.text('post')}"
    )
    console.print(
        f"{time.monotonic() - started:.0f} s; {'NOT met: ' + ', '.join(missed) if missed else 'every target met'}"
    )
    return int(bool(missed) and not asked.quick)


async def _measured(postgres: Postgres, scale: Scale, tell: Tell) -> tuple[int, list[Row]]:
    """(rounds, what was found); a slow machine does fewer rounds, so that the run has an end."""
    started = time.monotonic()
    figures: dict[str, Figure] = {
        "quotes": Quoting(),
        "posts": Posting(),
        "homes": Home(),
        "scans": Scanning(),
        "sign-ins": SigningIn(),
    }
    async with opened(postgres, scale, tell) as house:
        rounds = 0
        while rounds < scale.rounds and time.monotonic() < started + ROUNDS_SECONDS_MAX:
            rounds += 1
            for what, figure in figures.items():
                tell(f"round {rounds} of {scale.rounds}: {what}")
                await figure.round(house)
        # After all others: it puts other versions in force, and receipts whose quotes are older are priced again.
        others: dict[str, Figure] = {
            "campaigns": Campaigning(),
            "posts with points": Posting(with_points=True, posted=OTHERS_FROM),
        }
        for number in range(rounds):
            for what, figure in others.items():
                tell(f"round {number + 1} of {rounds}: {what}")
                await figure.round(house)
        tell("checking the books")
        findings = await check_books(now())
        if findings:
            raise WrongAnswer(f"the books do not balance after the run: {findings[:5]}")
        peak = Series([house.server.peak_mib()])
    rows = [row for figure in (*figures.values(), *others.values()) for row in figure.rows()]
    memory = Row("peak memory of the server", peak, "MiB", target=Target(PEAK_MIB_MAX, at_most=True))
    return rounds, [*rows, memory]


def _told(scale: Scale, rounds: int) -> str:
    return (
        f"{scale.guests} guests with {scale.receipts} receipts each, {scale.connections} connections, one server process, "
        f"load and PostgreSQL on the same cores, median of {rounds} interleaved rounds"
    )


def _teller(console: Console, status: Status) -> Tell:
    """Progress as a line that changes on a terminal, and as a few lines elsewhere."""

    def tell(what: str) -> None:
        if console.is_terminal:
            status.update(what)
        elif what.startswith(("round", "checking")):
            console.print(what)

    return tell


def _leave(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main())
