"""Time-ordered ids, made here because only PostgreSQL 18 can make them itself."""

import os
import time
from uuid import UUID


def uuid7() -> UUID:
    """A version 7 UUID (RFC 9562): 48 bits of Unix milliseconds, then randomness."""
    millis = time.time_ns() // 1_000_000
    return uuid7_at(millis)


def uuid7_at(millis: int) -> UUID:
    """A version 7 UUID for a given moment, so that facts of the past sort where they belong."""
    random = int.from_bytes(os.urandom(10), "big")
    value = (millis & ((1 << 48) - 1)) << 80
    value |= 0x7 << 76
    value |= (random >> 62 & 0xFFF) << 64
    value |= 0b10 << 62
    value |= random & ((1 << 62) - 1)
    return UUID(int=value)
