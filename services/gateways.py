"""The gateways of a process, in the order in which they are tried, each behind a breaker."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import Counter, Gauge

from integrations.ports import Drained, Gateway
from loyalty.messages import Channel

FAILURES_MAX: Final = 3
OPEN: Final = timedelta(seconds=30)
OPEN_MAX: Final = timedelta(minutes=10)
# Nothing but an operator mends an empty account or a wrong key.
DRAINED: Final = timedelta(minutes=10)
BROKEN: Final = Gauge("kunak_gateway_broken", "1 while a gateway is left alone after failures.", ["gateway"])
CALLS: Final = Counter("kunak_gateway_calls", "Hand-overs to gateways by how they ended.", ["gateway", "outcome"])
log = logging.getLogger(__name__)


class Breaker:
    """Leaves a gateway alone after three failures in a row, first for 30 seconds, then twice as long, at most 10 minutes.

    One breaker a process: a process that knows better need not wait for the others.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.failures = 0
        self.closed_from: datetime | None = None
        self._pause = OPEN

    def lets_through(self, now: datetime) -> bool:
        """Whether a call may be made."""
        return self.closed_from is None or now >= self.closed_from

    def held_seconds(self, now: datetime) -> float:
        """For how long no call is made from now on."""
        return 0.0 if self.closed_from is None else max(0.0, (self.closed_from - now).total_seconds())

    def went_well(self) -> None:
        """A call was answered: everything before is forgotten."""
        self.failures, self.closed_from, self._pause = 0, None, OPEN
        BROKEN.labels(self.name).set(0)

    def went_wrong(self, error: Exception, now: datetime) -> None:
        """A call failed through no fault of the message."""
        self.failures += 1
        if isinstance(error, Drained):
            self.closed_from = now + DRAINED
        elif self.failures >= FAILURES_MAX:
            self.closed_from = now + self._pause
            self._pause = min(self._pause * 2, OPEN_MAX)
        else:
            return
        BROKEN.labels(self.name).set(1)
        log.error("gateway left alone for a while", extra={"gateway": self.name, "reason": type(error).__name__})


class Gateways:
    """Who carries messages by which channel, in the order of the settings."""

    def __init__(
        self,
        gateways: Sequence[Gateway] = (),
        order: Mapping[Channel, Sequence[str]] | None = None,
        *,
        hooks: str | None = None,
    ) -> None:
        self._by_name = {gateway.name: gateway for gateway in gateways}
        self._breakers = {name: Breaker(name) for name in self._by_name}
        self._order = dict(order or {})
        self.hooks = hooks
        """Where gateways post their reports; None where no address of ours can be reached by them."""

    def __iter__(self) -> Iterator[Gateway]:
        return iter(self._by_name.values())

    @property
    def channels(self) -> frozenset[Channel]:
        """The channels that some gateway carries."""
        return frozenset(channel for channel, names in self._order.items() if names)

    def named(self, name: str) -> Gateway | None:
        """The gateway of a name; None once it was taken out of the settings."""
        return self._by_name.get(name)

    def breaker(self, name: str) -> Breaker:
        """The breaker of a gateway."""
        return self._breakers[name]

    def carrying(self, channel: Channel) -> list[Gateway]:
        """The gateways of a channel, in their order."""
        return [self._by_name[name] for name in self._order.get(channel, ())]
