"""How many random stories are lived through: some in every run, thousands with `make stories EXAMPLES=…`."""

import os
from typing import Any, Final

from hypothesis import HealthCheck, settings

EVERY_RUN: Final = 200
ASKED: Final = os.environ.get("STORIES")
# In every run the same ones, so that a red run is red again; when thousands are asked for, new ones each time.
STORIES: Final[dict[str, Any]] = {
    "max_examples": int(ASKED or EVERY_RUN),
    "derandomize": ASKED is None,
    "print_blob": True,
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}
lived: Final = settings(**STORIES)
# Lives that chance leads step by step, by a seed each: dear ones, so that a run has few unless more are asked for.
SEEDS: Final = range(int(ASKED or 8))


def lived_in(parts: int) -> settings:
    """The same number over so many parameters, each of which has its share."""
    return settings(**STORIES | {"max_examples": -(-STORIES["max_examples"] // parts)})
