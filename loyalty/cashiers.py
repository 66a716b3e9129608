"""Who stands at a till, as the till itself names them: a number or a short sign, never a person's name."""

import re
from typing import Final

from loyalty.refusals import Code, Refusal

CASHIER_MAX: Final = 40
# Latin letters and digits alone: enough for a number or a UUID, and no place for «Иванова Анна».
_CASHIER: Final = re.compile(rf"[A-Za-z0-9][A-Za-z0-9._-]{{0,{CASHIER_MAX - 1}}}")


def cashier_of(told: str | None, *, field: str) -> str | None:
    """What a till says of its cashier, or None where it says nothing. Raises INVALID_INPUT for anything like a name."""
    if told is not None and not _CASHIER.fullmatch(told):
        raise Refusal(Code.INVALID_INPUT, "till.cashier", field=field, most=CASHIER_MAX)
    return told
