"""How the stand-in is to behave: faults by operation or by chance, events that go astray, keys of two ages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from integrations.standins.orders import ByOperation

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
class Plan(ByOperation):
    """Orders for the stand-in.

    `is_old_key` lets the first version of the token in; `tells_when` has a 429 say when to come again. Guests are found
    by id `guest_lag_seconds` after they were made.
    """

    token_seconds: int = 3600
    is_old_key: bool = False
    tells_when: bool = True
    guest_lag_seconds: int = 0
    retry_seconds: Sequence[float] = (0.02, 0.05)


def operation_of(path: str) -> str:
    """What a path asks for."""
    return _OPERATIONS.get(path, "other")
