"""Log lines: one JSON object an event, at most 2 KB, never the text of an exception; a log that fails stops nobody."""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any, Final, TextIO

import orjson
import structlog
from prometheus_client import Counter

LINE_BYTES: Final = 2048
# Counts, kinds and ids: no fact may hold what a person typed. `tests/architecture/test_logs.py` holds them together.
FACTS: Final = frozenset(
    {
        *("attempt", "booking", "checks", "count", "credential", "day", "digest", "drift", "gateway", "handle", "head"),
        *(
            "hotel",
            "job",
            "job_id",
            "kopecks",
            "member",
            "month",
            "order",
            "outcome",
            "payment",
            "purchase",
            "reason",
            "refund",
            "report",
            "step",
            "till",
            "webhook",
        ),
    }
)
_PLACES: Final = 12
_LOST: Final = Counter("kunak_log_lines_lost_total", "Log lines that could not be written.")


class _Sink:
    """Where lines go; a full disk or a closed pipe costs the line and not the request."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, line: str) -> int:
        """Write what can be written."""
        try:
            return self._stream.write(line)
        except (OSError, ValueError):
            _LOST.inc()
            return 0

    def flush(self) -> None:
        """Push out what was written."""
        try:
            self._stream.flush()
        except (OSError, ValueError):
            _LOST.inc()


def _without_text(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Replace an exception by its kind and its places: its text may hold what a person typed."""
    raised = event.pop("exc_info", None)
    error = (
        raised[1] if isinstance(raised, tuple) else raised if isinstance(raised, BaseException) else sys.exc_info()[1]
    )
    if raised and error is not None:
        frames = traceback.extract_tb(error.__traceback__)[-_PLACES:]
        event["kind"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["places"] = [f"{'/'.join(one.filename.split('/')[-2:])}:{one.lineno}:{one.name}" for one in frames]
    return event


def _line(event: MutableMapping[str, Any], **_: Any) -> str:
    text = orjson.dumps(event, default=repr).decode()
    if len(text) <= LINE_BYTES:
        return text
    kept = {name: event.get(name) for name in ("timestamp", "level", "event", "request", "kind", "logger")}
    return orjson.dumps({**{name: str(value)[:200] for name, value in kept.items()}, "cut": len(text)}).decode()


def configure_logs(level: str = "info", stream: TextIO | None = None) -> None:
    """Send the lines of our own code and of every library to one stream, in one shape."""
    number = logging.getLevelNamesMapping()[level.upper()]
    before: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_text,
    ]
    handler = logging.StreamHandler(_Sink(stream or sys.stderr))
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            # Libraries may hang anything on a line; of what is hung there only these names are ours.
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(allow=FACTS), *before],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(serializer=_line),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(number)
    # A query of the ORM at debug level holds its parameters, the address of a request perhaps a token.
    for noisy in ("tortoise", "asyncpg", "asyncio", "uvicorn.access", "websockets", "strawberry", "httpx2"):
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
