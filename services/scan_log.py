"""What is written down of scans: why each refused one was refused, which a till is never told, and how clocks drift.

Never the code, and of the handle no more than its first digits (security: a log reads like a list of keys otherwise).
"""

import logging
from typing import Final, Literal
from uuid import UUID

from prometheus_client import Counter

Reason = Literal["unreadable", "unknown", "wrong", "used", "late", "ended", "unopenable", "waits", "hourly"]
HANDLE_SHOWN: Final = 4

_REFUSED: Final = Counter("kunak_scans_refused_total", "Scans that gave no ticket, by what was the matter.", ["reason"])
_DRIFT: Final = Counter(
    "kunak_scan_drift_total", "Accepted scans by how many steps of 30 s the phone was off.", ["steps"]
)
_THROTTLED: Final = Counter("kunak_tills_throttled_total", "Times a till used up its wrong codes of an hour.")
log = logging.getLogger(__name__)


def note_refused(till: UUID, reason: Reason, handle: str, *, step: int | None = None, drift: int | None = None) -> None:
    """One refused scan. `step` is the one the code was made for, or the moment's for a code that fits none."""
    _REFUSED.labels(reason).inc()
    shown = handle[:HANDLE_SHOWN]
    log.info(
        "scan refused",
        extra={"till": str(till), "reason": reason, "handle": shown, "step": step, "drift": drift},
    )


def note_accepted(drift: int) -> None:
    """One accepted scan, `drift` steps (-1, 0, 1) off our clock."""
    _DRIFT.labels(str(drift)).inc()


def note_throttled(till: UUID) -> None:
    """A till has used up what it may guess in an hour: somebody should look at it."""
    _THROTTLED.inc()
    log.warning("a till used up its wrong codes of an hour and waits", extra={"till": str(till)})


def note_ended(credential: UUID) -> None:
    """A card's code was guessed at too often in a day and is ended; its phone gets another one."""
    log.warning("a code was ended after its wrong guesses of a day", extra={"credential": str(credential)})
