"""Finding a place by the words a guest knows of it."""

import pytest

from loyalty.places import count_places, find_places
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from tests.makers.programme_files import SMALL, compiled

SHOPS = """\
      - {id: orel, name: Салон 1, city: {ru: Орёл, en: Oryol}, address: {ru: "ул. Озёрная, 12", en: 12 Ozyornaya St}}
      - {id: spb, name: Салон 2, city: {ru: Санкт-Петербург, en: Saint Petersburg}, address: "пр. Мира, 1"}
"""


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The small programme with two shops that have an address and a desk that has none."""
    desk = "      - {id: inn, name: Стойка}\n"
    return compiled(SMALL.replace(desk, desk + SHOPS))


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", ["orel", "spb"]),
        ("орел", ["orel"]),
        ("ОРЁЛ озер 12", ["orel"]),
        ("oryol", ["orel"]),
        ("петер", ["spb"]),
        ("санкт-петербург, мира", ["spb"]),
        ("салон", ["orel", "spb"]),
        ("тербург", []),
        ("орёл мира", []),
        ("стойка", []),
        (".*", ["orel", "spb"]),
    ],
)
def test_every_word_begins_a_word_of_the_place(programme: Programme, search: str, found: list[str]) -> None:
    """A-203."""
    assert [outlet.id for outlet in find_places(programme, partner="inn", search=search)] == found


def test_only_outlets_with_an_address_are_places(programme: Programme) -> None:
    assert count_places(programme.partners[0]) == 2


def test_an_unknown_partner_and_an_endless_search_are_refused(programme: Programme) -> None:
    for partner, search, code in (("nobody", "", Code.NOT_FOUND), ("inn", "x" * 101, Code.INVALID_INPUT)):
        with pytest.raises(Refusal) as refused:
            find_places(programme, partner=partner, search=search)
        assert refused.value.code is code
