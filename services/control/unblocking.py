"""A blocked card given back: by whoever may manage cards of every place that blocked it, with a reason."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access, Scope, around
from models import database
from models.database import Record
from models.ids import uuid7
from services.audit import Actor
from services.control.deciding import MANAGE_CARDS
from services.members import CardFacts
from services.resources import Resources
from services.staff.acting import Act, acting, lacking, reason_of

# The member before the card, as merging and erasing go, which take the card from its owner.
_OWNER: Final = """
SELECT 1 FROM member AS m JOIN card AS c ON c.member_id = m.id WHERE c.id = $1 FOR NO KEY UPDATE OF m
"""
_CARD: Final = """
SELECT c.id, c.number, c.kind, c.status, c.issued_at, m.status IN ('ACTIVE', 'BLOCKED') AS is_owned
FROM card AS c JOIN member AS m ON m.id = c.member_id WHERE c.id = $1 FOR NO KEY UPDATE OF c
"""
_SIGNALS: Final = """
SELECT id, state = 'CARD_BLOCKED' AS blocks, concat_ws('/', partner, outlet) AS place FROM fraud_signal
WHERE card_id = $1 AND state IN ('CARD_BLOCKED', 'UNBLOCKED') ORDER BY id
"""
_UNBLOCK: Final = "UPDATE card SET status = 'ACTIVE' WHERE id = $1"
_OVER: Final = "UPDATE fraud_signal SET state = 'UNBLOCKED' WHERE id = ANY ($1::uuid[])"
_NOTE: Final = """
INSERT INTO signal_note (id, signal_id, decision, note, author, at) VALUES ($1, $2, 'NOTE', $3, $4, $5)
"""


async def unblock(actor: Actor, card: UUID, *, reason: str, resources: Resources, now: datetime) -> CardFacts:
    """Make a blocked card work again; its signals say so, with the reason. A card that works is answered as it is.

    Raises NOT_FOUND for a card that none of the actor's places had blocked, FORBIDDEN where another place blocked it too,
    INVALID_INPUT for a card that was replaced or closed, or whose member is gone.
    """
    why = reason_of(reason)
    async with acting(actor, MANAGE_CARDS, "card.unblock", resources=resources, now=now, reason=why) as act:
        await act.tx.execute(_OWNER, card)
        row = await act.tx.fetchrow(_CARD, card)
        signals = await act.tx.fetch(_SIGNALS, card)
        if row is None or not _concerns(act.actor.access, _places(signals)):
            raise Refusal(Code.NOT_FOUND, "control.card_unknown", field="card")
        if row["status"] not in {"ACTIVE", "BLOCKED"} or not row["is_owned"]:
            raise Refusal(Code.INVALID_INPUT, "control.card_ended", field="card")
        if row["status"] == "BLOCKED":
            await _give_back(act, card, [signal for signal in signals if signal["blocks"]], why)
        return CardFacts(row["id"], row["number"], row["kind"], "ACTIVE", row["issued_at"])


def may_unblock(access: Access, blocked_at: Iterable[Scope]) -> bool:
    """Whether cards of all these places are managed; one that no place blocked is the whole programme's to give back."""
    return all(access.within(MANAGE_CARDS, place) for place in tuple(blocked_at) or (PROGRAMME,))


async def may_unblock_card(access: Access, card: UUID) -> bool:
    """The same for a blocked card, by the signals that blocked it."""
    if not access.holds(MANAGE_CARDS):
        return False
    signals = await database.fetch(_SIGNALS, card)
    return may_unblock(access, _places(signal for signal in signals if signal["blocks"]))


async def _give_back(act: Act, card: UUID, blocking: list[Record], why: str) -> None:
    places = _places(blocking)
    if not may_unblock(act.actor.access, places):
        raise lacking(MANAGE_CARDS)
    await act.tx.execute(_UNBLOCK, card)
    await act.tx.execute(_OVER, [signal["id"] for signal in blocking])
    for signal in blocking:
        await act.tx.execute(_NOTE, uuid7(), signal["id"], why, act.actor.name, act.now)
    act.record("card", card, scope=around(places), before={"status": "BLOCKED"}, after={"status": "ACTIVE"})


def _concerns(access: Access, places: list[Scope]) -> bool:
    """Whether a card is somebody's business: of the places that ever blocked it, or of whoever manages all (INV-22)."""
    return access.everywhere(MANAGE_CARDS) or any(access.within(MANAGE_CARDS, place) for place in places)


def _places(signals: Iterable[Record]) -> list[Scope]:
    return [Scope.parse(signal["place"]) for signal in signals]
