"""The rotating code of a card: 24 digits of `91`, handle, one-time password and check, after RFC 6238 and RFC 5869."""

import hmac
import re
from datetime import date

STEP_SECONDS = 30
WINDOW_STEPS = 1  # a code is accepted one step before and one after its own
PREFIX = "91"  # our namespace and the first version of the format
HANDLE_DIGITS = 12
OTP_DIGITS = 8
CODE_DIGITS = 24
ROOT_BYTES = 32

_DAY_SECONDS = 86_400
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_INFO = b"loyalty-qr/v1/"
# What scanners put around and between the digits: line ends, a byte mark, STX and ETX. A NUL is no scanner's.
_NOISE = re.compile("[\x01-\x20\x7f\ufeff]+")


def step_at(unix_seconds: int) -> int:
    """The time step of a second."""
    return unix_seconds // STEP_SECONDS


def day_of(step: int) -> date:
    """The UTC day of a step: its own, not that of the moment it is checked."""
    return date.fromordinal(_EPOCH_ORDINAL + step * STEP_SECONDS // _DAY_SECONDS)


def day_key(root: bytes, day: date) -> bytes:
    """The key a phone holds for one UTC day: HKDF-SHA256 of the root with an empty salt."""
    if len(root) != ROOT_BYTES:
        raise ValueError("a root has 32 bytes")
    extracted = hmac.digest(bytes(32), root, "sha256")
    return hmac.digest(extracted, _INFO + day.isoformat().encode() + b"\x01", "sha256")


def otp(key: bytes, step: int, digits: int = OTP_DIGITS) -> str:
    """The one-time password of a step: RFC 6238 with SHA-256."""
    mac = hmac.digest(key, step.to_bytes(8, "big"), "sha256")
    offset = mac[-1] & 0x0F
    number = int.from_bytes(mac[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**digits:0{digits}d}"


def check_of(first22: str) -> str:
    """The two digits that make the whole number 1 modulo 97 (ISO 7064 MOD 97-10)."""
    return f"{98 - int(first22) * 100 % 97:02d}"


def code_at(root: bytes, handle: str, step: int) -> str:
    """The 24 digits a phone shows at a step."""
    first22 = f"{PREFIX}{handle}{otp(day_key(root, day_of(step)), step)}"
    return first22 + check_of(first22)


def read_code(scanned: str) -> tuple[str, str] | None:
    """Handle and one-time password of what a scanner typed; None when it is no code of ours or was misread."""
    if len(scanned) > 4 * CODE_DIGITS:
        return None
    digits = _NOISE.sub("", scanned)
    if len(digits) != CODE_DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    if not digits.startswith(PREFIX) or int(digits) % 97 != 1:
        return None
    end = len(PREFIX) + HANDLE_DIGITS
    return digits[len(PREFIX) : end], digits[end : end + OTP_DIGITS]


def match_step(root: bytes, password: str, unix_seconds: int) -> int | None:
    """The step whose password this is, of the three that are accepted now.

    All three are computed and compared in constant time, whatever matches, so that the answer's delay tells nothing.
    """
    given = password.encode()
    current, hit = step_at(unix_seconds), None
    for step in range(current - WINDOW_STEPS, current + WINDOW_STEPS + 1):
        if hmac.compare_digest(otp(day_key(root, day_of(step)), step).encode(), given):
            hit = step
    return hit


def handle_of(random_part: int) -> str:
    """Twelve digits from a random number below 10¹² that the caller drew."""
    if not 0 <= random_part < 10**HANDLE_DIGITS:
        raise ValueError("a handle has twelve digits")
    return f"{random_part:0{HANDLE_DIGITS}d}"
