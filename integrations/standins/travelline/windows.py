"""The limits that TravelLine publishes: the lower of two columns holds."""

from typing import Final

from integrations.standins.windows import Rates

PUBLISHED: Final[Rates] = {
    "token": (3, 15, 300),
    "content": (50, 200, 3000),
    "lowest": (3, 20, 900),
    "search": (50, 200, 1000),
    "reservation": (10, 15, 100),
    "cancel": (5, 10, 50),
    "booking": (50, 500, 5000),
    "list": (3, 60, 1200),
    "details": (10, 200, 4000),
}
