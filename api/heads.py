"""Heads of requests: the first line and the headers have an end, in bytes and in time."""

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_BYTES: Final = 16 * 1024
HEAD_SECONDS: Final = 10.0
ODDS_BYTES: Final = 4  # of a header: a colon, a space, the end of the line
TOO_LARGE: Final = "The head of the request is too large: 16 KB at most."


class Heads(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which alone keeps a head of any size and waits for its end without end."""

    def __init__(self, *parts: Any, **named: Any) -> None:
        super().__init__(*parts, **named)
        self._head_bytes = self._kept_bytes = 0
        self._is_in_head = False
        self._has_just_begun = False
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first head."""
        super().connection_made(transport)
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._wait_no_longer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count what belongs to a head that has not ended; the piece in which it began may hold others before it."""
        super().data_received(data)
        if self._is_in_head and not self._has_just_begun:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES and not self.transport.is_closing():
                self.send_400_response(TOO_LARGE)
        self._has_just_begun = False

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._head_bytes = self._kept_bytes = 0
        self._is_in_head = self._has_just_begun = True
        self._wait()

    def on_header(self, name: bytes, value: bytes) -> None:
        """Refuse a head that is too large, however few pieces it came in; the parser makes a 400 of what is raised."""
        super().on_header(name, value)
        self._kept_bytes += len(name) + len(value) + ODDS_BYTES
        if self._kept_bytes + len(self.url) > HEAD_BYTES:
            raise ValueError(TOO_LARGE)

    def on_headers_complete(self) -> None:
        """The head is whole."""
        self._is_in_head = False
        self._wait_no_longer()
        super().on_headers_complete()

    def _wait(self) -> None:
        if self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def _wait_no_longer(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        self._patience = None
        if getattr(self.cycle, "response_complete", True):
            self.transport.close()
        else:
            self._wait()  # an earlier request of this connection is still being answered
