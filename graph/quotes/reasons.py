"""Reasons of lines: what is told again and again is told once for each language and version, and shared between requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

import orjson
import strawberry

from graph.programme.reasons import tell_one
from graph.words import Locale
from loyalty import reasons as facts
from loyalty.programme import Programme

REASONS_MAX: Final = 4096


@strawberry.type(description="Why a benefit applied, or what is missing.")
class Reason:
    """Why a benefit applied, or what is missing."""

    code: str
    text: str


def reasons_of(reasons: Sequence[facts.Reason], programme: Programme, locale: Locale) -> list[Reason]:
    """Reasons in the reader's language, by the version that gave them."""
    # A programme has few cells and few sentences about them; a sum is another one on nearly every line.
    return [(_known if one.amount is None else _told)(one, programme, locale) for one in reasons]


def reasons_stored(stored: Sequence[Mapping[str, object]], programme: Programme, locale: Locale) -> list[Reason]:
    """The same of reasons as a line keeps them."""
    return [_read(orjson.dumps(one), programme, locale) for one in stored]


def _told(reason: facts.Reason, programme: Programme, locale: Locale) -> Reason:
    code, text = tell_one(reason, programme, locale)
    return Reason(code=code, text=text)


@lru_cache(maxsize=REASONS_MAX)
def _known(reason: facts.Reason, programme: Programme, locale: Locale) -> Reason:
    return _told(reason, programme, locale)


@lru_cache(maxsize=REASONS_MAX)
def _read(stored: bytes, programme: Programme, locale: Locale) -> Reason:
    return _told(facts.Reason.of(orjson.loads(stored)), programme, locale)
