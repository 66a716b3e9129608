"""The second factor of the staff: six digits of an app, each once, and ten recovery codes for a lost phone."""

import logging
from base64 import b32encode
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from typing import Final
from uuid import UUID

import pyotp

from loyalty.refusals import Code, Refusal
from models.ids import uuid7
from services import callers
from services.keyring import Keyring, Unopenable
from services.resources import Resources
from services.work import Work

STEP_SECONDS: Final = 30
DRIFT_STEPS: Final = 1
DIGITS: Final = 6
TYPED_LENGTH_MAX: Final = 40
RECOVERY_CODES: Final = 10
RECOVERY_BYTES: Final = 10
RECOVERY_LENGTH: Final = 16
RECOVERY_PART: Final = 4
HOUR_SECONDS: Final = 3600
ROW_WINDOW_SECONDS: Final = 365 * 86_400
log = logging.getLogger(__name__)

# The step only rises, whoever comes at once: fifty rivals with one code wait for the row and one of them finds it lower.
_ACCEPT: Final = "UPDATE staff SET totp_step = $2 WHERE id = $1 AND totp_step < $2"
_FORGET: Final = "DELETE FROM staff_recovery_code WHERE staff_id = $1"
_KEEP: Final = """
INSERT INTO staff_recovery_code (id, staff_id, code_sha256, created_at)
SELECT i, $1, c, $2 FROM unnest($3::uuid[], $4::bytea[]) AS n (i, c)
"""
_USE: Final = """
UPDATE staff_recovery_code SET used_at = $3 WHERE staff_id = $1 AND code_sha256 = $2 AND used_at IS NULL
"""


def new_secret() -> str:
    """A fresh secret of 160 bits, in base32 as people type it."""
    return pyotp.random_base32()


def seal(keyring: Keyring, staff_id: UUID, secret: str) -> bytes:
    """The secret as it is kept, bound to its owner."""
    return keyring.seal(secret.encode(), aad(staff_id))


def aad(staff_id: UUID) -> bytes:
    """What a sealed secret is bound to."""
    return f"totp|staff={staff_id}".encode()


def uri_of(secret: str, email: str, issuer: str) -> str:
    """The otpauth address that apps read."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The step whose digits these are, of this half minute or one beside it; None for no such."""
    current = int(now.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(secret)
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    right = [step for step in steps if compare_digest(app.generate_otp(step), code)]
    return max(right, default=None)


def reached(keyring: Keyring, staff_id: UUID, sealed: bytes, code: str, now: datetime) -> int | None:
    """The step of somebody's sealed secret whose digits these are. A secret whose key is gone accepts nothing."""
    try:
        secret = keyring.open(sealed, aad(staff_id)).decode()
    except Unopenable:
        log.error("the secret of a second factor lies under a key that is gone", extra={"credential": str(staff_id)})  # noqa: TRY400
        return None
    return step_of(secret, code, now)


def digits_of(typed: str, *, field: str = "code") -> str:
    """The six digits somebody typed, or INVALID_INPUT."""
    code = "".join(typed.split()) if len(typed) <= TYPED_LENGTH_MAX else typed
    if len(code) != DIGITS or not (code.isascii() and code.isdigit()):
        raise Refusal(Code.INVALID_INPUT, "staff.code_shape", field=field)
    return code


async def accept(tx: Work, staff_id: UUID, step: int) -> bool:
    """Use up a step. False if it or a later one has been used: a code works once."""
    return await tx.execute(_ACCEPT, staff_id, step) == "UPDATE 1"


async def spend_try(resources: Resources, staff_id: UUID, now: datetime) -> None:
    """Count one try at a second factor, before it is looked at. Raises LIMIT_REACHED."""
    policy = resources.policy
    for door, limit, seconds in (
        ("staff.code.burst", policy.sign_in_burst, policy.sign_in_burst_seconds),
        ("staff.code.hour", policy.sign_in_per_account_hour, HOUR_SECONDS),
        ("staff.code.row", policy.sign_in_in_a_row, ROW_WINDOW_SECONDS),
    ):
        await callers.spend(resources, door, str(staff_id), limit=limit, window_seconds=seconds, now=now)


async def forgive_tries(resources: Resources, staff_id: UUID) -> None:
    """Forget the failures of somebody who has just been right."""
    for door in ("staff.code.burst", "staff.code.hour", "staff.code.row"):
        await resources.limits.clear(callers.key(door, str(staff_id)))


async def replace_recovery_codes(tx: Work, staff_id: UUID, now: datetime) -> list[str]:
    """Ten fresh codes, shown this once; the old ones are void. 80 random bits each, so a plain hash keeps them."""
    codes = [b32encode(token_bytes(RECOVERY_BYTES)).decode().lower() for _ in range(RECOVERY_CODES)]
    await tx.execute(_FORGET, staff_id)
    await tx.execute(_KEEP, staff_id, now, [uuid7() for _ in codes], [sha256(code.encode()).digest() for code in codes])
    return [
        "-".join(code[at : at + RECOVERY_PART] for at in range(0, RECOVERY_LENGTH, RECOVERY_PART)) for code in codes
    ]


def recovery_digest(typed: str) -> bytes:
    """What is kept of a recovery code, however it was typed; INVALID_INPUT for what cannot be one."""
    code = "".join(letter for letter in typed if letter.isalnum()).lower() if len(typed) <= TYPED_LENGTH_MAX else typed
    if len(code) != RECOVERY_LENGTH or not code.isascii():
        raise Refusal(Code.INVALID_INPUT, "staff.recovery_shape", field="code")
    return sha256(code.encode()).digest()


async def use_recovery_code(tx: Work, staff_id: UUID, digest: bytes, now: datetime) -> bool:
    """Use up a recovery code. False if there is no such or it was used."""
    return await tx.execute(_USE, staff_id, digest, now) == "UPDATE 1"
