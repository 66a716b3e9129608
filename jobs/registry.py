"""Every kind of job: its name, its handler, and on what terms it is tried."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from integrations.ports import Announcer, Mailer
from services.gateways import Gateways
from services.outbox import Terms
from services.resources import Resources

ATTEMPTS_MAX: Final = 10
LEASE: Final = timedelta(seconds=60)
Payload: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """What handlers work with."""

    resources: Resources
    mailer: Mailer
    gateways: Gateways = field(default_factory=Gateways)
    announcer: Announcer | None = None


Handler: TypeAlias = Callable[[Payload, Tools, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobKind:
    """One kind of job. The handler is idempotent: after a crash it runs again."""

    name: str
    handle: Handler
    attempts_max: int = ATTEMPTS_MAX
    lease: timedelta = LEASE

    @property
    def terms(self) -> Terms:
        """On what terms it is leased."""
        return Terms(self.name, self.attempts_max, self.lease)


def registry(kinds: Iterable[JobKind]) -> dict[str, JobKind]:
    """Kinds by name; a name belongs to one kind."""
    found: dict[str, JobKind] = {}
    for kind in kinds:
        if kind.name in found:
            raise ValueError(f"two kinds of job are called {kind.name}")
        found[kind.name] = kind
    return found
