"""Members with a card and open books, tills of partners, and phones that draw codes."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count
from uuid import UUID

from loyalty import codes
from loyalty.cardnumbers import card_number
from models import database
from models.ids import uuid7
from services.cards import aad, issue_card, issue_card_key
from services.ledger import open_books
from services.resources import Resources
from services.tills import SCOPES, TillFacts, TillKind, add_till
from services.work import work

_NUMBERS = count(1)
ORDINARY = ("TILL", "DESK", "PHONE", "EMAIL")


@dataclass(frozen=True, slots=True)
class MadeMember:
    """A confirmed member."""

    id: UUID
    number: str
    email: str
    phone: str
    card: UUID


@dataclass(frozen=True, slots=True)
class Phone:
    """A member's phone: what it needs to show a code."""

    credential: UUID
    handle: str
    root: bytes
    session: UUID

    def code(self, at: datetime, *, later: int = 0) -> str:
        """The 24 digits at a moment, `later` steps after it."""
        return codes.code_at(self.root, self.handle, codes.step_at(int(at.timestamp())) + later)


async def make_member(now: datetime, *, first_name: str = "Анна", plastic: str | None = None) -> MadeMember:
    """An active member. Needs a programme in force."""
    place = next(_NUMBERS)
    member, number = uuid7(), card_number(place)
    email, phone = f"guest{place}@example.ru", f"+7900{place:07d}"
    async with work() as tx:
        await tx.execute(
            "INSERT INTO member (id, number, status, last_name, first_name, birth_date, locale, created_at, confirmed_at)"
            " VALUES ($1, $2, 'ACTIVE', 'Петрова', $3, $4, 'ru', $5, $5)",
            *(member, number, first_name, date(1990, 1, 1), now),
        )
        for kind, value in (("EMAIL", email), ("PHONE", phone)):
            await tx.execute(
                "INSERT INTO contact (id, member_id, kind, value, verified_at, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
                *(uuid7(), member, kind, value, now if kind == "EMAIL" else None, now),
            )
        await open_books(tx, member, now)
        card = await issue_card(tx, member, number, plastic, now)
    return MadeMember(member, number, email, phone, card)


async def make_session(member: UUID, now: datetime) -> UUID:
    """A signed-in browser of a member."""
    session = uuid7()
    await database.execute(
        "INSERT INTO session (id, member_id, token_sha256, transport, created_at, last_seen_at, expires_at, address, agent)"
        " VALUES ($1, $2, $3, 'BEARER', $4, $4, $4::timestamptz + interval '90 days', '127.0.0.1', 'test')",
        *(session, member, session.bytes, now),
    )
    return session


async def make_phone(
    resources: Resources, member: UUID, now: datetime, *, device: str = "phone", session: UUID | None = None
) -> Phone:
    """A device of a member with its card key."""
    session = session or await make_session(member, now)
    key = await issue_card_key(resources.keyring, member_id=member, session_id=session, device=device, now=now)
    row = await database.fetchrow("SELECT id, sealed FROM qr_credential WHERE handle = $1", key.handle)
    assert row is not None
    return Phone(row["id"], key.handle, resources.keyring.open(row["sealed"], aad(row["id"], member)), session)


async def make_till(
    now: datetime,
    *,
    partner: str = "igora",
    outlet: str = "igora-restaurant",
    kind: TillKind = "ORDINARY",
    channels: tuple[str, ...] = ORDINARY,
    scopes: tuple[str, ...] = SCOPES,
) -> tuple[TillFacts, str]:
    """(a till, its key)."""
    return await add_till("Касса", partner, outlet, kind=kind, channels=list(channels), now=now, scopes=scopes)
