"""The gateways of a process, in the order in which they are tried, each behind a breaker."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from prometheus_client import Counter

from integrations.breaker import Breaker, Patience
from integrations.ports import Drained, Gateway
from loyalty.messages import Channel

PATIENCE: Final = Patience(failures=3, seconds=30.0, seconds_max=600.0)
# Nothing but an operator mends an empty account or a wrong key.
DRAINED_SECONDS: Final = 600.0
CALLS: Final = Counter("kunak_gateway_calls", "Hand-overs to gateways by how they ended.", ["gateway", "outcome"])
log = logging.getLogger(__name__)


class Gate:
    """The breaker of one gateway, by the moments of those who call it.

    One a process: a process that knows better need not wait for the others.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._at = 0.0
        self._breaker = Breaker(name, lambda: self._at, patience=PATIENCE)

    def lets_through(self, now: datetime) -> bool:
        """Whether a call may be made."""
        self._at = now.timestamp()
        return self._breaker.lets_through

    def held_seconds(self, now: datetime) -> float:
        """For how long no call is made from now on."""
        self._at = now.timestamp()
        return self._breaker.held_seconds

    def enter(self, now: datetime) -> int:
        """The pass of a call; after a pause one has it and no other. Raises `Unavailable` while calls are held back."""
        self._at = now.timestamp()
        return self._breaker.enter()

    def leave(self, entry: int) -> None:
        """The call of a pass was broken off."""
        self._breaker.leave(entry)

    def note(self, entry: int, now: datetime, error: Exception | None = None) -> None:
        """How the call of a pass ended: with an answer, or through no fault of the message."""
        self._at = now.timestamp()
        at_least = DRAINED_SECONDS if isinstance(error, Drained) else 0.0
        held = self._breaker.held_seconds
        self._breaker.note(entry, is_well=error is None, error=error, at_least=at_least)
        if self._breaker.held_seconds > held:
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
        self._gates = {name: Gate(name) for name in self._by_name}
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

    def gate(self, name: str) -> Gate:
        """The breaker of a gateway."""
        return self._gates[name]

    def carrying(self, channel: Channel) -> list[Gateway]:
        """The gateways of a channel, in their order."""
        return [self._by_name[name] for name in self._order.get(channel, ())]
