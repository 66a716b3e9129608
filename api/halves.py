"""Settings that go together: half of a key is a slip of the pen, and would leave a system away without a word."""

from collections.abc import Iterator
from typing import Final

TOGETHER: Final = (
    frozenset({"KUNAK_TRAVELLINE_CLIENT_ID", "KUNAK_TRAVELLINE_CLIENT_SECRET"}),
    frozenset({"KUNAK_YOOKASSA_SHOP_ID", "KUNAK_YOOKASSA_SECRET_KEY"}),
    frozenset({"KUNAK_IIKO_APP_ID", "KUNAK_IIKO_CLIENT_SECRET"}),
)


def halves(given: set[str]) -> Iterator[str]:
    """A sentence for each variable that is missing beside its other half."""
    for keys in TOGETHER:
        for lacking in keys - given if keys & given else ():
            yield f"{lacking} is missing: it goes together with {' and '.join(sorted(keys & given))}"
