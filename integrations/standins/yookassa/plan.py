"""How the stand-in is to behave: faults by operation, refunds that take their time, notifications that go astray."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from integrations.standins.orders import ByOperation

_OPERATIONS: Final = (
    ("payments", re.compile(r"/v3/payments")),
    ("payment", re.compile(r"/v3/payments/[\w-]+")),
    ("capture", re.compile(r"/v3/payments/[\w-]+/capture")),
    ("cancel", re.compile(r"/v3/payments/[\w-]+/cancel")),
    ("refunds", re.compile(r"/v3/refunds")),
    ("refund", re.compile(r"/v3/refunds/[\w-]+")),
    ("page", re.compile(r"/checkout/[\w-]+")),
)


@dataclass
class Plan(ByOperation):
    """Orders for the stand-in. `receipts`: whether the shop must send them. `refunds` is what a new refund stands at."""

    receipts: bool = False
    refunds: Literal["succeeded", "pending", "canceled"] = "succeeded"


def operation_of(path: str) -> str:
    """What a path asks for."""
    return next((name for name, shape in _OPERATIONS if shape.fullmatch(path)), "other")
