"""The keys that seal secrets at rest. They live in a file outside the database and its backups."""

import base64
import binascii
import hmac
import os
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
KID_MAX: Final = 255


class BadKeys(Exception):
    """The key file cannot be read; the text says which line and why, never what is in it."""


class Unopenable(Exception):
    """A sealed blob does not open: another row's, a changed one, or sealed under a key that is gone."""


class Keyring:
    """Key-encryption keys by number. The highest seals, all of them open."""

    def __init__(self, keys: Mapping[int, bytes]) -> None:
        if not keys:
            raise BadKeys("no key: a key file has lines like 1:<32 bytes in base64>")
        for kid, key in keys.items():
            if not 1 <= kid <= KID_MAX or len(key) != KEY_BYTES:
                raise BadKeys(f"key {kid}: numbers run from 1 to {KID_MAX}, keys have {KEY_BYTES} bytes")
        self.newest = max(keys)
        self._ciphers = {kid: AESGCM(key) for kid, key in keys.items()}
        self._kids = sorted(keys, reverse=True)
        self._derive = lru_cache(maxsize=256)(lambda kid, purpose: _derived(keys[kid], purpose))

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read a key file: one `kid:base64` a line, empty lines and lines that start with # aside."""
        keys: dict[int, bytes] = {}
        for number, line in enumerate(text.splitlines(), start=1):
            if not line.strip() or line.startswith("#"):
                continue
            kid, colon, encoded = line.strip().partition(":")
            try:
                key = base64.b64decode(encoded, validate=True)
            except binascii.Error:
                key = b""
            if not colon or not kid.isascii() or not kid.isdigit() or not key or int(kid) in keys:
                raise BadKeys(f"line {number} of the key file is not <number>:<base64>, or repeats a number")
            keys[int(kid)] = key
        return cls(keys)

    def seal(self, blob: bytes, aad: bytes) -> bytes:
        """Encrypt a secret for one place: `kid(1) ‖ nonce(12) ‖ ciphertext ‖ tag(16)`, opened only with the same aad."""
        nonce = os.urandom(NONCE_BYTES)
        return bytes([self.newest]) + nonce + self._ciphers[self.newest].encrypt(nonce, blob, aad)

    def open(self, sealed: bytes, aad: bytes) -> bytes:
        """Decrypt what `seal` made. Raises `Unopenable`."""
        cipher = self._ciphers.get(sealed[0]) if sealed else None
        if cipher is None:
            raise Unopenable("sealed under a key that is not in the key file")
        try:
            return cipher.decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], aad)
        except (InvalidTag, ValueError):
            raise Unopenable("the blob was changed or belongs to another row") from None

    def mac(self, purpose: str, message: bytes) -> bytes:
        """HMAC-SHA256 of a message under a key derived for one purpose only."""
        return self._mac(self.newest, purpose, message)

    def macs(self, purpose: str, message: bytes) -> list[bytes]:
        """The same under every key of the file, the newest first: what was given out under an older one still counts."""
        return [self._mac(kid, purpose, message) for kid in self._kids]

    def vouches(self, purpose: str, message: bytes, shown: str, characters: int) -> bool:
        """Whether `shown` is the first hex characters of one of the MACs; every wrong one takes the same time."""
        given = shown.encode("utf-8", "surrogatepass")
        known = [hmac.compare_digest(mac.hex()[:characters].encode(), given) for mac in self.macs(purpose, message)]
        return any(known)

    def _mac(self, kid: int, purpose: str, message: bytes) -> bytes:
        return hmac.digest(self._derive(kid, purpose), message, "sha256")


def new_line(kid: int) -> str:
    """A fresh line for a key file."""
    return f"{kid}:{base64.b64encode(os.urandom(KEY_BYTES)).decode()}\n"


def _derived(key: bytes, purpose: str) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(key)
