"""What people may be called, how old they are, and which addresses and passwords are taken (A-031..A-037)."""

from datetime import date

import pytest

from loyalty import people
from loyalty.refusals import Code, Refusal

TODAY = date(2026, 11, 22)
COMMON = frozenset({"password1", "qwertyuiop", "12345678"})


def refused(refusal: pytest.ExceptionInfo[Refusal], words: str) -> None:
    assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, words)
    assert refusal.value.field == "input.x"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Петров", "Петров"),
        ("  Петров ", "Петров"),
        ("Римский-Корсаков", "Римский-Корсаков"),
        ("Алёна", "Алёна"),
        ("Але\u0308на", "Алёна"),
        ("О’Коннор", "О’Коннор"),
        ("Д'Артаньян", "Д'Артаньян"),
        ("Кызы  Оглы", "Кызы Оглы"),
        ("Їжак", "Їжак"),
    ],
)
def test_names_in_cyrillic_are_kept_in_one_spelling(typed: str, kept: str) -> None:
    """A-031, A-032, A-033."""
    assert people.name(typed, field="input.x", cyrillic_only=True) == kept


@pytest.mark.parametrize("typed", ["Petrov", "Пeтров", "Müller", "Петров-Smith"])
def test_latin_letters_are_refused_where_the_programme_says_so_and_only_there(typed: str) -> None:
    """A-031: the homoglyph `Пeтров` has one Latin letter."""
    with pytest.raises(Refusal) as refusal:
        people.name(typed, field="input.x", cyrillic_only=True)
    refused(refusal, "people.name_cyrillic")
    assert people.name(typed, field="input.x", cyrillic_only=False) == typed


@pytest.mark.parametrize("typed", ["-Петров", "Петров-", "Петров--Водкин", "Петров2", "<script>", "=cmd|x", "П.", "😀"])
def test_what_is_not_a_name_is_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        people.name(typed, field="input.x", cyrillic_only=True)
    refused(refusal, "people.name_letters")


def test_a_name_has_a_length_and_a_patronymic_may_be_missing() -> None:
    """A-033."""
    assert people.name("Я" * 100, field="input.x", cyrillic_only=True) == "Я" * 100
    with pytest.raises(Refusal) as refusal:
        people.name("Я" * 101, field="input.x", cyrillic_only=True)
    refused(refusal, "text.too_long")
    assert people.optional_name(None, field="input.x", cyrillic_only=True) is None
    assert people.optional_name("  ", field="input.x", cyrillic_only=True) is None
    with pytest.raises(Refusal) as refusal:
        people.name(" ", field="input.x", cyrillic_only=True)
    refused(refusal, "text.empty")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("petr@petrov.ru", "petr@petrov.ru"),
        (" Petr.Petrov+card@Mail.RU ", "petr.petrov+card@mail.ru"),
        ("o'neil@sub.domain.example", "o'neil@sub.domain.example"),
        ("a@xn--80a1acny.xn--p1ai", "a@xn--80a1acny.xn--p1ai"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    """A-035."""
    assert people.email(typed, field="input.x") == kept


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "petr",
            "@petrov.ru",
            "petr@",
            "petr@petrov",
            "petr@petrov.",
            "a..b@petrov.ru",
            ".a@petrov.ru",
            "a@b@petrov.ru",
        ),
        *("petr @petrov.ru", "petr@-petrov.ru", "petr@petrov.123", "рetr@petrov.ru", "petr@пример.рф", "a,b@petrov.ru"),
        *("a" * 65 + "@petrov.ru", '"a"@petrov.ru', "a@[127.0.0.1]", "<a@petrov.ru>", "a@petrov.ru>"),
    ],
)
def test_what_no_mail_server_takes_is_refused(typed: str) -> None:
    """A-035; `рetr` starts with a Cyrillic letter."""
    with pytest.raises(Refusal) as refusal:
        people.email(typed, field="input.x")
    refused(refusal, "people.email")


@pytest.mark.parametrize("typed", ["petr@petrov.ru\r\nBcc: all@petrov.ru", "petr\x00@petrov.ru"])
def test_an_address_cannot_carry_another_header(typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        people.email(typed, field="input.x")
    refused(refusal, "text.characters")


def test_the_minimum_age_is_reached_on_the_birthday() -> None:
    """A-034."""
    day = date(2012, 11, 22)
    assert people.birth_date(day, today=TODAY, minimum_age=14, field="input.x") == day
    for born, words in [
        (date(2012, 11, 23), "people.too_young"),
        (date(2026, 11, 23), "people.birth_future"),
        (date(1, 1, 1), "people.birth_long_ago"),
        (date(9999, 12, 31), "people.birth_future"),
    ]:
        with pytest.raises(Refusal) as refusal:
            people.birth_date(born, today=TODAY, minimum_age=14, field="input.x")
        refused(refusal, words)


def test_a_leap_day_birthday_comes_on_the_first_of_march() -> None:
    born = date(2008, 2, 29)
    assert people.age_on(born, date(2022, 2, 28)) == 13
    assert people.age_on(born, date(2022, 3, 1)) == 14
    assert people.age_on(born, date(2024, 2, 29)) == 16


def test_any_eight_characters_nobody_guesses_make_a_password() -> None:
    """A-037: no composition rules."""
    for text in ("kapibara", "гречневая каша", "х" * 7 + "у", "a" * 127 + "b", "  two  spaces  "):
        assert people.password(text, common=COMMON, about=(), field="input.x") == text
    assert people.password("и\u0306од12345", common=COMMON, about=(), field="input.x") == "йод12345"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("short12", "people.password_short"),
        ("", "people.password_short"),
        ("a" * 128 + "b", "people.password_long"),
        ("x" * 100_000, "people.password_long"),
        ("with\x00null", "text.characters"),
        ("PASSWORD1", "people.password_common"),
        ("йцукенгшщз", "people.password_common"),
        ("ЙЦУКЕНГШЩЗ", "people.password_common"),
        ("zzzzzzzz", "people.password_common"),
    ],
)
def test_short_long_and_common_passwords_are_refused(text: str, words: str) -> None:
    """A-037; `йцукенгшщз` is `qwertyuiop` under the other layout."""
    with pytest.raises(Refusal) as refusal:
        people.password(text, common=COMMON, about=(), field="input.x")
    refused(refusal, words)


@pytest.mark.parametrize(
    "text",
    [
        "Petr.Petrov@mail.ru",
        "petr.petrov",
        "+7 (921) 123-45-67",
        "89211234567",
        "9211234567",
        "Петров Пётр",
        "ПётрПетров",
    ],
)
def test_a_password_is_not_the_persons_own_data(text: str) -> None:
    """A-037."""
    about = people.facts_about(
        email="petr.petrov@mail.ru", phone="+79211234567", last_name="Петров", first_name="Пётр", patronymic=None
    )
    with pytest.raises(Refusal) as refusal:
        people.password(text, common=COMMON, about=about, field="input.x")
    refused(refusal, "people.password_about")
    assert people.password("Петров ест гречку", common=COMMON, about=about, field="input.x")
