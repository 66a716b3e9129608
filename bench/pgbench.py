"""What PostgreSQL does alone: scripts of logical statements, run one by one by pgbench with prepared statements."""

import asyncio
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from api.postgres import USER, die_with
from bench.house import RIVAL, RivalDatabase

SCRIPTS: Final = Path(__file__).parent / "sql"
SECONDS_MAX: Final = 120.0
_RATE: Final = re.compile(r"tps = ([0-9.]+) \(without initial connection time\)")
_FAILED: Final = re.compile(r"number of failed transactions: ([0-9]+)")


async def run(
    rival: RivalDatabase, script: str, *, clients: int, transactions: int, variables: Mapping[str, int]
) -> float:
    """Transactions a second of a script."""
    program = rival.programs / "pgbench"
    command = [str(program) if program.exists() else str(shutil.which("pgbench"))]
    command += ["-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-t", str(transactions)]
    command += ["-f", str(SCRIPTS / f"{script}.sql"), "-h", rival.socket, "-U", USER]
    command += [part for name, value in variables.items() for part in ("-D", f"{name}={value}")]
    process = await asyncio.create_subprocess_exec(
        *command,
        RIVAL,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        preexec_fn=die_with(os.getpid()),
    )
    try:
        async with asyncio.timeout(SECONDS_MAX):
            out, err = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    told = out.decode()
    rate, failed = _RATE.search(told), _FAILED.search(told)
    if process.returncode != 0 or rate is None or (failed and failed.group(1) != "0"):
        raise RuntimeError(f"pgbench: {err.decode()[-2000:]}{told}")
    return float(rate.group(1))


def text(script: str) -> str:
    """The script as it is run."""
    return (SCRIPTS / f"{script}.sql").read_text(encoding="utf-8")
