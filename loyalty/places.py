"""Finding a partner's place near a guest: by city, street or name, in the order of the programme file."""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from loyalty.programme import Outlet, Partner, Programme
from loyalty.refusals import Code, Refusal

SEARCH_LENGTH_MAX: Final = 100
_WORDS: Final = re.compile(r"\w+")


def find_places(programme: Programme, *, partner: str, search: str) -> Sequence[Outlet]:
    """The outlets of a partner that people can go to, every word of `search` beginning a word of theirs."""
    house = programme.partners_by_id.get(partner)
    if house is None:
        raise Refusal(Code.NOT_FOUND, "discount.partner_unknown", field="partner")
    if len(search) > SEARCH_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "text.too_long", field="search", length_max=SEARCH_LENGTH_MAX)
    wanted = [f" {word}" for word in _words(search)]
    return [outlet for outlet, words in _index(house) if all(word in words for word in wanted)]


def count_places(partner: Partner) -> int:
    """How many of a partner's outlets people can go to: those with an address."""
    return sum(outlet.address is not None for outlet in partner.outlets)


@lru_cache(maxsize=64)
def _index(partner: Partner) -> Sequence[tuple[Outlet, str]]:
    """Every place with its words in both languages, each after a blank, so that a beginning is one search in a text."""
    return [(outlet, _told(outlet)) for outlet in partner.outlets if outlet.address is not None]


def _told(outlet: Outlet) -> str:
    texts = [text for text in (outlet.city, outlet.address, outlet.name) if text is not None]
    written = [part for text in texts for part in (text.ru, text.en) if part is not None]
    return "".join(f" {word}" for word in _words(" ".join(written)))


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold().replace("ё", "е"))
