"""The operations the figures send: what a till and a cabinet ask for, read from the files beside this one."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Final

_FOLDER: Final = Path(__file__).parent / "documents"

HOME: Final = (_FOLDER / "home.graphql").read_text(encoding="utf-8")
QUOTE: Final = (_FOLDER / "quote.graphql").read_text(encoding="utf-8")
POST: Final = (_FOLDER / "post.graphql").read_text(encoding="utf-8")
IDENTIFY: Final = (_FOLDER / "identify.graphql").read_text(encoding="utf-8")
SIGN_IN: Final = (_FOLDER / "sign_in.graphql").read_text(encoding="utf-8")
SEARCH_ROOMS: Final = (_FOLDER / "search_rooms.graphql").read_text(encoding="utf-8")
COMPARE_HOTELS: Final = (_FOLDER / "compare_hotels.graphql").read_text(encoding="utf-8")


def digest(text: str) -> str:
    """The hash by which a trusted document is known."""
    return sha256(text.encode()).hexdigest()


TRUSTED: Final[Mapping[str, str]] = {digest(text): text for text in (HOME, SEARCH_ROOMS, COMPARE_HOTELS)}
