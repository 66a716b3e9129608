"""Consents: which text a member agreed to or withdrew from, when and from where. Acts are added, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from loyalty.programme import Document, DocumentKind, Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import programmes
from services.callers import Caller
from services.work import Work, work

Channel = Literal["REGISTRATION", "CABINET", "TILL", "DESK", "SHOP", "PARTNER_SITE"]

# Without these two there is no card, so they end with it and not by a click in a list.
REQUIRED: Final = frozenset({DocumentKind.OFFER, DocumentKind.PERSONAL_DATA})

_RECORD: Final = """
INSERT INTO consent (id, member_id, kind, act, document, document_version, text_sha256, at, address, agent, channel,
    till_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
# The text withdrawn from is the one agreed to, whatever is current today.
_WITHDRAW: Final = """
INSERT INTO consent (id, member_id, kind, act, document, document_version, text_sha256, at, address, agent, channel, till_id)
SELECT $1, member_id, kind, 'WITHDRAWN', document, document_version, text_sha256, $4, $5, $6, $7, $8
FROM consent WHERE member_id = $2 AND kind = $3 ORDER BY at DESC, id DESC LIMIT 1
"""
_NEWEST: Final = """
SELECT DISTINCT ON (kind) kind, act, document, document_version, text_sha256, at
FROM consent WHERE member_id = $1 ORDER BY kind, at DESC, id DESC
"""


@dataclass(frozen=True, slots=True)
class At:
    """Where an act happens: who calls, through which channel, and at which till where it is one."""

    caller: Caller
    channel: Channel = "REGISTRATION"
    till: UUID | None = None

    @property
    def kept(self) -> tuple[object, ...]:
        """As it is written with the act."""
        return self.caller.kept_address, self.caller.kept_agent, self.channel, self.till


@dataclass(frozen=True, slots=True)
class Consent:
    """The newest act of a member about one kind of document."""

    kind: DocumentKind
    given: bool
    document: str
    version: str
    at: datetime


def agreed(programme: Programme, accepted: Sequence[DocumentKind], shown: Sequence[str] | None) -> list[Document]:
    """The texts agreed to at registration (A-039, A-040): the accepted kinds in their current version.

    Raises INVALID_INPUT when one of the two required is missing, when a shown text is not current any more, or when an
    accepted one was not among the shown.
    """
    for kind, field in ((DocumentKind.OFFER, "acceptOffer"), (DocumentKind.PERSONAL_DATA, "acceptPersonalData")):
        if kind not in accepted:
            raise Refusal(Code.INVALID_INPUT, f"consent.{kind.value.lower()}_required", field=f"input.{field}")
    for place, document_id in enumerate(shown or ()):
        if document_id not in programme.documents_by_id:
            raise Refusal(Code.INVALID_INPUT, "consent.outdated", field=f"input.documents.{place}")
    documents = [programme.documents_by_kind[kind] for kind in accepted if kind in programme.documents_by_kind]
    if shown is not None and not {document.id for document in documents}.issubset(shown):
        raise Refusal(Code.INVALID_INPUT, "consent.not_shown", field="input.documents")
    return documents


def accepted_at_till(programme: Programme, accepted: Sequence[str]) -> list[Document]:
    """The texts somebody agreed to by their ids, each one named: nothing is taken for granted.

    Raises INVALID_INPUT for a text that is not current, and when one of the two required is missing.
    """
    for place, document_id in enumerate(accepted):
        if document_id not in programme.documents_by_id:
            raise Refusal(Code.INVALID_INPUT, "consent.outdated", field=f"input.accepted.{place}")
    documents = [programme.documents_by_id[document_id] for document_id in dict.fromkeys(accepted)]
    for kind in (DocumentKind.OFFER, DocumentKind.PERSONAL_DATA):
        if kind not in {document.kind for document in documents}:
            raise Refusal(Code.INVALID_INPUT, f"consent.{kind.value.lower()}_required", field="input.accepted")
    return documents


async def record(tx: Work, member_id: UUID, document: Document, at: At, now: datetime) -> None:
    """Write down that a text was agreed to."""
    text = (document.kind.value, "GIVEN", document.id, document.version, document.sha256)
    await tx.execute(_RECORD, uuid7(), member_id, *text, now, *at.kept)


async def consents_of(member_id: UUID) -> list[Consent]:
    """The newest act of each kind, in the order in which kinds are listed to people."""
    rows = {row["kind"]: row for row in await database.fetch(_NEWEST, member_id)}
    return [
        Consent(kind, row["act"] == "GIVEN", row["document"], row["document_version"], row["at"])
        for kind in DocumentKind
        if (row := rows.get(kind.value)) is not None
    ]


async def give(member_id: UUID, document_id: str, caller: Caller, now: datetime) -> Consent:
    """Agree to a current text. Agreeing to the same text twice is one act. Raises INVALID_INPUT for an outdated one."""
    programme = await programmes.current(now)
    document = programme.documents_by_id.get(document_id)
    if document is None:
        raise Refusal(Code.INVALID_INPUT, "consent.outdated", field="document")
    async with work() as tx:
        return await give_in(tx, member_id, document, At(caller, "CABINET"), now)


async def give_in(tx: Work, member_id: UUID, document: Document, at: At, now: datetime) -> Consent:
    """As `give`, in the caller's unit of work and for whatever channel."""
    newest = await _newest(tx, member_id, document.kind)
    if newest is not None and newest.given and (newest.document, newest.version) == (document.id, document.version):
        return newest
    await record(tx, member_id, document, at, now)
    return Consent(document.kind, True, document.id, document.version, now)


async def withdraw(member_id: UUID, kind: DocumentKind, caller: Caller, now: datetime) -> Consent:
    """Withdraw an optional consent. Withdrawing twice is one act.

    Raises INVALID_INPUT for the two that the card stands on, and for a consent that was never given.
    """
    async with work() as tx:
        return await withdraw_in(tx, member_id, kind, At(caller, "CABINET"), now, field="kind")


async def withdraw_in(tx: Work, member_id: UUID, kind: DocumentKind, at: At, now: datetime, *, field: str) -> Consent:
    """As `withdraw`, in the caller's unit of work and for whatever channel."""
    if kind in REQUIRED:
        raise Refusal(Code.INVALID_INPUT, "consent.card_stands_on_it", field=field)
    newest = await _newest(tx, member_id, kind)
    if newest is None:
        raise Refusal(Code.INVALID_INPUT, "consent.never_given", field=field)
    if not newest.given:
        return newest
    await tx.execute(_WITHDRAW, uuid7(), member_id, kind.value, now, *at.kept)
    return Consent(kind, False, newest.document, newest.version, now)


async def _newest(tx: Work, member_id: UUID, kind: DocumentKind) -> Consent | None:
    """The newest act of a kind, with the member locked: two clicks at once are one act."""
    await tx.execute("SELECT 1 FROM member WHERE id = $1 FOR NO KEY UPDATE", member_id)
    return next((consent for consent in await consents_of(member_id) if consent.kind is kind), None)
