"""Trusted documents: the operations our own front ends were built with, known by the hash of their text."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import orjson


def load_trusted(file: Path) -> Mapping[str, str]:
    """The documents the build wrote; none without a build. A hash that is not its text's is a mistake of the build."""
    if not file.exists():
        return {}
    documents: dict[str, str] = orjson.loads(file.read_bytes())
    for digest, text in documents.items():
        if sha256(text.encode()).hexdigest() != digest:
            raise ValueError(f"{file}: {digest} is not the hash of its document")
    return documents
