"""A real house with a programme, the sandbox beside it, and one port outside that counts whoever comes."""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from typer.testing import CliRunner

from api import clock
from api.cli import app
from api.opening import run
from api.sandbox import opening
from models import database
from services import programmes
from tests.conftest import Server
from tests.makers.people import make_member
from tests.makers.processes import free_port

ROOT = Path(__file__).parents[2]
KUNAK = [sys.executable, "-c", "from api.cli import app; app()"]
T = TypeVar("T")


class Outside:
    """Everything that the settings of the real house lead to: one port that counts who comes."""

    def __init__(self) -> None:
        self.came = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._count, daemon=True).start()

    @property
    def at(self) -> str:
        return f"127.0.0.1:{self.port}"

    def close(self) -> None:
        self._socket.close()

    def _count(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                self.came += 1
                connection.close()


@dataclass
class House:
    """A real house with a programme of points, and the command."""

    url: str
    environment: dict[str, str]
    outside: Outside

    def __call__(self, *words: str, **more: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(app, list(words), env=self.environment | more)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.stdout, result.stderr

    def done(self, *words: str, **more: str) -> str:
        code, said, trouble = self(*words, **more)
        assert code == 0, trouble
        return said

    def start(self, *words: str, **more: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen([*KUNAK, *words], cwd=ROOT, env={**os.environ, **self.environment, **more})

    def inside(self, task: Callable[[], Awaitable[T]]) -> T:
        """Something done in the sandbox's database."""
        return on(opening.url_beside(self.url), task)


def on(url: str, task: Callable[[], Awaitable[T]]) -> T:
    """Something done in a database."""

    async def connected() -> T:
        await database.connect(url, connections=4)
        try:
            return await task()
        finally:
            programmes.forget()
            await database.close()

    return run(connected)


@contextmanager
def house_of(url: str, server: Server, folder: Path, programme: str) -> Iterator[House]:
    """A house whose every setting of an outside system leads to one port, with a member and this programme in force."""
    outside = Outside()
    at = outside.at
    environment = {
        "DATABASE_URL": url,
        "KUNAK_HOME": str(folder / "home"),
        "SMTP_URL": f"smtp://{at}",
        "KUNAK_SMTP_PLAIN": "yes",
        "REDIS_URL": f"redis://{at}/0",
        "KUNAK_SMS_GATEWAYS": "smsaero",
        "KUNAK_SMSAERO_URL": f"http://{at}",
        "KUNAK_SMSAERO_LOGIN": "operator@card.test",
        "KUNAK_SMSAERO_KEY": "key",
        "KUNAK_SMSAERO_SIGN": "CARD",
        "KUNAK_TRAVELLINE_URL": f"http://{at}",
        "KUNAK_TRAVELLINE_CLIENT_ID": "client",
        "KUNAK_TRAVELLINE_CLIENT_SECRET": "secret",
        "KUNAK_YOOKASSA_URL": f"http://{at}",
        "KUNAK_YOOKASSA_SHOP_ID": "1",
        "KUNAK_YOOKASSA_SECRET_KEY": "secret",
        "KUNAK_IIKO_URL": f"http://{at}",
        "KUNAK_IIKO_API_KEY": "key",
        "KUNAK_WEBHOOK_NETWORKS": "127.0.0.0/8",
        "PORT": str(free_port()),
    }
    made = House(url, environment, outside)
    file = folder / "points.yaml"
    file.write_text(programme, encoding="utf-8")
    made.done("programme", "apply", str(file))
    on(url, lambda: make_member(datetime.now(UTC)))  # noqa: TID251 - commands have the real clock
    try:
        yield made
    finally:
        outside.close()
        clock.move(timedelta(0))
        name = urlsplit(opening.url_beside(url)).path.removeprefix("/")
        run(lambda: server.run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
