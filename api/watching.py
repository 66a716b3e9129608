"""Watching the private PostgreSQL: one that dies is started anew, a bounded number of times, and every time is logged."""

import logging
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from api.postgres import Postgres, Unstartable

LOOK_SECONDS: Final = 0.25
FIRST_PAUSE_SECONDS: Final = 0.25
LONGEST_PAUSE_SECONDS: Final = 10.0
STARTS_MAX: Final = 8
WITHIN_SECONDS: Final = 600.0

log = logging.getLogger(__name__)


@contextmanager
def watched(server: Postgres) -> Iterator[None]:
    """Start the server anew whenever it dies within the block, at most `STARTS_MAX` times in `WITHIN_SECONDS`.

    The watch is a thread: the block has an event loop of its own at one time and none at another, and the kernel ends
    a server with the thread that started it, which here is not before the block's end.
    """
    leaving = threading.Event()
    watch = threading.Thread(target=_watch, args=(server, leaving), name="postgres", daemon=True)
    watch.start()
    try:
        yield
    finally:
        leaving.set()
        watch.join()


def _watch(server: Postgres, leaving: threading.Event) -> None:
    starts: deque[float] = deque()
    while not leaving.wait(LOOK_SECONDS):
        if not server.has_died():
            continue
        while starts and time.monotonic() - starts[0] > WITHIN_SECONDS:
            starts.popleft()
        if len(starts) >= STARTS_MAX:
            log.error("the private PostgreSQL died too often and stays down: look into postgres.log")
            return
        log.error("the private PostgreSQL died and is started anew", extra={"attempt": len(starts) + 1})
        # What is left of the dead one holds its memory for a moment longer.
        if leaving.wait(min(FIRST_PAUSE_SECONDS * 2 ** len(starts), LONGEST_PAUSE_SECONDS)):
            return
        starts.append(time.monotonic())
        try:
            server.revive()
        except (Unstartable, OSError):
            log.exception("the private PostgreSQL did not start")
        else:
            log.warning("the private PostgreSQL answers again", extra={"attempt": len(starts)})
