"""Promo codes as they are given at a till: looked up by a keyed digest, and held back where somebody guesses."""

import logging
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Record
from services.keyring import Keyring
from services.resources import Resources

CODES_MAX: Final = 5
CODE_MAX: Final = 64
WINDOW_SECONDS: Final = 3600
PURPOSE: Final = "promo-code"
_SHAPE: Final = re.compile(r"[0-9A-ZА-ЯЁ]{4,32}")
_FIND: Final = """
SELECT c.id, b.campaign, c.uses_left, c.holder_id, b.ends_at, b.cancelled_at FROM coupon AS c
JOIN coupon_batch AS b ON b.id = c.batch_id WHERE c.digest = ANY ($1)
ORDER BY array_position($1, c.digest) LIMIT 1
"""
_ALIVE: Final = """
SELECT c.id FROM coupon AS c JOIN coupon_batch AS b ON b.id = c.batch_id
WHERE c.id = ANY ($1::uuid[]) AND c.uses_left > 0 AND b.cancelled_at IS NULL
"""
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Codes:
    """The promo codes of a quote: campaign → coupon. They keep no code, only what it opens."""

    by_campaign: Mapping[str, UUID] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.by_campaign)

    def stored(self) -> dict[str, str]:
        """As a quote keeps them."""
        return {campaign: str(coupon) for campaign, coupon in self.by_campaign.items()}

    @classmethod
    def of(cls, stored: Mapping[str, str]) -> "Codes":
        """Read back from a quote."""
        return cls({campaign: UUID(coupon) for campaign, coupon in stored.items()})


NO_CODES: Final = Codes()


@dataclass(frozen=True, slots=True)
class Given:
    """Promo codes as a cashier typed them."""

    resources: Resources
    codes: Sequence[str]


def normal(code: str) -> str | None:
    """A code as it is compared: capitals, without spaces and hyphens. None for what can be no code."""
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", unicodedata.normalize("NFKC", code[:CODE_MAX])).upper()
    return bare if _SHAPE.fullmatch(bare) else None


def digest(keyring: Keyring, code: str) -> bytes:
    """What is kept of a code: without the key of the installation nobody can try codes against a copy of the table."""
    return keyring.mac(PURPOSE, code.encode())


def _digests(keyring: Keyring, code: str) -> list[bytes]:
    return keyring.macs(PURPOSE, code.encode())


async def read(given: Given | None, programme: Programme, till: UUID, member: UUID, now: datetime) -> Codes:
    """The codes of a quote. Every wrong one counts against the till and against the guest.

    Raises INVALID_INPUT for a code that opens nothing now, with its place; LIMIT_REACHED after too many such.
    """
    if given is None or not given.codes:
        return NO_CODES
    if len(given.codes) > CODES_MAX:
        raise Refusal(Code.INVALID_INPUT, "promo.too_many", field="input.promoCodes", most=CODES_MAX)
    resources = given.resources
    await _hold_back(resources, till, member, now)
    known = frozenset() if programme.promotions is None else programme.promotions.by_id.keys()
    found: dict[str, UUID] = {}
    for place, written in enumerate(given.codes):
        code = normal(written)
        row = None if code is None else await database.fetchrow(_FIND, _digests(resources.keyring, code))
        words = _wrong(row, member, now)
        if row is None or words is not None or row["campaign"] not in known:
            await _count(resources, till, member, now)
            log.info("a promo code was refused", extra={"till": str(till), "member": str(member)})
            raise Refusal(Code.INVALID_INPUT, words or "promo.unknown", field=f"input.promoCodes.{place}")
        found.setdefault(row["campaign"], row["id"])
    return Codes(found)


async def alive(codes: Codes) -> Codes:
    """Those of a quote's codes that nobody used up or took back since. One that ended by time keeps its promise."""
    if not codes:
        return codes
    left = {row["id"] for row in await database.fetch(_ALIVE, list(codes.by_campaign.values()))}
    return Codes({campaign: coupon for campaign, coupon in codes.by_campaign.items() if coupon in left})


def _wrong(row: Record | None, member: UUID, now: datetime) -> str | None:
    """The sentence for a code that opens nothing. Somebody else's code is as unknown as one that never was."""
    if row is None or row["cancelled_at"] is not None or row["holder_id"] not in (None, member):
        return "promo.unknown"
    if row["ends_at"] is not None and row["ends_at"] <= now:
        return "promo.ended"
    return "promo.used" if row["uses_left"] <= 0 else None


def _limits(resources: Resources, till: UUID, member: UUID) -> tuple[tuple[str, int], ...]:
    policy = resources.policy
    return (
        (f"promo-wrong:{till}", policy.promo_wrong_per_till_hour),
        (f"promo-wrong:{member}", policy.promo_wrong_per_member_hour),
    )


async def _hold_back(resources: Resources, till: UUID, member: UUID, now: datetime) -> None:
    for key, limit in _limits(resources, till, member):
        verdict = await resources.limits.peek(key, limit=limit, now=now)
        if not verdict.allowed:
            seconds = verdict.retry_after_seconds or WINDOW_SECONDS
            raise Refusal(
                Code.LIMIT_REACHED,
                "promo.wait",
                field="input.promoCodes",
                retryable=True,
                retry_after_seconds=seconds,
                minutes=-(-seconds // 60),
            )


async def _count(resources: Resources, till: UUID, member: UUID, now: datetime) -> None:
    for key, limit in _limits(resources, till, member):
        await resources.limits.hit(key, limit=limit, window_seconds=WINDOW_SECONDS, now=now)
