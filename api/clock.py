"""The one clock of the entry points. Everything below is told the moment."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here it is read, so that nobody else has to
