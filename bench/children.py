"""Processes that a run starts and ends with itself, and what the kernel knows about them."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from api.postgres import die_with

ROOT: Final = Path(__file__).parents[1]
READY_SECONDS: Final = 60.0
STOP_SECONDS: Final = 30.0
_PARENT: Final = 1
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_KEPT: Final = ("PATH", "HOME", "LANG", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Child:
    """A server of ours: its port, and the process to look at."""

    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """Seconds of processor time it has used."""
        return sum(_ticks(self.pid)[:2]) / _TICKS

    def peak_mib(self) -> float:
        """The most memory it ever had in use, in MiB."""
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("the kernel does not tell the peak of a process")


@asynccontextmanager
async def running(module: str, log: Path, settings: Mapping[str, str]) -> AsyncIterator[Child]:
    """A Python module that serves HTTP on a free port, for as long as the block runs. It ends with us, however we end."""
    port = free_port()
    environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: ASYNC220 - it returns at once
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=environment | dict(settings) | {"PORT": str(port)},
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            preexec_fn=die_with(os.getpid()),  # noqa: PLW1509 - two system calls, on the main thread
        )
    try:
        await _answering(process, port, log)
        yield Child(port, process.pid)
    except Exception as fault:
        await asyncio.sleep(0.2)  # what went wrong is told after the answer that says so
        fault.add_note(f"{module} said: {_last_words(log) or 'nothing'}")
        raise
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]


async def _answering(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    async with asyncio.timeout(READY_SECONDS):
        while True:
            if process.poll() is not None:
                raise RuntimeError("a server ended while starting: " + _last_words(log))
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
            else:
                writer.close()
                return


def family_cpu_seconds(parent: int) -> float:
    """Seconds of processor time that a process and its children have used, those that have ended included."""
    ticks = sum(_ticks(parent))
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if _fields(int(folder.name))[_PARENT] == str(parent):
                ticks += sum(_ticks(int(folder.name))[:2])
        except OSError:
            continue
    return ticks / _TICKS


def _fields(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _ticks(pid: int) -> list[int]:
    """Its own time in user and kernel mode, then that of its children that have ended."""
    return [int(each) for each in _fields(pid)[11:15]]


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
