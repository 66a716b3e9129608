"""The figures of the status page as gauges, set in the moment in which somebody reads `/metrics`."""

from datetime import datetime
from typing import Final

from prometheus_client import Gauge

from services.resources import Resources
from services.status.judging import State
from services.status.reading import systems

FAILING: Final = Gauge("kunak_system_failing", "1 while an outside system or a queue of ours fails.", ["system"])
FRESHNESS: Final = Gauge(
    "kunak_system_freshness_seconds", "Time since a system answered last; -1 if it never did.", ["system"]
)
LAG: Final = Gauge("kunak_system_lag_seconds", "Age of what waits longest for a system.", ["system"])
ASIDE: Final = Gauge("kunak_system_aside", "What was put aside or given up.", ["system"])
CALLS: Final = Gauge("kunak_system_calls_day", "Calls of the last day by how they ended.", ["system", "outcome"])
HELD: Final = Gauge("kunak_system_held", "1 while a process leaves a system alone after failures.", ["system"])


async def measure(resources: Resources, now: datetime) -> None:
    """Set the gauges of every system."""
    for one in await systems(resources, now):
        facts = one.facts
        FAILING.labels(one.id).set(one.state is State.FAILING)
        FRESHNESS.labels(one.id).set(-1 if facts.answered_at is None else (now - facts.answered_at).total_seconds())
        LAG.labels(one.id).set(0 if facts.waiting_since is None else (now - facts.waiting_since).total_seconds())
        ASIDE.labels(one.id).set(facts.aside)
        CALLS.labels(one.id, "answered").set(facts.answered)
        CALLS.labels(one.id, "failed").set(facts.failed)
        HELD.labels(one.id).set(facts.is_held(now))
