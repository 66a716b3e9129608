"""Offers as they travel to a page and come back: sealed for one member, good for half an hour."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zlib import compress, decompress

import orjson

from integrations.bookings import Conditions, OfferedStay, Party
from loyalty.refusals import Code, Refusal
from services.keyring import Keyring, Unopenable

LIFE: Final = timedelta(minutes=30)
# What a text of the contract may have at most.
LENGTH_MAX: Final = 1000


@dataclass(frozen=True, slots=True)
class Offer:
    """A stay that was found, for whom, with the corporate client that its promo code opened."""

    partner: str
    stay: OfferedStay
    corporate: str | None


def seal(offer: Offer, member: UUID, keyring: Keyring, now: datetime) -> str:
    """The offer as a word that only this member can bring back, unchanged."""
    data = {"offer": asdict(offer), "until": (now + LIFE).timestamp()}
    packed = compress(orjson.dumps(data), 9)
    return urlsafe_b64encode(keyring.seal(packed, _aad(member))).decode().rstrip("=")


def unseal(text: str, member: UUID, keyring: Keyring, now: datetime, *, field: str) -> Offer:
    """The offer of a word. Raises QUOTE_EXPIRED for one that is too old, INVALID_INPUT for none of ours."""
    try:
        sealed = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        data = orjson.loads(decompress(keyring.open(sealed, _aad(member))))
    except (ValueError, NotBase64, Unopenable):
        raise Refusal(Code.INVALID_INPUT, "booking.offer_unreadable", field=field) from None
    if data["until"] <= now.timestamp():
        raise Refusal(Code.QUOTE_EXPIRED, "booking.offer_old", field=field)
    kept = data["offer"]
    return Offer(kept["partner"], stay_of(kept["stay"]), kept["corporate"])


def stay_of(data: Mapping[str, Any]) -> OfferedStay:
    """A stay that was kept as plain data."""
    plain = dict(data)
    party, conditions = plain.pop("party"), plain.pop("conditions")
    return OfferedStay(
        **(plain | {"placements": tuple(plain["placements"])}),
        party=Party(party["adults"], tuple(party["child_ages"])),
        conditions=conditions_of(conditions),
    )


def conditions_of(data: Mapping[str, Any]) -> Conditions:
    """Conditions that were kept as plain data."""
    until = data["free_until"]
    return Conditions(None if until is None else datetime.fromisoformat(until), data["penalty"])


def _aad(member: UUID) -> bytes:
    return b"booking-offer|" + member.bytes
