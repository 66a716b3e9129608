"""`python -m bench.backtest`: what fifty campaigns would have done to a hundred thousand receipts, and how long that takes.

The command an operator types, in a process of its own: its time and the most memory it took, each beside its limit.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from rich.console import Console

from api.clock import now
from api.opening import make_database, run
from api.postgres import Postgres
from bench.campaigning import CAMPAIGNS, crowded
from bench.growth import OUTLET, PARTNER, SERVICE
from bench.house import PROGRAMME, private_postgres
from bench.laps import WrongAnswer
from bench.loading import load
from bench.results import Row, Series, Target, number, table
from models import database
from models.migrating import migrate
from services import programmes
from services.ledger import QUALIFIED
from services.tills import add_till

RECEIPTS: Final = 100_000
QUICK: Final = 400
# Receipts of a member, one a week: what each campaign may ask of the guest's past is read for every one of them.
EACH: Final = 20
# 3 ms a receipt, read and priced by both sides: somebody waits for it.
BACKTEST_SECONDS_MAX: Final = 300.0
BACKTEST_MIB_MAX: Final = 200.0
# Longer ago than the first receipt of `grow.sql`.
SINCE: Final = timedelta(days=800)
_COMMAND: Final = [sys.executable, "-c", "from api.cli import app; app()", "campaign", "test"]


@dataclass(frozen=True, slots=True)
class Tested:
    """One run of the command: seconds, MiB at the peak, and the lines it printed by their first word."""

    seconds: float
    mib: float
    told: dict[str, str]


def main() -> int:
    """Fill a private database, run the command, print. 0: both limits are met."""
    parser = argparse.ArgumentParser(prog="python -m bench.backtest", description=__doc__)
    parser.add_argument(
        "--receipts", type=int, default=RECEIPTS, help=f"in hundreds or more, {RECEIPTS} where left out"
    )
    parser.add_argument("--quick", action="store_true", help="a few receipts: shows that it runs, and holds no limit")
    asked = parser.parse_args()
    receipts: int = QUICK if asked.quick else asked.receipts
    console = Console(file=sys.stderr, highlight=False)
    with console.status("starting PostgreSQL") as status, private_postgres() as postgres:
        run(lambda: _filled(postgres, receipts // EACH, status.update))
        status.stop()  # the command shows its own progress
        made = _tested(postgres)
    rows = _rows(made, receipts)
    print(f"{os.cpu_count()} cores, PostgreSQL {postgres.binaries.major}, the command beside it on the same cores\n")
    print(table(rows))
    missed = [row.what for row in rows if row.is_missed]
    console.print("NOT met: " + ", ".join(missed) if missed else "every limit met")
    return int(bool(missed) and not asked.quick)


async def _filled(postgres: Postgres, members: int, tell: Callable[[str], None]) -> None:
    await make_database(postgres)
    await migrate(postgres.url())
    await database.connect(postgres.url(), connections=4)
    try:
        await programmes.apply(PROGRAMME, now())
        till, _ = await add_till("Касса", PARTNER, OUTLET, kind="ORDINARY", channels=["TILL"], now=now())
        await database.execute(
            "INSERT INTO account (id, owner_kind, owner, purpose, unit)"
            " VALUES ($1, 'PROGRAMME', 'programme', 'qualified', 'QRUB')",
            QUALIFIED,
        )
        await load(postgres, 1, members, till, receipts=EACH, service=SERVICE, tell=tell)
    finally:
        await database.close()


def _tested(postgres: Postgres) -> Tested:
    home = postgres.home.parent
    environment = {**os.environ, "DATABASE_URL": postgres.url(), "KUNAK_HOME": str(home)}
    since = (now() - SINCE).date().isoformat()
    with tempfile.TemporaryFile("w+", dir=home, encoding="utf-8") as out:
        file = Path(home) / "crowded.yaml"
        file.write_text(crowded(), encoding="utf-8")
        started = time.perf_counter()
        command = subprocess.Popen([*_COMMAND, str(file), "--from", since], env=environment, stdout=out)
        _, status, usage = os.wait4(command.pid, 0)
        seconds = time.perf_counter() - started
        command.returncode = os.waitstatus_to_exitcode(status)
        if command.returncode:
            raise WrongAnswer(f"the command ended with {command.returncode}")
        out.seek(0)
        told = dict(line.rstrip("\n").split("\t", 1) for line in out)
    return Tested(seconds, usage.ru_maxrss / 1024, told)


def _rows(made: Tested, receipts: int) -> list[Row]:
    done = int(made.told["receipts"].split("\t")[0])
    if (done, made.told["unpriced"]) != (receipts, "0") or made.told["cost"].startswith(("0", "-")):
        raise WrongAnswer(f"the command did not price what it was given: {made.told}")
    what = f"back-test of {number(receipts)} receipts, {CAMPAIGNS} campaigns against none of them"
    note = f"{number(done / made.seconds)} receipts a second; cost {made.told['cost']} ₽, {made.told['members_moved']} members moved"
    return [
        Row(what, Series([made.seconds]), "s", target=Target(BACKTEST_SECONDS_MAX, at_most=True), note=note),
        Row("its peak memory", Series([made.mib]), "MiB", target=Target(BACKTEST_MIB_MAX, at_most=True)),
    ]


if __name__ == "__main__":
    sys.exit(main())
