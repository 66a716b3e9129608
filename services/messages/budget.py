"""What codes by SMS may be in an hour: prefixes, blocks of neighbouring numbers, everything together; and a day's money.

A ring that pumps numbers through our codes meets these before the gateway does (T7). What they hold back goes on by the
next channel of its cascade, so an honest member gets his code by e-mail.
"""

import logging
from datetime import datetime, timedelta
from typing import Final

from loyalty.messages import Channel
from models import database
from services.resources import Resources
from services.work import Work

HOUR_SECONDS: Final = 3600
# Rings rent whole blocks: numbers that differ in their last four digits count as neighbours.
BLOCK_DIGITS: Final = 4
DAY: Final = timedelta(days=1)
log = logging.getLogger(__name__)

# What the gateway said it took, and until it says so what the tariff expects; what was refused costs nothing.
_SPENT: Final = """
SELECT coalesce(sum(coalesce(cost, CASE WHEN fate <> 'FAILED' THEN expected END)), 0)::bigint FROM delivery_attempt
WHERE handed_at > $1 AND channel <> 'EMAIL'
"""
_ALONE: Final = "SELECT pg_advisory_xact_lock(hashtext('kunak texts of a day'))"
_HELD_BACK: Final = """
SELECT count(*) FROM delivery_attempt WHERE handed_at > $1 AND channel <> 'EMAIL' AND told = 'BUDGET'
"""


class Spent(Exception):
    """The hour's budget is used up."""


def is_served(number: str, resources: Resources) -> bool:
    """Whether codes go to a number at all."""
    return number.startswith(tuple(resources.policy.sms_prefixes.split(",")))


async def allows(channel: Channel, number: str, resources: Resources, now: datetime) -> bool:
    """Count one code by SMS; say whether it is within the budget."""
    if channel is not Channel.SMS:
        return True
    if not is_served(number, resources):
        return False
    policy, limits = resources.policy, resources.limits
    block = await limits.hit(
        f"sms.block|{number[:-BLOCK_DIGITS]}", limit=policy.sms_per_block_hour, window_seconds=HOUR_SECONDS, now=now
    )
    if not block.allowed:
        return False
    whole = await limits.hit("sms.hour", limit=policy.sms_per_hour, window_seconds=HOUR_SECONDS, now=now)
    if not whole.allowed:
        once = await limits.hit("sms.alarm", limit=1, window_seconds=HOUR_SECONDS, now=now)
        if once.allowed:
            log.error("codes by SMS beyond %d an hour: the rest goes by e-mail", policy.sms_per_hour)
    return whole.allowed


async def is_spent(number: str, resources: Resources, now: datetime) -> bool:
    """Whether a code to this number would be held back now; nothing is counted."""
    policy, limits = resources.policy, resources.limits
    block = await limits.peek(f"sms.block|{number[:-BLOCK_DIGITS]}", limit=policy.sms_per_block_hour, now=now)
    whole = await limits.peek("sms.hour", limit=policy.sms_per_hour, now=now)
    return not (block.allowed and whole.allowed)


async def affords(tx: Work, expected: int | None, resources: Resources, now: datetime) -> bool:
    """Whether the day's money is enough for one more text; free ones always go.

    Where there is a budget, hand-overs are written down one after the other: a rival sees what this one will cost.
    """
    most = resources.policy.messages_per_day_kopecks
    if not most or not expected:
        return True
    await tx.execute(_ALONE)
    spent: int = await tx.fetchval(_SPENT, now - DAY)
    return spent + expected <= most


async def held_back(since: datetime) -> int:
    """How many texts the budgets have turned to another channel since a moment."""
    count: int = await database.fetchval(_HELD_BACK, since)
    return count
