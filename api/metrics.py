"""What a process counts about itself, for `/metrics`; names and labels hold nothing a caller could have chosen."""

from typing import Final

from prometheus_client import Counter, Gauge, Histogram

_SECONDS: Final = Histogram(
    "kunak_graphql_seconds",
    "Time to answer a request to /graphql.",
    ["kind"],
    buckets=(0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10),
)
_TURNED: Final = Counter("kunak_graphql_turned_total", "Requests refused before they became an operation.", ["status"])
SOCKETS: Final = Gauge("kunak_sockets", "Open WebSocket connections.")
LOOP_LAG: Final = Gauge("kunak_loop_lag_seconds", "How late the event loop ran its last heartbeat.")

_KINDS: Final = {kind: _SECONDS.labels(kind) for kind in ("query", "mutation", "turned")}


def observe(kind: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _KINDS[kind].observe(seconds)
    if kind == "turned":
        _TURNED.labels(str(status)).inc()
