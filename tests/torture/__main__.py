"""`python -m tests.torture`: kills servers and sessions in the middle of a day's work, then looks whether all is there once."""

import argparse
import os
import sys
from random import SystemRandom

from api.opening import run
from tests.torture.ground import private_postgres
from tests.torture.running import Report, Wanted, on_server

SHOWN = 10


def main() -> int:
    """Run, print the report, and give 0 when every kill was made and nothing was found."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(1_000_000), help="of everything random")
    parser.add_argument("--minutes", type=float, default=45.0, help="no kill after so many, and the run is no success")
    parser.add_argument("--clients", type=int, default=8)
    asked = parser.parse_args()
    wanted = Wanted(kills=asked.kills, seed=asked.seed, clients=asked.clients, seconds=asked.minutes * 60)
    print(f"seed {wanted.seed}: {wanted.kills} kills, {wanted.clients} clients, {wanted.servers} servers", flush=True)
    with private_postgres(wanted.options) as (home, postgres):
        report = run(lambda: on_server(home, postgres, wanted, lambda line: print(line, file=sys.stderr, flush=True)))
    print(told(report))
    return int(not report.is_clean)


def told(report: Report) -> str:
    """The report for people."""
    kills, history, verdict = report.kills, report.history, report.verdict
    median, longest = kills.recovery_seconds
    posts, refunds = history.of("post"), history.of("refund")
    trouble = [*verdict.lost, *verdict.doubled, *verdict.wrong]
    seen = f"{kills.inside} inside a transaction, {kills.written} of them after a write"
    answered = [sum(one.done is not None for one in those) for those in (posts, refunds)]
    silence = f"{history.lost_answers} answers were lost, {history.replays} replays heard the same again"
    lines = [
        f"{os.cpu_count()} cores, {report.seconds / 60:.1f} minutes, seed {report.wanted.seed}",
        f"kills: {kills.made} of {report.wanted.kills} ({kills.servers} servers, {kills.sessions} sessions of PostgreSQL)",
        f"  seen while the victim stood still: {seen}; {kills.held} with points put aside; {kills.unseen} not seen",
        f"  from a kill to the next answer: median {median:.2f} s, longest {longest:.2f} s",
        f"commands: {len(posts)} posts, {answered[0]} answered; {len(refunds)} returns, {answered[1]} answered",
        f"  {silence}; refused by rule: {_counted(history.refusals)}",
        f"  interruptions: {_counted(history.interruptions)}",
        f"reservations: {_counted(report.holds)}",
        report.rivalry.told(),
        f"`kunak books check`: {'the books balance' if report.books == (0, '') else report.books}",
        f"lost: {len(verdict.lost)}, doubled: {len(verdict.doubled)}, wrong: {len(verdict.wrong)}",
        *(f"  {line}" for line in trouble[:SHOWN]),
    ]
    return "\n".join(lines)


def _counted(found: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in sorted(found.items())) or "none"


if __name__ == "__main__":
    sys.exit(main())
