"""Passwords and till keys of the demo: made once, kept as long as its folder stays, readable by their owner alone."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from secrets import SystemRandom, choice, token_urlsafe
from typing import Any, Final

_WORDS: Final = (
    "ladoga",
    "granit",
    "sosna",
    "yantar",
    "volna",
    "kamen",
    "bereg",
    "ozero",
    "tuman",
    "skala",
    "brusnika",
)


class Keys:
    """What was handed out, by name."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._kept: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}

    def password(self, login: str) -> str:
        """The password of a member: three words and two digits, easy to type on a phone."""
        made = "-".join([choice(_WORDS), choice(_WORDS), choice(_WORDS)]) + f"-{10 + choice(range(90))}"
        return self._kept.setdefault(f"member:{login}", made)

    def staff_password(self, login: str) -> str:
        """The password of somebody of the panel: four words, none twice, and two digits."""
        made = "-".join([*SystemRandom().sample(_WORDS, 4), str(10 + choice(range(90)))])
        return self._kept.setdefault(f"staff:{login}", made)

    def keep_totp(self, login: str, secret: str) -> None:
        """Remember the secret of somebody's second factor."""
        self._kept[f"totp:{login}"] = secret

    def totp(self, login: str) -> str:
        """The secret of somebody's second factor, in base32."""
        return self._kept[f"totp:{login}"]

    def till(self, name: str) -> str:
        """The key of a till."""
        return self._kept.setdefault(f"till:{name}", f"kt_{token_urlsafe(32)}")

    def save(self) -> None:
        """Write them down, all or nothing."""
        write_private(self._file, self._kept)


def write_private(file: Path, content: Mapping[str, Any]) -> None:
    """Write JSON that only its owner can read, in one step: a reader sees the old file, none, or the whole new one."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as target:
        json.dump(content, target, ensure_ascii=False, indent=2)
        target.flush()
        os.fsync(target.fileno())
    fresh.replace(file)
