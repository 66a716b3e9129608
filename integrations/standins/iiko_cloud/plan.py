"""How the stand-in is to behave: faults by operation or by chance, webhooks that go astray, keys of two ages."""

from collections import defaultdict, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final, Literal

from integrations.standins.faults import Fault, drawn

HookFault = Literal["duplicate", "reorder", "drop"]
_OPERATIONS: Final[Mapping[str, str]] = {
    "/api/1/access_token": "token",
    "/api/v2/access_token": "token",
    "/api/1/organizations": "organizations",
    "/api/1/terminal_groups": "groups",
    "/api/1/terminal_groups/is_alive": "alive",
    "/api/1/discounts": "discounts",
    "/api/1/nomenclature": "menu",
    "/api/1/reserve/available_restaurant_sections": "sections",
    "/api/1/order/by_id": "orders",
    "/api/1/order/by_table": "tables",
    "/api/1/deliveries/by_id": "deliveries",
    "/api/1/deliveries/by_revision": "revision",
    "/api/1/deliveries/by_delivery_date_and_status": "history",
    "/api/1/webhooks/settings": "hook",
    "/api/1/webhooks/update_settings": "set_hook",
    "/api/1/loyalty/iiko/customer/info": "guest",
    "/api/1/loyalty/iiko/customer/create_or_update": "set_guest",
}


@dataclass
class Plan:
    """Orders for the stand-in. A fault in a list takes one request of its operation; the rest goes by `often`.

    `often` and `hooks` are how many of a hundred requests, or deliveries of a webhook, meet each fault; `chance` draws.
    `is_old_key` lets the first version of the token in. Guests are seen by id `guest_lag_seconds` after they were made.
    """

    faults: Mapping[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    often: Mapping[Fault, int] = field(default_factory=dict)
    hooks: Mapping[HookFault, int] = field(default_factory=dict)
    chance: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - faults that a seed repeats, no secrets
    slow_seconds: float = 1.0
    token_seconds: int = 3600
    is_old_key: bool = False
    tells_when: bool = True
    guest_lag_seconds: int = 0
    hook_times: int = 1
    retry_seconds: Sequence[float] = (0.02, 0.05)

    def ordered(self, path: str) -> Fault | None:
        """The fault of the next request of this path."""
        waiting = self.faults[operation_of(path)]
        return waiting.popleft() if waiting else drawn(self.chance, self.often)

    def astray(self) -> HookFault | None:
        """What becomes of the next delivery of a webhook."""
        return drawn(self.chance, self.hooks)


def operation_of(path: str) -> str:
    """What a path asks for."""
    return _OPERATIONS.get(path, "other")
