"""What a person may be called, how old they must be, and which addresses and passwords are taken. No lists, no clock."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable
from datetime import date
from typing import Final

from loyalty.refusals import Code, Refusal
from loyalty.texts import clean

NAME_LENGTH_MAX: Final = 100
EMAIL_LENGTH_MAX: Final = 254
LOCAL_LENGTH_MAX: Final = 64  # RFC 5321, before the @
PASSWORD_LENGTH_MIN: Final = 8
PASSWORD_LENGTH_MAX: Final = 128
AGE_MAX: Final = 120

_BETWEEN: Final = frozenset("- '’")
_LOCAL: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_TOP_LABEL: Final = re.compile(r"[a-z]{2,63}|xn--[a-z0-9-]{1,59}", re.ASCII)
_RUSSIAN_KEYS: Final = str.maketrans(
    "йцукенгшщзхъфывапролджэячсмитьбюё",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,.`",
)


def name(text: str, *, field: str, cyrillic_only: bool) -> str:
    """A surname, first name or patronymic: letters, with a hyphen, space or apostrophe between them (A-031..A-033).

    Spaces at the ends and doubled ones come from keyboards, not from passports, so they are dropped without a word.
    """
    cleaned = " ".join(clean(text, field=field, length_max=NAME_LENGTH_MAX).split())
    if not _is_name(cleaned, _is_any_letter):
        raise Refusal(Code.INVALID_INPUT, "people.name_letters", field=field)
    if cyrillic_only and not _is_name(cleaned, _is_cyrillic):
        raise Refusal(Code.INVALID_INPUT, "people.name_cyrillic", field=field)
    return cleaned


def masked(first_name: str) -> str:
    """A first letter and as many dots for everybody: enough to ask «Анна?», too little to learn a name."""
    return f"{first_name[:1]}•••"


def optional_name(text: str | None, *, field: str, cyrillic_only: bool) -> str | None:
    """A name that may be left out: not everybody has a patronymic."""
    return name(text, field=field, cyrillic_only=cyrillic_only) if text is not None and text.strip() else None


def email(text: str, *, field: str) -> str:
    """An address in the one spelling we keep: lower case, ASCII, so that two look-alikes are never two people (A-035).

    Only what a mail server could accept passes. Whether anybody reads it is what the confirmation letter asks.
    """
    address = clean(text, field=field, length_max=EMAIL_LENGTH_MAX).strip().lower()
    local, _, domain = address.rpartition("@")
    labels = domain.split(".")
    if (
        not address.isascii()
        or len(local) > LOCAL_LENGTH_MAX
        or not _LOCAL.fullmatch(local)
        or "." not in domain
        or not all(_LABEL.fullmatch(label) for label in labels)
        or not _TOP_LABEL.fullmatch(labels[-1])
    ):
        raise Refusal(Code.INVALID_INPUT, "people.email", field=field)
    return address


def birth_date(born: date, *, today: date, minimum_age: int, field: str) -> date:
    """A date of birth of somebody old enough for the programme, and not older than people get (A-034)."""
    if born > today:
        raise Refusal(Code.INVALID_INPUT, "people.birth_future", field=field)
    age = age_on(born, today)
    if age > AGE_MAX:
        raise Refusal(Code.INVALID_INPUT, "people.birth_long_ago", field=field)
    if age < minimum_age:
        raise Refusal(Code.INVALID_INPUT, "people.too_young", field=field, minimum_age=minimum_age)
    return born


def age_on(born: date, today: date) -> int:
    """Whole years lived; somebody born on 29 February grows older on 1 March of common years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def password(
    text: str, *, common: Container[str], about: Iterable[str], field: str, length_min: int = PASSWORD_LENGTH_MIN
) -> str:
    """A password long enough, not among the common ones and not the person's own data (A-037).

    There are no rules of composition: they make passwords alike. `about` holds what an acquaintance would try first.
    """
    composed = unicodedata.normalize("NFC", text) if len(text) <= 4 * PASSWORD_LENGTH_MAX else text
    if len(composed) > PASSWORD_LENGTH_MAX:
        raise Refusal(Code.INVALID_INPUT, "people.password_long", field=field, length_max=PASSWORD_LENGTH_MAX)
    if any(unicodedata.category(letter) in ("Cc", "Cs") for letter in composed):
        raise Refusal(Code.INVALID_INPUT, "text.characters", field=field)
    if len(composed) < length_min:
        raise Refusal(Code.INVALID_INPUT, "people.password_short", field=field, length_min=length_min)
    folded = composed.casefold()
    # The same keys under the other layout are the same password to whoever guesses.
    if len(set(folded)) == 1 or folded in common or folded.translate(_RUSSIAN_KEYS) in common:
        raise Refusal(Code.INVALID_INPUT, "people.password_common", field=field)
    if _bare(folded) in {_bare(fact) for fact in about} - {""}:
        raise Refusal(Code.INVALID_INPUT, "people.password_about", field=field)
    return composed


def facts_about(*, email: str, phone: str, last_name: str, first_name: str, patronymic: str | None) -> tuple[str, ...]:
    """What a password must not merely repeat: addresses and names, whole and in the usual pairs."""
    local = email.partition("@")[0]
    digits = phone.removeprefix("+")
    spellings = (digits, digits[1:], "8" + digits[1:])
    named = (last_name, first_name, patronymic or "")
    pairs = tuple(one + other for one in named for other in named if one != other)
    return (email, local, *spellings, *named, *pairs, "".join(named))


def _is_name(text: str, is_letter: Callable[[str], bool]) -> bool:
    """Letters with single separators between them: it starts with a letter and may end with an apostrophe no more."""
    after_letter = False
    for character in text:
        if is_letter(character):
            after_letter = True
        elif character in _BETWEEN and after_letter:
            after_letter = False
        else:
            return False
    return after_letter


def _is_any_letter(character: str) -> bool:
    return unicodedata.category(character)[0] in "LM"


def _is_cyrillic(character: str) -> bool:
    return "\u0400" <= character <= "\u04ff" and character.isalpha()


def _bare(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
