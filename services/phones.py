"""Phone numbers as people type them and as we keep them: one spelling, E.164."""

from typing import Final

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from loyalty.refusals import Code, Refusal

HOME_REGION: Final = "RU"
TYPED_LENGTH_MAX: Final = 32
NUMBER_CHARACTERS: Final = frozenset("0123456789+-() .\u00a0\u2011\u2013")
# A shop answers none of these and a member owns none: they cost the caller, or reach a service instead of a person.
NOBODYS: Final = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
    }
)


def phone(text: str, *, field: str) -> str:
    """The number in E.164, or a refusal that says how to write one (A-036)."""
    found = phone_or_none(text)
    if found is None:
        raise Refusal(Code.INVALID_INPUT, "people.phone", field=field)
    return found


def phone_or_none(text: str) -> str | None:
    """The number in E.164 where it is one: `+7 (921) …`, `8921…`, `7921…`, `921…`, or foreign with a plus."""
    typed = text.strip()
    if not 0 < len(typed) <= TYPED_LENGTH_MAX or not NUMBER_CHARACTERS.issuperset(typed):
        return None
    try:
        number = phonenumbers.parse(typed, HOME_REGION)
    except NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number) or phonenumbers.number_type(number) in NOBODYS:
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)
