"""Calls of outside systems as their processes see them: counted in memory, written down every few seconds.

A call costs an addition. What a process has not written yet when it dies is lost: these are figures, not facts.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from integrations.ports import Drained, Letter, Mailer, Refused, TooOften, Unavailable
from loyalty.refusals import Refusal
from models import database
from models.ids import uuid7

WRITTEN_EVERY_SECONDS: Final = 5.0
SYSTEM_CHARACTERS_MAX: Final = 24
DETAIL_CHARACTERS_MAX: Final = 200
KEPT: Final = timedelta(days=30)
# What a vendor says may quote a number: whose it is, is nothing for a page.
_NUMBER: Final = re.compile(r"\d{7,}")
log = logging.getLogger(__name__)

_ADD: Final = """
INSERT INTO system_calls AS c (id, system, hour, answered, failed, answered_at, failed_at, fault, detail, held_until)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
ON CONFLICT (system, hour) DO UPDATE SET answered = c.answered + excluded.answered, failed = c.failed + excluded.failed,
    answered_at = greatest(c.answered_at, excluded.answered_at), failed_at = greatest(c.failed_at, excluded.failed_at),
    fault = CASE WHEN excluded.failed_at >= coalesce(c.failed_at, '-infinity') THEN excluded.fault ELSE c.fault END,
    detail = CASE WHEN excluded.failed_at >= coalesce(c.failed_at, '-infinity') THEN excluded.detail ELSE c.detail END,
    held_until = greatest(c.held_until, excluded.held_until)
"""
_SWEEP: Final = "DELETE FROM system_calls WHERE id IN (SELECT id FROM system_calls WHERE hour < $1 LIMIT $2)"


class Fault(StrEnum):
    """Why a call failed: no answer, a limit of theirs, or a door that stays shut until somebody acts."""

    UNAVAILABLE = "UNAVAILABLE"
    TOO_OFTEN = "TOO_OFTEN"
    NOT_LET_IN = "NOT_LET_IN"


@dataclass(slots=True)
class _Hour:
    """What has not been written down yet of one system's hour."""

    answered: int = 0
    failed: int = 0
    answered_at: datetime | None = None
    failed_at: datetime | None = None
    fault: Fault | None = None
    detail: str | None = None
    held_until: datetime | None = None


class Contacts:
    """The calls of one process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._hours: dict[tuple[str, datetime], _Hour] = {}

    def note(self, system: str, error: Exception | None = None, held_seconds: float = 0.0) -> None:
        """A call ended. A refusal is an answer; whatever else went wrong is a failure."""
        now = self._clock()
        key = system[:SYSTEM_CHARACTERS_MAX], now.replace(minute=0, second=0, microsecond=0)
        hour = self._hours.setdefault(key, _Hour())
        if error is None or isinstance(error, Refused):
            hour.answered += 1
            hour.answered_at = now
            return
        hour.failed += 1
        hour.failed_at, hour.fault = now, fault_of(error)
        hour.detail = _NUMBER.sub("…", str(error))[:DETAIL_CHARACTERS_MAX]
        if held_seconds > 0:
            hour.held_until = now + timedelta(seconds=held_seconds)

    async def write(self) -> int:
        """Write down what is new; says how many rows. What the database does not take now is kept for later."""
        hours, self._hours = self._hours, {}
        written = 0
        try:
            for (system, hour), told in hours.items():
                facts = (told.answered, told.failed, told.answered_at, told.failed_at)
                fault = None if told.fault is None else told.fault.value
                await database.execute(_ADD, uuid7(), system, hour, *facts, fault, told.detail, told.held_until)
                written += 1
        except Refusal:
            # Calls that were counted meanwhile stand in the new hours: these join them the next time.
            for key, told in list(hours.items())[written:]:
                self._hours[key] = _joined(told, self._hours.get(key))
        return written

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Write every few seconds within the block, and once at its end."""
        task = asyncio.create_task(self._keep(), name="contacts")
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await self.write()

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(WRITTEN_EVERY_SECONDS)
            try:
                await self.write()
            except Exception:
                log.exception("contacts of outside systems were not written down")


class NotedMailer:
    """A mail relay whose answers are counted."""

    def __init__(self, mailer: Mailer, contacts: Contacts) -> None:
        self._mailer = mailer
        self._contacts = contacts

    async def send(self, letter: Letter) -> None:
        """Hand one letter over. Raises `Refused` or `Unavailable`."""
        try:
            await self._mailer.send(letter)
        except (Refused, Unavailable) as error:
            self._contacts.note(MAIL, error)
            raise
        self._contacts.note(MAIL)


MAIL: Final = "smtp"
WEBHOOKS: Final = "webhooks"


def fault_of(error: Exception) -> Fault:
    """The kind of a failure."""
    if isinstance(error, Drained):
        return Fault.NOT_LET_IN
    return Fault.TOO_OFTEN if isinstance(error, TooOften) else Fault.UNAVAILABLE


async def sweep(now: datetime) -> int:
    """Forget calls of a month ago; gives the number of rows."""
    return await database.sweep(_SWEEP, now - KEPT)


def _joined(older: _Hour, newer: _Hour | None) -> _Hour:
    if newer is None:
        return older
    last = newer if newer.failed_at is not None else older
    return _Hour(
        older.answered + newer.answered,
        older.failed + newer.failed,
        newer.answered_at or older.answered_at,
        last.failed_at,
        last.fault,
        last.detail,
        newer.held_until or older.held_until,
    )
