"""Signals as the panel shows them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

import strawberry

from graph.cards.types import Card
from graph.control.telling import told
from graph.problems import Problem
from graph.staff.types import Scope
from graph.words import Locale
from loyalty.programme import Programme
from services.audit import Actor
from services.control.deciding import MANAGE_CARDS
from services.control.signals import Signal
from services.control.unblocking import may_unblock


@strawberry.enum(description="Why somebody is asked to look.")
class FraudSignalKind(StrEnum):
    """Why somebody is asked to look."""

    LIMIT = "LIMIT"
    OWN_CARD = "OWN_CARD"
    DISTANT_OUTLETS = "DISTANT_OUTLETS"
    REFUND_AFTER_SPEND = "REFUND_AFTER_SPEND"
    CARDS_ON_DEVICE = "CARDS_ON_DEVICE"
    SPENT_AT_ONCE = "SPENT_AT_ONCE"
    DEPOSIT_USED_UP = "DEPOSIT_USED_UP"


@strawberry.enum(description="OPEN waits for a decision; UNBLOCKED had its card blocked, which works again.")
class SignalState(StrEnum):
    """What was decided."""

    OPEN = "OPEN"
    DISMISSED = "DISMISSED"
    CARD_BLOCKED = "CARD_BLOCKED"
    UNBLOCKED = "UNBLOCKED"


@strawberry.enum(description="NOTE decides nothing; the others are made once.")
class SignalDecision(StrEnum):
    """What somebody does about a signal."""

    NOTE = "NOTE"
    DISMISS = "DISMISS"
    BLOCK_CARD = "BLOCK_CARD"


@strawberry.type(description="What somebody of the staff wrote or decided, and why.")
class SignalNote:
    """What somebody wrote or decided."""

    decision: SignalDecision
    note: str
    author: str
    at: datetime


@strawberry.type(description="Facts that look like fraud. Nothing happens by itself: a person decides.")
class FraudSignal:
    """Facts that look like fraud."""

    id: UUID
    kind: FraudSignalKind
    text: str = strawberry.field(description="What was found, in a sentence.")
    at: datetime = strawberry.field(description="When it happened.")
    found_at: datetime
    scope: Scope = strawberry.field(description="Where it happened.")
    till: str | None
    card: str | None = strawberry.field(description="The end of the card's number.")
    card_id: UUID | None
    state: SignalState
    decided_at: datetime | None
    notes: list[SignalNote] = strawberry.field(description="The oldest first.")
    can_block: bool = strawberry.field(description="Whether the reader may block its card now.")
    can_unblock: bool = strawberry.field(description="Whether the reader may give its blocked card back now.")

    @classmethod
    def of(cls, found: Signal, actor: Actor, programme: Programme, locale: Locale) -> Self:
        """A signal as a reader sees it."""
        may = actor.access.within(MANAGE_CARDS, found.scope)
        return cls(
            id=found.id,
            kind=FraudSignalKind(found.kind),
            text=told(found, locale),
            at=found.at,
            found_at=found.found_at,
            scope=Scope.of(found.scope, programme, locale),
            till=found.till_name,
            card=None if found.card_number is None else f"•••• {found.card_number[-4:]}",
            card_id=found.card,
            state=SignalState(found.state),
            decided_at=found.decided_at,
            notes=[
                SignalNote(decision=SignalDecision(one.decision), note=one.note, author=one.author, at=one.at)
                for one in found.notes
            ],
            can_block=may and found.state == "OPEN" and found.card is not None and not found.card_is_blocked,
            can_unblock=(
                found.state == "CARD_BLOCKED" and found.card_is_blocked and may_unblock(actor.access, found.blocked_at)
            ),
        )


@strawberry.type(description="A page of signals, the newest first.")
class FraudSignalPage:
    """A page of signals."""

    items: list[FraudSignal]
    next: str | None


@strawberry.type(description="The note or decision is written.")
class SignalDecided:
    """The decision is written."""

    signal: FraudSignal


@strawberry.type(description="The card works, with the same number and codes as before.")
class CardUnblocked:
    """The card works."""

    card: Card


DecideSignalResult = Annotated[SignalDecided | Problem, strawberry.union("DecideSignalResult")]
UnblockCardResult = Annotated[CardUnblocked | Problem, strawberry.union("UnblockCardResult")]
