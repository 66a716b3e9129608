"""Secrets of addresses: made here, shown once, sealed at rest, the former one signing along for a day."""

import base64
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Final
from uuid import UUID

from models.database import Record
from services.keyring import Keyring

PREFIX: Final = "whsec_"
SECRET_BYTES: Final = 32
FORMER_SIGNS: Final = timedelta(hours=24)


def new_secret() -> bytes:
    """A secret as long as the digest it makes."""
    return token_bytes(SECRET_BYTES)


def shown(secret: bytes) -> str:
    """A secret as the partner keeps it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secret).decode()


def sealed(keyring: Keyring, secret: bytes, endpoint: UUID) -> bytes:
    """A secret for its row."""
    return keyring.seal(secret, aad(endpoint))


def opened(keyring: Keyring, row: Record, now: datetime) -> tuple[bytes, ...]:
    """The secrets that sign now, the newest first."""
    kept = [row["sealed"]]
    if row["former_sealed"] is not None and row["former_until"] > now:
        kept.append(row["former_sealed"])
    return tuple(keyring.open(one, aad(row["id"])) for one in kept)


def aad(endpoint: UUID) -> bytes:
    """What a sealed secret is bound to."""
    return b"webhook-secret|" + endpoint.bytes
