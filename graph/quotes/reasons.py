"""Reasons of lines: told once for each language and version, and shared between requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import orjson
import strawberry

from graph.programme.reasons import tell
from graph.words import Locale
from loyalty.programme import Programme

REASONS_MAX: Final = 4096


@strawberry.type(description="Why a benefit applied, or what is missing.")
class Reason:
    """Why a benefit applied, or what is missing."""

    code: str
    text: str


def reasons_of(stored: Sequence[Mapping[str, object]], programme: Programme, locale: Locale) -> list[Reason]:
    """The reasons of a line in the reader's language, by the version that gave them."""
    return _told(orjson.dumps(stored), programme, locale)


@lru_cache(maxsize=REASONS_MAX)
def _told(stored: bytes, programme: Programme, locale: Locale) -> list[Reason]:
    # A programme has few cells and few sentences about them; a page of purchases repeats them line after line.
    return [Reason(code=code, text=text) for code, text in tell(orjson.loads(stored), programme, locale)]
