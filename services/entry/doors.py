"""Where somebody stands who joins or changes data: the till, the channel, and what holds that door shut for a crowd."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

import orjson

from loyalty.refusals import Code, Refusal
from loyalty.scopes import Scope
from models import database
from services import callers, once, onetime, programmes
from services.audit import Actor
from services.callers import Caller
from services.consents import At, Channel
from services.onetime import HOUR_SECONDS, Purpose
from services.resources import Resources
from services.tills import TillFacts, place_of
from services.work import Work, work

# Through these somebody stands there and can say a code; an order by letter or a file of an import cannot.
CHANNELS: Final = frozenset({"TILL", "DESK", "SHOP", "CABINET", "PARTNER_SITE"})

_ANSWER: Final = "SELECT body_sha256, answer FROM once_answer WHERE id = $1"
_CLAIM: Final = """
INSERT INTO once_answer (id, operation, body_sha256, answer, created_at) VALUES ($1, $2, $3, NULL, $4)
ON CONFLICT (id) DO NOTHING
"""
_KEEP: Final = "UPDATE once_answer SET answer = $2::jsonb WHERE id = $1"

Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Door:
    """A till and the channel of it through which somebody comes in."""

    till: TillFacts
    channel: str
    caller: Caller
    request_id: str

    @property
    def at(self) -> At:
        """The place as it is written with consents."""
        return At(self.caller, cast("Channel", self.channel), self.till.id)

    @property
    def binding(self) -> bytes:
        """What a code asked for here stands for: it opens nothing at another till."""
        return f"{self.till.id}|{self.channel}".encode()

    @property
    def scope(self) -> Scope:
        """The place as the log names it."""
        return Scope((self.till.partner, self.till.outlet, str(self.till.id)))

    @property
    def actor(self) -> Actor:
        """Who stands in the log: the till; which cashier it was, the retailer knows."""
        return Actor.unknown(name=self.till.name, request_id=self.request_id, address=self.caller.kept_address)


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a door under its key; `facts` are what the body's digest is made of."""

    operation: str
    key: str
    facts: tuple[object, ...]


async def check(door: Door, now: datetime) -> None:
    """Raises FORBIDDEN for a key without the scope and for a retired place, CHANNEL_NOT_ALLOWED for a wrong channel."""
    door.till.require("MEMBERS")
    if door.channel not in door.till.channels:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "quote.channel_not_of_till", field="input.channel")
    if door.channel not in CHANNELS:
        raise Refusal(Code.CHANNEL_NOT_ALLOWED, "entry.channel", field="input.channel")
    place_of(door.till, await programmes.current(now))


async def spend(door: Door, purpose: Purpose, subjects: dict[str, str], resources: Resources, now: datetime) -> None:
    """Count one request of the till, and of everything it names: a web shop has one address for all of its guests.

    Known and unknown numbers count alike. Raises LIMIT_REACHED.
    """
    policy = resources.policy
    limit = policy.joins_per_system_hour if door.till.kind == "SYSTEM" else policy.joins_per_till_hour
    await callers.spend(resources, "entry.till", str(door.till.id), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    await onetime.spend_subjects(f"otp.{purpose.value.lower()}", subjects, resources, now)


async def take_try(door: Door, request: str, purpose: Purpose, resources: Resources, now: datetime) -> None:
    """Take one try of a code before it is looked at. Raises LIMIT_REACHED and TOKEN_NOT_ACCEPTED."""
    policy = resources.policy
    limit = policy.code_tries_per_system_hour if door.till.kind == "SYSTEM" else policy.code_tries_per_till_hour
    await callers.spend(resources, "entry.try", str(door.till.id), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    await onetime.take_try(request, purpose, now)


@contextmanager
def below_input() -> Iterator[None]:
    """Names the place of a code in our arguments, where one-time codes know it by itself."""
    try:
        yield
    except Refusal as refusal:
        if refusal.field == "code":
            refusal.field = "input.code"
        raise


def claim_of(door: Door, command: Command) -> UUID:
    """The row that the key of a command claims."""
    return once.claim_of(door.till.id, command.operation, once.key_text(command.key))


async def told(door: Door, command: Command) -> Answer | None:
    """The answer that this key has, or None. Raises KEY_REUSED for a key that stands for something else."""
    found = await database.fetchrow(_ANSWER, claim_of(door, command))
    if found is None or found["answer"] is None:
        return None
    if bytes(found["body_sha256"]) != once.body_of(*command.facts):
        raise once.key_reused()
    answer: Answer = orjson.loads(found["answer"])
    return answer


async def carry_out(door: Door, command: Command, now: datetime, do: Callable[[Work], Awaitable[Answer]]) -> Answer:
    """Run `do(tx)` in one unit of work, once for its key; only what succeeds is kept. Raises KEY_REUSED, BUSY."""
    claim, body = claim_of(door, command), once.body_of(*command.facts)
    async with work() as tx:
        if await tx.execute(_CLAIM, claim, command.operation, body, now) == "INSERT 0 1":
            answer = await do(tx)
            await tx.execute(_KEEP, claim, orjson.dumps(answer, default=str).decode())
            return orjson.loads(orjson.dumps(answer, default=str))  # type: ignore[no-any-return]
    heard = await told(door, command)
    if heard is None:
        raise Refusal(Code.BUSY, "busy", retryable=True, retry_after_seconds=1)
    return heard
