"""How often iikoCloud is asked. It publishes no figures: a call a second for a key, and less of what is heavy."""

from typing import Final

from integrations.pace import Limits

PATIENCE_SECONDS: Final = 20.0
"""No guest waits for this cloud: a round and a night that come at once take turns, and neither is told off for it."""

LIMITS: Final[Limits] = {
    "token": (1, 4, 60),
    "dictionaries": (2, 20, 300),
    "menu": (1, 4, 40),
    "orders": (2, 60, 1800),
    "revision": (1, 20, 600),
    "settings": (1, 20, 200),
    "guests": (2, 60, 1800),
}
