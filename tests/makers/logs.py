"""What the server writes to its log, by its own configuration."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import orjson
import structlog

from api.logs import configure_logs


@contextmanager
def logged() -> Iterator[StringIO]:
    """The lines that are written meanwhile."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    stream = StringIO()
    configure_logs("info", stream)
    try:
        yield stream
    finally:
        root.handlers[:], root.level = before, level
        structlog.reset_defaults()


def told(lines: StringIO) -> list[dict[str, Any]]:
    """The lines so far, read."""
    return [orjson.loads(line) for line in lines.getvalue().splitlines()]
