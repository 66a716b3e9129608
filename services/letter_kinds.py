"""What letters there are, and the shape of their words."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a letter is about.

    NOBODY is no letter: it is asked for where nobody is behind an address, so that the known and the unknown cost the
    same work.
    """

    CONFIRMATION = "CONFIRMATION"
    ALREADY_REGISTERED = "ALREADY_REGISTERED"
    WELCOME = "WELCOME"
    RESET = "RESET"
    PASSWORD_CHANGED = "PASSWORD_CHANGED"  # noqa: S105 - the name of a letter
    PHONE_CHANGED = "PHONE_CHANGED"
    PROFILE_CHANGED = "PROFILE_CHANGED"
    EMAIL_ASKED = "EMAIL_ASKED"
    EMAIL_CHANGE = "EMAIL_CHANGE"
    EMAIL_CHANGED = "EMAIL_CHANGED"
    EMAIL_TAKEN = "EMAIL_TAKEN"
    TIER_FELL = "TIER_FELL"
    TIER_GRANTED = "TIER_GRANTED"
    CLAIM_CREDITED = "CLAIM_CREDITED"
    CLAIM_REJECTED = "CLAIM_REJECTED"
    VOUCHERS = "VOUCHERS"
    NOBODY = "NOBODY"


@dataclass(frozen=True, slots=True)
class Words:
    """A letter with places for facts. A paragraph whose fact is missing is left out."""

    subject: str
    before: tuple[str, ...]
    button: str
    link: str
    after: tuple[str, ...]
