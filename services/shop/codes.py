"""Codes of vouchers: drawn here, kept as a digest for tills and sealed for their owner, so that a backup opens nothing."""

from hashlib import sha256
from secrets import randbelow
from typing import Final
from uuid import UUID

from loyalty.vouchers import RANDOM_DIGITS, code_of
from services.keyring import Keyring

_ALL: Final = 10**RANDOM_DIGITS


def new_code() -> str:
    """The digits of a new voucher. They are random enough for a plain hash."""
    return code_of(randbelow(_ALL))


def digest(code: str) -> bytes:
    """What a till's digits are looked up by."""
    return sha256(code.encode()).digest()


def sealed(keyring: Keyring, code: str, voucher: UUID) -> bytes:
    """The digits for the voucher's row."""
    return keyring.seal(code.encode(), aad(voucher))


def opened(keyring: Keyring, blob: bytes, voucher: UUID) -> str:
    """The digits of a voucher's row."""
    return keyring.open(blob, aad(voucher)).decode()


def aad(voucher: UUID) -> bytes:
    """What sealed digits are bound to."""
    return b"shop-voucher|" + voucher.bytes
