"""Keyset pages: a size between 1 and 100 and an opaque cursor made of a moment and an id."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from loyalty.refusals import Code, Refusal

PAGE_MOST = 100


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place after a row in a list ordered by `(at, id)`."""

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """The cursor as clients carry it."""
        plain = f"{self.at.astimezone(UTC).isoformat()}|{self.id}"
        return urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def page_size(first: int, *, field: str = "first") -> int:
    """The wanted number of rows, refused outside 1..100; read one row more to know whether there is a next page."""
    if not 1 <= first <= PAGE_MOST:
        raise Refusal(Code.INVALID_INPUT, "page.size", field=field, most=PAGE_MOST)
    return first


def read_cursor(after: str | None, *, field: str = "after") -> Cursor | None:
    """The place a client wants to go on from, refused when it is none of ours."""
    if after is None:
        return None
    try:
        plain = urlsafe_b64decode(after.encode("ascii") + b"=" * (-len(after) % 4)).decode("ascii")
        at, _, row = plain.partition("|")
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError("a cursor's moment has a zone")
        return Cursor(moment.astimezone(UTC), UUID(row))
    except (ValueError, OverflowError, NotBase64) as unreadable:
        raise Refusal(Code.INVALID_INPUT, "page.cursor", field=field) from unreadable
