"""How often TravelLine may be asked."""

from typing import Final

from integrations.pace import Limits

# The lower of what TravelLine and its twin abroad publish: a second, a minute, an hour.
LIMITS: Final[Limits] = {
    "token": (3, 15, 300),
    "content": (50, 200, 3000),
    "lowest": (3, 20, 900),
    "search": (50, 200, 1000),
    "reservation": (10, 15, 100),
    "cancel": (5, 10, 50),
    "list": (3, 60, 1200),
    "details": (10, 200, 4000),
}
