"""The one place that reads the clock; everything below is handed the moment as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """This moment in UTC."""
    return datetime.now(UTC)  # noqa: TID251 - here the moment enters the house
