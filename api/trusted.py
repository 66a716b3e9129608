"""Trusted documents: the operations our own front ends were built with, known by the hash of their text."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Final

import orjson

EARLIER_KEPT: Final = timedelta(days=90)
log = logging.getLogger(__name__)


def load_trusted(file: Path) -> Mapping[str, str]:
    """The documents the build wrote; none without a build. A hash that is not its text's is a mistake of the build."""
    if not file.exists():
        return {}
    documents: dict[str, str] = orjson.loads(file.read_bytes())
    for digest, text in documents.items():
        if sha256(text.encode()).hexdigest() != digest:
            raise ValueError(f"{file}: {digest} is not the hash of its document")
    return documents


def with_earlier(documents: Mapping[str, str], folder: Path, now: datetime) -> Mapping[str, str]:
    """The documents of this build with those that earlier builds left in a folder, where this build leaves its own.

    A till stays open for weeks: after a deployment its page goes on asking what it was built to ask. A folder that
    cannot be written costs the earlier documents and nothing else.
    """
    oldest = (now - EARLIER_KEPT).timestamp()
    known = dict(documents)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for digest, text in documents.items():
            fresh = folder / f".{digest}.{os.getpid()}"
            fresh.write_text(text, encoding="utf-8")
            os.utime(fresh, (now.timestamp(), now.timestamp()))
            fresh.replace(folder / digest)
        for file in folder.iterdir():
            if file.stat().st_mtime < oldest:
                file.unlink(missing_ok=True)
            elif sha256(kept := file.read_bytes()).hexdigest() == file.name:
                known[file.name] = kept.decode()
    except (OSError, UnicodeDecodeError):
        log.warning("documents of earlier builds are not kept", exc_info=True)
    return known
