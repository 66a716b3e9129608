"""The attempts of a message as they are kept: written before the network is asked, and told of afterwards."""

from datetime import datetime
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from integrations.ports import Told
from loyalty.messages import ENDED, FAILURES, Channel, Fate, State, Step, later, state_of
from models.database import Record
from models.ids import uuid7
from services.gateways import Gateways
from services.work import Work

NOBODY: Final = "none"
TOLD_CHARACTERS_MAX: Final = 200
ENDINGS: Final = Counter("kunak_messages", "Messages by cause and how their cascade ended.", ["cause", "state"])

_MESSAGE: Final = """
SELECT id, member_id, cause, code_id, subject, text, channels, wait_seconds, by_day, state, created_at, expires_at
FROM message WHERE id = $1 FOR UPDATE
"""
_ATTEMPTS: Final = """
SELECT id, message_id, step, channel, gateway, address, fate, provider_id, handed_at, held_until, deadline_at
FROM delivery_attempt WHERE message_id = $1 ORDER BY step, handed_at, id
"""
_STATE: Final = "UPDATE message SET state = $2, reason = coalesce($3, reason), changed_at = $4 WHERE id = $1"
_ADD: Final = """
INSERT INTO delivery_attempt (id, message_id, step, channel, gateway, address, fate, told, handed_at, held_until,
    deadline_at, expected, changed_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $9)
"""
_TOLD: Final = """
UPDATE delivery_attempt SET fate = $2, provider_id = coalesce(provider_id, $3), told = $4,
    segments = coalesce($5, segments), cost = coalesce($6, cost), changed_at = $7
WHERE id = $1
"""
_FAIL: Final = "UPDATE delivery_attempt SET fate = 'FAILED', told = $2, gateway = $3, changed_at = $4 WHERE id = $1"
_KNOWN: Final = (
    "SELECT provider_id FROM delivery_attempt WHERE gateway = $1 AND address = $2 AND provider_id IS NOT NULL"
)


async def message_of(tx: Work, message_id: UUID) -> Record | None:
    """A message, locked: whoever works on it, works alone."""
    return await tx.fetchrow(_MESSAGE, message_id)


async def attempts_of(tx: Work, message_id: UUID) -> list[Record]:
    """The attempts of a message, in the order in which they were made."""
    return await tx.fetch(_ATTEMPTS, message_id)


def steps_of(channels: list[str], attempts: list[Record], gateways: Gateways) -> list[Step]:
    """The cascade as its attempts tell it. A step whose gateway said no while another one is left has not begun yet."""
    steps = []
    for place, name in enumerate(channels):
        mine = [attempt for attempt in attempts if attempt["step"] == place]
        tried = {attempt["gateway"] for attempt in mine}
        turned_away = all(each["fate"] == Fate.FAILED and each["provider_id"] is None for each in mine)
        left = any(gateway.name not in tried for gateway in gateways.carrying(Channel(name)))
        if turned_away and left and NOBODY not in tried:
            steps.append(Step(Channel(name)))
        else:
            steps.append(Step(Channel(name), _fate(mine), _deadline(mine)))
    return steps


def _fate(mine: list[Record]) -> Fate | None:
    """What became of a step: at most one of its attempts did not fail, and that one counts."""
    fates = [Fate(attempt["fate"]) for attempt in mine]
    alive = [fate for fate in fates if fate not in FAILURES]
    return max(alive or fates, default=None, key=list(Fate).index)


def _deadline(mine: list[Record]) -> datetime | None:
    return max((attempt["deadline_at"] for attempt in mine if attempt["deadline_at"] is not None), default=None)


async def add(
    tx: Work,
    message: Record,
    place: int,
    *,
    gateway: str,
    address: str,
    expected: int | None,
    now: datetime,
    held_until: datetime,
    deadline_at: datetime,
) -> UUID:
    """Write down that a message is about to be handed over."""
    attempt_id = uuid7()
    where = (message["id"], place, message["channels"][place], gateway, address)
    await tx.execute(_ADD, attempt_id, *where, Fate.HANDING.value, "", now, held_until, deadline_at, expected)
    await set_state(tx, message, State.QUEUED if place == 0 else State.NEXT_CHANNEL, now)
    return attempt_id


async def skip(tx: Work, message: Record, place: int, why: str, now: datetime) -> None:
    """Leave a channel out, for a reason that is kept."""
    where = (message["id"], place, message["channels"][place], NOBODY, "")
    await tx.execute(_ADD, uuid7(), *where, Fate.FAILED.value, why, now, now, None, None)


async def hold(tx: Work, attempt_id: UUID, until: datetime) -> None:
    """Leave an attempt alone until a moment."""
    await tx.execute("UPDATE delivery_attempt SET held_until = $2 WHERE id = $1", attempt_id, until)


async def fail(tx: Work, attempt: Record, why: str, now: datetime, *, whole_step: bool = False) -> None:
    """A gateway said no for good; with `whole_step` no other one of the channel is asked either."""
    gateway = NOBODY if whole_step else attempt["gateway"]
    await tx.execute(_FAIL, attempt["id"], why[:TOLD_CHARACTERS_MAX], gateway, now)


async def forget(tx: Work, attempt: Record) -> None:
    """A hand-over that surely did not take place leaves no trace: it may be made again."""
    await tx.execute("DELETE FROM delivery_attempt WHERE id = $1 AND fate = 'HANDING'", attempt["id"])


async def keep_told(tx: Work, attempt: Record, told: Told, now: datetime) -> None:
    """Keep what a gateway said. It only ever adds to what is known."""
    fate = later(Fate(attempt["fate"]), told.fate)
    said = (told.provider_id, told.raw[:TOLD_CHARACTERS_MAX], told.segments, told.cost)
    await tx.execute(_TOLD, attempt["id"], fate.value, *said, now)


async def known_ids(tx: Work, attempt: Record) -> frozenset[str]:
    """The gateway's ids of other messages to the same address."""
    return frozenset(row["provider_id"] for row in await tx.fetch(_KNOWN, attempt["gateway"], attempt["address"]))


async def keep_state(tx: Work, message: Record, steps: list[Step], now: datetime) -> None:
    """Write down the state that the attempts amount to."""
    await set_state(tx, message, state_of(steps, now), now)


async def set_state(tx: Work, message: Record, state: State, now: datetime, reason: str | None = None) -> None:
    """Write down a state, if it is another one."""
    if state == message["state"] and reason is None:
        return
    await tx.execute(_STATE, message["id"], state.value, reason, now)
    if state in ENDED and state != message["state"]:
        cause = message["cause"]
        tx.after_commit(lambda: ENDINGS.labels(cause, state.value).inc())
