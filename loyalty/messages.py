"""A message on its way: what gateways may report about it, and when it goes on by the next channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeAlias


class Channel(StrEnum):
    """A way to a person, in the order of the cascade: the cheapest first, the surest last."""

    VIBER = "VIBER"
    SMS = "SMS"
    EMAIL = "EMAIL"


class Cause(StrEnum):
    """Why a message is sent: a one-time code, a notice about the card, or an advert, which needs a consent."""

    CODE = "CODE"
    SERVICE = "SERVICE"
    MARKETING = "MARKETING"


class State(StrEnum):
    """Where a message is. NEXT_CHANNEL: a channel failed or stayed silent, and the next one has its turn."""

    PLANNED = "PLANNED"
    ELIGIBLE = "ELIGIBLE"
    QUEUED = "QUEUED"
    SENT = "SENT"
    DELIVERED = "DELIVERED"
    READ = "READ"
    NEXT_CHANNEL = "NEXT_CHANNEL"
    UNDELIVERED = "UNDELIVERED"
    SUPPRESSED = "SUPPRESSED"


class Fate(StrEnum):
    """What became of one attempt by one channel, from the least to the most telling.

    HANDING: given to the gateway, whose answer we do not know (yet). The rest is what gateways report, in one language.
    """

    HANDING = "HANDING"
    ACCEPTED = "ACCEPTED"
    SENT = "SENT"
    EXPIRED = "EXPIRED"
    UNDELIVERED = "UNDELIVERED"
    FAILED = "FAILED"
    DELIVERED = "DELIVERED"
    READ = "READ"


ENDED: Final = frozenset({State.DELIVERED, State.READ, State.UNDELIVERED, State.SUPPRESSED})
FAILURES: Final = frozenset({Fate.EXPIRED, Fate.UNDELIVERED, Fate.FAILED})
ARRIVED: Final = frozenset({Fate.DELIVERED, Fate.READ})
_RANK: Final = {fate: place for place, fate in enumerate(Fate)}


def later(known: Fate, told: Fate) -> Fate:
    """What is known after one more report.

    The most telling report wins whenever it came, so repeated and reordered reports end in one state, and nothing goes
    back: a message that arrived has arrived, whatever an older report says afterwards.
    """
    return max(known, told, key=_RANK.__getitem__)


@dataclass(frozen=True, slots=True)
class Step:
    """One channel of a cascade: what became of it (None: not begun), and until when it may stay silent."""

    channel: Channel
    fate: Fate | None = None
    deadline: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """Begin the step of this place."""

    place: int


@dataclass(frozen=True, slots=True)
class Resolve:
    """Find out whether the gateway took what we gave it: until then nothing is given again."""

    place: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before this moment, unless a report comes."""

    until: datetime


@dataclass(frozen=True, slots=True)
class End:
    """The cascade has done what it could."""

    state: State


Move: TypeAlias = Send | Resolve | Wait | End


def next_move(steps: Sequence[Step], now: datetime) -> Move:
    """What a cascade does now. Steps are begun in their order and one after the other."""
    arrived = [step.fate for step in steps if step.fate in ARRIVED]
    if arrived:
        return End(State.READ if Fate.READ in arrived else State.DELIVERED)
    begun = [place for place, step in enumerate(steps) if step.fate is not None]
    if not begun:
        return Send(0) if steps else End(State.UNDELIVERED)
    place = begun[-1]
    step, is_last = steps[place], place == len(steps) - 1
    if step.fate in FAILURES:
        return End(State.UNDELIVERED) if is_last else Send(place + 1)
    is_late = step.deadline is not None and now >= step.deadline
    if is_late and not is_last:
        return Send(place + 1)
    if step.fate is Fate.HANDING:
        return Resolve(place)  # the last channel's: there is nothing to do but to ask on
    if is_late or step.deadline is None:
        return End(State.SENT)
    return Wait(step.deadline)


def state_of(steps: Sequence[Step], now: datetime) -> State:
    """The state of a message whose first step has begun."""
    move = next_move(steps, now)
    if isinstance(move, End):
        return move.state
    if isinstance(move, Send):
        return State.QUEUED if move.place == 0 else State.NEXT_CHANNEL
    begun = [step for step in steps if step.fate is not None]
    return State.QUEUED if begun[-1].fate is Fate.HANDING else State.SENT
