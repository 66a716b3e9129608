"""What codes by SMS may cost in an hour: prefixes that are served, blocks of neighbouring numbers, and everything together.

A ring that pumps numbers through our codes meets these before the gateway does (T7). What they hold back goes on by the
next channel of its cascade, so an honest member gets his code by e-mail.
"""

import logging
from datetime import datetime
from typing import Final

from loyalty.messages import Channel
from services.resources import Resources

HOUR_SECONDS: Final = 3600
# Rings rent whole blocks: numbers that differ in their last four digits count as neighbours.
BLOCK_DIGITS: Final = 4
log = logging.getLogger(__name__)


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
