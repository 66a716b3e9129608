"""A card written by somebody who has read the contract and none of our code: 24 digits from a day key, sockets, crowds."""

import base64
import hmac
import json
import struct
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from tests.makers.patience import PATIENCE_SECONDS

STEP_SECONDS: Final = 30


def hkdf(root: bytes, day: str) -> bytes:
    """A day key by RFC 5869, as the server makes it: empty salt, one block."""
    pseudo_random = hmac.digest(bytes(32), root, "sha256")
    return hmac.digest(pseudo_random, f"loyalty-qr/v1/{day}".encode() + b"\x01", "sha256")


def otp(day_key: bytes, step: int) -> str:
    """Eight digits by RFC 4226 over SHA-256."""
    digest = hmac.new(day_key, struct.pack(">Q", step), sha256).digest()
    place = digest[-1] & 15
    number: int = struct.unpack(">I", digest[place : place + 4])[0]
    return f"{(number & 0x7FFFFFFF) % 10**8:08d}"


def payload(handle: str, digits: str) -> str:
    """Prefix, handle, password and the check that makes the number 1 modulo 97."""
    first22 = f"91{handle}{digits}"
    return f"{first22}{98 - int(first22) * 100 % 97:02d}"


def step_now() -> int:
    """The step the server is in, by a clock set like its own."""
    return int(time.time()) // STEP_SECONDS


def quiet_step(seconds: float = 6) -> int:
    """The step of now, which goes on for some seconds more, so that a test is not caught by its end."""
    left = STEP_SECONDS - time.time() % STEP_SECONDS
    if left < seconds:
        time.sleep(left + 0.05)
    return step_now()


def code_at(key: dict[str, Any], step: int) -> str:
    """What a phone with this card key shows in a step."""
    day = datetime.fromtimestamp(step * STEP_SECONDS, UTC).date().isoformat()
    keys = {each["day"]: base64.b64decode(each["key"], validate=True) for each in key["days"]}
    return payload(key["handle"], otp(keys[day], step))


def crowd(count: int, command: Callable[[int], dict[str, Any]]) -> list[dict[str, Any]]:
    """The answers to a command given by so many at once."""
    with ThreadPoolExecutor(count) as rivals:
        return list(rivals.map(command, range(count)))


class Phone:
    """A subscription by graphql-transport-ws, over the conversation of one socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    def begin(self, payload: dict[str, Any] | None, query: str) -> None:
        """Say who we are and subscribe."""
        self._say({"type": "connection_init"} | ({} if payload is None else {"payload": payload}))
        assert self.hear()["type"] == "connection_ack"
        self._say({"id": "1", "type": "subscribe", "payload": {"query": query}})
        self._say({"type": "ping"})
        assert self.hear() == {"type": "pong"}
        time.sleep(0.2)  # the subscription is on its way to the bus

    def hear(self, seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next message."""
        message: dict[str, Any] = json.loads(self._socket.recv(timeout=seconds))
        return message

    def _say(self, message: dict[str, Any]) -> None:
        self._socket.send(json.dumps(message))


@contextmanager
def phone(graphql: str, **headers: str) -> Iterator[Phone]:
    """A socket to the demo, closed after the block."""
    address = graphql.replace("http", "ws", 1)
    with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")], additional_headers=headers) as socket:
        yield Phone(socket)
