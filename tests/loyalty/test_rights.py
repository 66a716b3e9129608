"""The table of rights as the seed lists it, scopes that lie one inside the other, and what grants add up to."""

from itertools import product

import pytest

from loyalty import rights
from loyalty.rights import PRESETS, RIGHTS, RightGroup
from loyalty.scopes import PROGRAMME, Access, Scope, ScopeKind, around, widest

# ZK:305-327, line by line.
SEED = [
    "Управление админами", "Управление правами доступа админов", "Управление активами", "Управление точками продаж",
    "Просмотр карт", "Доступ к золотым (архивным) картам", "Скачивание карт в CSV", "Просмотр статистики карт",
    "Управление картами", "Сохранение карт без обязательных полей", "Просмотр логов карт", "Просмотр операций",
    "Управление операциями", "Просмотр аналитики", "Управление FAQ", "Управление пользователями",
    "Управление настройками", "Управление Wiki", "Просмотр плагинов ИКО", "Управление новостным поппап",
    "Управление информационными ссылками", "Управление загрузками", "Регистрация пользователей по карте",
]  # fmt: skip
PLACES = [
    PROGRAMME,
    Scope(("igora",)),
    Scope(("igora", "igora-hotel")),
    Scope(("igora", "igora-hotel", "till-1")),
    Scope(("igora", "igora-restaurant")),
    Scope(("dacha",)),
    Scope(("dacha", "dacha-hotel")),
]


def test_the_table_is_the_seeds_list_of_twenty_three_and_six_more() -> None:
    """A-089, requirements 0.1: 23 rights and not 22, in the seed's words and order; A-090..A-112 by their numbers."""
    assert [right.name.ru for right in RIGHTS.values() if right.number is not None] == SEED
    assert [right.number for right in RIGHTS.values()] == [*range(1, 24), None, None, None, None, None, None]
    later = [code for code, right in RIGHTS.items() if right.number is None]
    assert later == [
        "campaign.approve",
        "settlement.view",
        "merge.decide",
        "pii.reveal",
        "signal.review",
        "settlement.manage",
    ]
    assert all(right.name.en for right in RIGHTS.values())
    assert {right.group for right in RIGHTS.values()} == set(RightGroup) == set(rights.GROUP_NAMES)
    assert {code for code, right in RIGHTS.items() if right.needs_two} == {"admin.manage", "grant.manage"}


def test_what_a_right_requires_may_be_held_wherever_it_is() -> None:
    for right in RIGHTS.values():
        assert ScopeKind.PROGRAMME in right.scopes
        for required in right.requires:
            assert set(right.scopes) <= set(RIGHTS[required].scopes), (right.code, required)


def test_the_roles_of_the_start_stand_on_their_own() -> None:
    for preset in PRESETS:
        assert set(preset.rights) <= RIGHTS.keys()
        access = rights.effective((right, PROGRAMME) for right in preset.rights)
        assert rights.missing_requirements(access) == (), preset.code
    assert set(PRESETS[0].rights) == RIGHTS.keys()


@pytest.mark.parametrize(("one", "other"), list(product(PLACES, PLACES)))
def test_a_scope_covers_what_lies_in_it(one: Scope, other: Scope) -> None:
    assert one.covers(other) is (other.path[: len(one.path)] == one.path)
    assert Scope.parse(str(one)) == one
    if one.covers(other) and other.covers(one):
        assert one == other


@pytest.mark.parametrize(("one", "other"), list(product(PLACES, PLACES)))
def test_what_lies_around_two_places_is_the_narrowest(one: Scope, other: Scope) -> None:
    found = around([one, other])
    assert found.covers(one)
    assert found.covers(other)
    assert all(place.covers(found) for place in PLACES if place.covers(one) and place.covers(other))
    assert around([one]) == one
    assert around([]) == PROGRAMME


@pytest.mark.parametrize("text", ["/", "igora/", "/igora", "a//b", "a/b/c/d"])
def test_what_is_no_scope_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        Scope.parse(text)


def test_access_answers_for_every_place_alike() -> None:
    """INV-22: over every set of scopes, `within` is true exactly where one of them covers the place."""
    for bits in range(1 << len(PLACES)):
        held = [place for number, place in enumerate(PLACES) if bits >> number & 1]
        access = Access.of(("card.view", place) for place in held)
        for place in PLACES:
            assert access.within("card.view", place) is any(one.covers(place) for one in held)
            assert not access.within("card.manage", place)
        assert access.holds("card.view") is bool(held)
        whole = {one.partner for one in held if one.kind is ScopeKind.PARTNER}
        assert access.partners("card.view") == (None if PROGRAMME in held else whole)
        assert set(widest(held)) <= set(held)
        assert access.covers(Access.of(("card.view", place) for place in held))


def test_access_tells_what_another_lacks() -> None:
    wide, narrow = (
        Access.of([("card.view", PROGRAMME)]),
        Access.of([("card.view", PLACES[1]), ("faq.manage", PROGRAMME)]),
    )
    assert wide.minus(narrow) == (("card.view", PROGRAMME),)
    assert narrow.minus(wide) == (("faq.manage", PROGRAMME),)
    assert not wide.covers(narrow)
    assert not narrow.covers(wide)


def test_what_the_table_does_not_know_opens_nothing() -> None:
    held = [("settings.manage", PLACES[1]), ("no.such", PROGRAMME), ("pos.manage", PLACES[3]), ("card.view", PLACES[3])]
    assert rights.effective(held).pairs == (("card.view", PLACES[3]),)


def test_a_right_without_what_it_stands_on_is_named() -> None:
    access = rights.effective([("card.manage", PLACES[1]), ("card.view", PLACES[2])])
    assert rights.missing_requirements(access) == (("card.manage", "card.view", PLACES[1]),)
