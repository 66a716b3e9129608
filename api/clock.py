"""The one clock of the entry points. Everything below is told the moment.

A sandbox has its clock ahead of ours (C-17): the process that serves one moves it here, and nowhere else.
"""

from datetime import UTC, datetime, timedelta

_ahead = timedelta(0)


def now() -> datetime:
    """This moment, in UTC; in a sandbox, its moment."""
    return datetime.now(UTC) + _ahead  # noqa: TID251 - here it is read, so that nobody else has to


def real() -> datetime:
    """This moment, in a sandbox too: for whoever out there compares it with a clock of theirs."""
    return datetime.now(UTC)  # noqa: TID251 - here it is read, so that nobody else has to


def move(ahead: timedelta) -> None:
    """Put the clock of this process ahead of the real one by so much."""
    global _ahead
    _ahead = ahead


def ahead_of_real(moment: datetime) -> timedelta:
    """How far the clock has to be ahead for it to be that moment now."""
    return moment - datetime.now(UTC)  # noqa: TID251 - here it is read, so that nobody else has to
