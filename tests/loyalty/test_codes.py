"""The rotating code: published vectors, our own vector, a second implementation, and the edges of the window."""

import base64
import hashlib
from datetime import UTC, date, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty import codes

ROOT = bytes(range(32))
NOON = int(datetime(2026, 11, 22, 12, tzinfo=UTC).timestamp())
STEP = 59844960
ROOTS = st.binary(min_size=32, max_size=32)
SECONDS = st.integers(1_600_000_000, 4_000_000_000)


@pytest.mark.parametrize(
    ("seconds", "password"),
    [
        (59, "46119246"),
        (1111111109, "68084774"),
        (1111111111, "67062674"),
        (1234567890, "91819424"),
        (2000000000, "90698825"),
        (20000000000, "77737706"),
    ],
)
def test_rfc_6238_appendix_b(seconds: int, password: str) -> None:
    assert codes.otp(b"12345678901234567890123456789012", codes.step_at(seconds)) == password


def test_the_vector_of_the_format() -> None:
    """A-048: the same bytes on the phone and here."""
    assert codes.step_at(NOON) == STEP
    assert codes.day_of(STEP) == date(2026, 11, 22)
    key = codes.day_key(ROOT, date(2026, 11, 22))
    assert base64.b64encode(key) == b"gHa+CqSSYLNKTGBHNaCOP8u9PuUOu5jJNJNypkH06jg="
    assert codes.code_at(ROOT, "123456789012", STEP) == "911234567890128176835041"
    assert codes.read_code("911234567890128176835041") == ("123456789012", "81768350")


@given(ROOTS, SECONDS)
def test_pyotp_makes_the_same_password(root: bytes, seconds: int) -> None:
    step = codes.step_at(seconds)
    key = codes.day_key(root, codes.day_of(step))
    other = pyotp.TOTP(base64.b32encode(key).decode(), digits=8, digest=hashlib.sha256, interval=30)
    assert codes.otp(key, step) == other.generate_otp(step)


@given(ROOTS, SECONDS, st.integers(-3, 3))
def test_a_code_is_accepted_one_step_around_and_no_further(root: bytes, seconds: int, distance: int) -> None:
    shown = codes.step_at(seconds) + distance
    password = codes.otp(codes.day_key(root, codes.day_of(shown)), shown)
    matched = codes.match_step(root, password, seconds)
    if abs(distance) <= 1:
        assert matched == shown
    else:
        assert matched != shown


def test_midnight_belongs_to_the_day_of_the_step() -> None:
    midnight = datetime(2026, 11, 23, tzinfo=UTC)
    yesterday = codes.step_at(int((midnight - timedelta(seconds=1)).timestamp()))
    password = codes.otp(codes.day_key(ROOT, date(2026, 11, 22)), yesterday)
    assert codes.match_step(ROOT, password, int(midnight.timestamp()) + 29) == yesterday
    assert codes.match_step(ROOT, password, int(midnight.timestamp()) + 61) is None


@pytest.mark.parametrize(
    "scanned",
    [
        "911234567890128176835041\r\n",
        "\ufeff911234567890128176835041",
        " 9112 3456 7890 1281 7683 5041 \t",
        "9112345678901281\n76835041",
        "\x02911234567890128176835041\x03\r\n",
    ],
)
def test_what_scanners_add_is_taken_away(scanned: str) -> None:
    assert codes.read_code(scanned) == ("123456789012", "81768350")


@pytest.mark.parametrize(
    "scanned",
    [
        "",
        "91123456789012817683504",
        "9112345678901281768350411",
        "911234567890128176835042",
        "921234567890128176835041",
        "９１1234567890128176835041",
        "٩١1234567890128176835041",
        "911234567890128176835041\x00",
        "4601234567893",
        "https://kunak.test/911234567890128176835041",
        "911234567890128176835041" * 100,
    ],
)
def test_what_is_not_ours_is_not_read(scanned: str) -> None:
    assert codes.read_code(scanned) is None


@given(st.integers(0, 10**12 - 1), SECONDS, st.integers(2, 23), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(handle: int, seconds: int, place: int, shift: int) -> None:
    code = codes.code_at(ROOT, codes.handle_of(handle), codes.step_at(seconds))
    digit = str((int(code[place]) + shift) % 10)
    assert codes.read_code(code[:place] + digit + code[place + 1 :]) is None


@given(st.integers(0, 10**12 - 1), SECONDS, st.integers(2, 22))
def test_two_swapped_digits_are_always_noticed(handle: int, seconds: int, place: int) -> None:
    code = codes.code_at(ROOT, codes.handle_of(handle), codes.step_at(seconds))
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert swapped == code or codes.read_code(swapped) is None


@given(st.integers(0, 10**12 - 1), SECONDS)
def test_every_code_is_read_back(handle: int, seconds: int) -> None:
    step = codes.step_at(seconds)
    code = codes.code_at(ROOT, codes.handle_of(handle), step)
    read = codes.read_code(code)
    assert read is not None
    assert read[0] == codes.handle_of(handle)
    assert codes.match_step(ROOT, read[1], seconds) == step


def test_a_wrong_password_matches_no_step() -> None:
    assert codes.match_step(ROOT, "00000000", NOON) is None
    assert codes.match_step(ROOT, "٠٠٠٠", NOON) is None


@pytest.mark.parametrize("root", [b"", bytes(31), bytes(33)])
def test_a_root_has_32_bytes(root: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        codes.day_key(root, date(2026, 11, 22))
