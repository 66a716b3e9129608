"""Secrets at rest open only in their own row, under a key that is still there."""

import pytest

from services.keyring import BadKeys, Keyring, Unopenable, new_line
from tests.makers.resources import make_keyring

ROW = b"qr|cred=1|member=2"


def test_what_is_sealed_opens_and_has_the_promised_size() -> None:
    keyring = make_keyring()
    sealed = keyring.seal(bytes(32), ROW)
    assert len(sealed) == 61
    assert sealed[0] == 1
    assert keyring.open(sealed, ROW) == bytes(32)
    assert keyring.seal(bytes(32), ROW) != sealed


def test_a_blob_moved_to_another_row_does_not_open() -> None:
    keyring = make_keyring()
    sealed = keyring.seal(bytes(32), ROW)
    with pytest.raises(Unopenable):
        keyring.open(sealed, b"qr|cred=1|member=3")


@pytest.mark.parametrize("spoilt", [b"", b"\x01", b"\x01" * 20, b"\x63" + bytes(60)])
def test_a_spoilt_blob_does_not_open(spoilt: bytes) -> None:
    with pytest.raises(Unopenable):
        make_keyring().open(spoilt, ROW)


def test_every_changed_byte_is_noticed() -> None:
    keyring = make_keyring()
    sealed = keyring.seal(b"root", ROW)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Unopenable):
            keyring.open(bytes(changed), ROW)


def test_a_new_key_seals_and_the_old_one_still_opens() -> None:
    old, both = make_keyring(1), make_keyring(2)
    sealed = old.seal(b"root", ROW)
    assert both.open(sealed, ROW) == b"root"
    assert both.seal(b"root", ROW)[0] == 2
    with pytest.raises(Unopenable):
        old.open(both.seal(b"root", ROW), ROW)


def test_a_mac_depends_on_key_purpose_and_message() -> None:
    keyring = make_keyring()
    macs = {
        keyring.mac("letter", b"1"),
        keyring.mac("letter", b"2"),
        keyring.mac("code", b"1"),
        make_keyring(2).mac("letter", b"1"),
    }
    assert len(macs) == 4
    assert keyring.mac("letter", b"1") == make_keyring().mac("letter", b"1")


def test_what_was_given_out_under_an_older_key_counts_while_the_key_stands() -> None:
    old, both = make_keyring(1), make_keyring(2)
    for known in (old, both):
        assert known.vouches("letter", b"1", old.mac("letter", b"1").hex()[:32], 32)
    assert both.vouches("letter", b"1", both.mac("letter", b"1").hex()[:32], 32)
    assert not old.vouches("letter", b"1", both.mac("letter", b"1").hex()[:32], 32)
    for wrong in ("", "\udc80", old.mac("letter", b"1").hex(), old.mac("code", b"1").hex()[:32]):
        assert not both.vouches("letter", b"1", wrong, 32)


def test_a_key_file_is_read() -> None:
    text = "# ours\n" + new_line(1) + "\n" + new_line(7)
    assert Keyring.parse(text).newest == 7


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1",
        "1:",
        "1:zz",
        "0:" + "A" * 43 + "=",
        "256:" + "A" * 43 + "=",
        "1:QUJD",
        "x:" + "A" * 43 + "=",
        "٣:" + "A" * 43 + "=",
    ],
)
def test_a_bad_key_file_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(BadKeys) as refused:
        Keyring.parse(text)
    assert "A" * 20 not in str(refused.value)


def test_a_number_is_used_once() -> None:
    with pytest.raises(BadKeys, match="line 2"):
        Keyring.parse(new_line(1) + new_line(1))
