"""How often YooKassa is asked. It publishes no limits: these are ours, far above what guests pay and far below a flood."""

from typing import Final

from integrations.pace import Limits

# A second, a minute, an hour.
LIMITS: Final[Limits] = {
    "open": (10, 200, 5000),
    "ask": (20, 600, 20_000),
    "refund": (10, 200, 5000),
    "ask refund": (20, 600, 20_000),
    "list refunds": (5, 100, 2000),
}
