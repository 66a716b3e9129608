"""Members as the staff look them up: by what a guest can name, masked, with the purchases of the reader's partners."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty.masks import initial, masked_email, masked_phone
from loyalty.refusals import Code, Refusal
from loyalty.scopes import PROGRAMME, Access
from models import history
from models.history import PurchaseFacts
from services import members, support
from services.audit import Actor
from services.ledger import Standing
from services.members import CardFacts, MemberFacts
from services.resources import Resources
from services.staff.acting import acting, reason_of

VIEW: Final = "card.view"
ARCHIVE: Final = "card.archive.view"
REVEAL: Final = "pii.reveal"
PURCHASES: Final = 5
FOUND_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Lookup:
    """A member as somebody of the staff may see them. `accumulated` only for whoever `sees_all` of the programme."""

    id: UUID
    number: str
    status: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    cards: tuple[CardFacts, ...]
    standing: Standing | None
    accumulated: int | None
    purchases: tuple[PurchaseFacts, ...]
    sees_all: bool


async def find(access: Access, text: str) -> list[Lookup]:
    """Members that the text names exactly: the number of a card, a phone, an e-mail or an id. Five at most."""
    return await _found(access, (await support.search(text))[:FOUND_MAX] if text.strip() else [])


async def one(access: Access, member: UUID) -> Lookup | None:
    """A member by the id; None for none."""
    found = await _found(access, [member])
    return found[0] if found else None


async def reveal(actor: Actor, member_id: UUID, *, reason: str, resources: Resources, now: datetime) -> MemberFacts:
    """A member's own data unmasked; that it was shown, to whom and why, stands in the log of the same transaction.

    Raises NOT_FOUND for an unknown member.
    """
    why = reason_of(reason)
    async with acting(actor, REVEAL, "member.reveal", resources=resources, now=now, reason=why) as act:
        (found,) = await members.members_by_id([member_id])
        if found is None:
            raise Refusal(Code.NOT_FOUND, "member.not_found", field="member")
        held = act.actor.access.scopes[REVEAL]
        act.record("member", member_id, scope=PROGRAMME if PROGRAMME in held else held[0])
        return found


async def _found(access: Access, ids: list[UUID]) -> list[Lookup]:
    facts = await members.members_by_id(ids)
    standings, cards = await members.standings_by_member(ids), await members.cards_by_member(ids)
    found = []
    for member, standing, held in zip(facts, standings, cards, strict=True):
        if member is not None:
            found.append(await _lookup(access, member, standing, held))
    return found


async def _lookup(access: Access, member: MemberFacts, standing: Standing | None, held: Sequence[CardFacts]) -> Lookup:
    archive, sees_all = access.holds(ARCHIVE), access.everywhere(VIEW)
    return Lookup(
        id=member.id,
        number=member.number,
        status=member.status,
        first_name=member.first_name,
        last_name=initial(member.last_name),
        email=None if member.email is None else masked_email(member.email),
        phone=None if member.phone is None else masked_phone(member.phone),
        cards=tuple(card for card in held if archive or "ARCHIVE" not in card.kind + card.status),
        standing=standing,
        accumulated=standing.accumulated if standing is not None and sees_all else None,
        purchases=tuple(await _purchases(access, member.id)),
        sees_all=sees_all,
    )


async def _purchases(access: Access, member_id: UUID) -> list[PurchaseFacts]:
    """The last purchases at the partners the reader may see, and at no other (INV-22)."""
    partners = access.partners(VIEW)
    if partners is None:
        return await history.page(member_id, rows=PURCHASES)
    found = [
        one
        for partner in sorted(partners)
        for one in await history.page(member_id, rows=PURCHASES, filters=history.Filters(partner=partner))
    ]
    return sorted(found, key=lambda one: (one.closed_at, one.id), reverse=True)[:PURCHASES]
