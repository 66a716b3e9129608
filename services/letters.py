"""Letters to members: asked for in the transaction that causes them, written and sent by the worker.

A job keeps ids only. The secret of a letter, its link or its six digits, is derived from the letter's id and a key that
is not in the database, at the moment the letter is written; the database keeps digests of it. So neither the job table
nor a backup opens a profile, and a letter that is sent again because an answer was lost repeats itself word for word
instead of ending the link that may have arrived.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from integrations.ports import Letter, Mailer
from models import database
from models.database import Record
from models.ids import uuid7
from services import programmes
from services.address_letters import KINDS as ABOUT_ADDRESSES
from services.address_letters import addressed
from services.letter_words import PLASTIC_TAKEN, Kind, compose, first_benefit
from services.resources import Resources
from services.shop.telling import letter_facts
from services.tiers.telling import tier_facts
from services.work import Work, work

JOB: Final = "letter.send"
CODE_DIGITS: Final = 6
KEPT: Final = timedelta(days=30)
# Letters only: the code must be the one run of six digits in the text, and a token in hex has such runs too.
_LETTERS_ONLY: Final = str.maketrans("0123456789", "ghijklmnop")

_READER: Final = """
SELECT m.status, m.first_name, m.locale, c.value AS email, c.verified_at IS NOT NULL AS proved,
    (SELECT value FROM contact WHERE member_id = m.id AND kind = 'PHONE') AS phone, m.plastic_number IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM card AS k WHERE k.member_id = m.id AND k.kind = 'PLASTIC') AS plastic_taken
FROM member AS m JOIN contact AS c ON c.member_id = m.id AND c.kind = 'EMAIL'
WHERE m.id = $1 FOR NO KEY UPDATE OF m
"""
_KEEP_LINK: Final = """
INSERT INTO mail_token (id, member_id, purpose, token_sha256, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (token_sha256) DO NOTHING
"""
_SWEEP: Final = "DELETE FROM mail_token WHERE id IN (SELECT id FROM mail_token WHERE expires_at < $1 LIMIT $2)"
# The newest letter's code counts. An older letter that is sent late leaves it alone, a repeated one gives no new tries.
_KEEP_CODE: Final = """
INSERT INTO mail_code (member_id, code_sha256, expires_at, tries_left, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (member_id) DO UPDATE SET code_sha256 = EXCLUDED.code_sha256, expires_at = EXCLUDED.expires_at,
    tries_left = EXCLUDED.tries_left, created_at = EXCLUDED.created_at
WHERE mail_code.created_at < EXCLUDED.created_at
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """A letter somebody asked for: its own id, its reader, when, and the row it speaks of where it speaks of one."""

    kind: Kind
    letter_id: UUID
    member_id: UUID
    at: datetime
    about: UUID | None = None

    @classmethod
    def of(cls, payload: Mapping[str, object]) -> "Asked":
        """The letter that a job's payload names."""
        return cls(
            Kind(str(payload["letter"])),
            UUID(str(payload["letter_id"])),
            UUID(str(payload["member_id"])),
            datetime.fromisoformat(str(payload["asked_at"])),
            UUID(str(payload["about"])) if "about" in payload else None,
        )


async def ask(
    tx: Work,
    kind: Kind,
    member_id: UUID,
    now: datetime,
    *,
    about: UUID | None = None,
    letter_id: UUID | None = None,
) -> None:
    """Have a letter written once the caller's transaction has committed.

    `letter_id` is that of the change which a letter about an address tells of.
    """
    payload: dict[str, object] = {
        "letter": kind.value,
        "letter_id": str(letter_id or uuid7()),
        "member_id": str(member_id),
        "asked_at": now.isoformat(),
        **({} if about is None else {"about": str(about)}),
    }
    await tx.enqueue(JOB, payload, run_at=now)


async def ask_for_nobody(tx: Work, now: datetime) -> None:
    """Do the same work for an address that nobody has."""
    await ask(tx, Kind.NOBODY, uuid7(), now)


async def send(payload: Mapping[str, object], resources: Resources, mailer: Mailer, now: datetime) -> None:
    """Write and send the letter of a job. May run twice: it then repeats itself."""
    letter = await written(Asked.of(payload), resources, now)
    if letter is not None:
        await mailer.send(letter)


async def written(asked: Asked, resources: Resources, now: datetime) -> Letter | None:
    """The letter, with the digests of its secrets kept. None where it has lost its sense meanwhile."""
    async with work() as tx:
        reader = await tx.fetchrow(_READER, asked.member_id)
        if reader is not None and asked.kind in ABOUT_ADDRESSES:
            return await _about_address(tx, asked, reader, resources, now)
        if reader is None or not _makes_sense(asked.kind, reader["status"], proved=reader["proved"]):
            return None
        facts = await _facts(tx, asked, reader, resources, now)
        if asked.kind is Kind.TIER_GRANTED and facts["until"] is None:
            return None
        if asked.kind is Kind.VOUCHERS and facts["codes"] is None:
            return None
    return compose(asked.kind, reader["locale"], reader["email"], facts)


async def sweep(now: datetime) -> int:
    """Delete the digests of links that ended a month ago, and say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


def secret_of(asked: Asked, resources: Resources) -> str:
    """The token of a letter's link: 256 bits that only the holder of the key can name again."""
    message = f"{asked.kind}|{asked.letter_id}|{asked.member_id}".encode()
    return resources.keyring.mac("letter-token", message).hex().translate(_LETTERS_ONLY)


def code_of(asked: Asked, resources: Resources) -> str:
    """The six digits of a confirmation letter."""
    message = f"{asked.letter_id}|{asked.member_id}".encode()
    return f"{int.from_bytes(resources.keyring.mac('letter-code', message)) % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def token_digest(token: str) -> bytes:
    """What is kept of a link."""
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def code_digest(member_id: UUID, code: str, resources: Resources) -> bytes:
    """What is kept of a code: keyed, since a million plain digests are counted through in a second."""
    return resources.keyring.mac("mail-code", member_id.bytes + code.encode())


def _makes_sense(kind: Kind, status: str, *, proved: bool) -> bool:
    """Whether a letter still says something true. An address that nobody proved gets the one that proves it alone."""
    if kind is Kind.CONFIRMATION:
        return not proved and status in ("PENDING_CONFIRMATION", "ACTIVE", "BLOCKED")
    return kind is not Kind.NOBODY and proved and status in ("ACTIVE", "BLOCKED")


async def _about_address(tx: Work, asked: Asked, reader: Record, resources: Resources, now: datetime) -> Letter | None:
    found = await addressed(tx, asked.kind, asked.letter_id, asked.member_id, reader, now=now)
    if found is None:
        return None
    policy = resources.policy
    facts: dict[str, str | None] = {
        "name": found.name,
        "programme": (await programmes.current(now)).name.in_locale(found.locale),
        "base": resources.base_url,
        "address": found.told,
        "link": f"{resources.base_url}/profile/address?token={secret_of(asked, resources)}",
        "code": code_of(asked, resources) if found.with_code else None,
        "link_hours": str(policy.link_hours),
        "code_minutes": str(policy.code_minutes),
    }
    return compose(found.kind, found.locale, found.to, facts)


async def _facts(tx: Work, asked: Asked, reader: Record, resources: Resources, now: datetime) -> dict[str, str | None]:
    """What stands in the places of a letter's words."""
    locale, policy = reader["locale"], resources.policy
    programme = await programmes.current(now)
    facts: dict[str, str | None] = {
        "name": reader["first_name"],
        "programme": programme.name.in_locale(locale),
        "base": resources.base_url,
    }
    if asked.kind is Kind.CONFIRMATION:
        link = await _keep_token(tx, asked, resources, now, timedelta(hours=policy.link_hours))
        code = await _code_in_force(tx, asked, resources, now)
        facts |= {"link": f"{resources.base_url}/confirm?token={link}", "code": code}
        facts |= {"link_hours": str(policy.link_hours), "code_minutes": str(policy.code_minutes)}
    elif asked.kind is Kind.RESET:
        link = await _keep_token(tx, asked, resources, now, timedelta(minutes=policy.reset_minutes))
        facts |= {"link": f"{resources.base_url}/reset?token={link}", "reset_minutes": str(policy.reset_minutes)}
    elif asked.kind is Kind.WELCOME:
        facts |= {"tier": programme.tiers[0].name.in_locale(locale), "benefit": first_benefit(programme, locale) or ""}
        facts["plastic"] = PLASTIC_TAKEN[locale] if reader["plastic_taken"] else None
    elif asked.kind in {Kind.TIER_FELL, Kind.TIER_GRANTED}:
        facts |= await tier_facts(asked.member_id, programme, locale, now)
    elif asked.kind is Kind.VOUCHERS and asked.about is not None:
        facts |= await letter_facts(asked.about, resources, locale, now)
    elif asked.kind is Kind.PHONE_CHANGED:
        # The last four digits tell the owner which one; the rest is nothing for a letter that others may read.
        facts["phone"] = f"•••{(reader['phone'] or '')[-4:]}"
    return facts


async def _keep_token(tx: Work, asked: Asked, resources: Resources, now: datetime, life: timedelta) -> str:
    token = secret_of(asked, resources)
    purpose = "CONFIRM" if asked.kind is Kind.CONFIRMATION else "RESET"
    await tx.execute(_KEEP_LINK, uuid7(), asked.member_id, purpose, token_digest(token), now, now + life)
    return token


async def _code_in_force(tx: Work, asked: Asked, resources: Resources, now: datetime) -> str | None:
    """The code of this letter, unless a newer letter has replaced it or its time is over: then the link has to do."""
    code, policy = code_of(asked, resources), resources.policy
    digest, ends = code_digest(asked.member_id, code, resources), now + timedelta(minutes=policy.code_minutes)
    await tx.execute(_KEEP_CODE, asked.member_id, digest, ends, policy.code_tries, asked.at)
    kept = await tx.fetchrow("SELECT code_sha256, expires_at FROM mail_code WHERE member_id = $1", asked.member_id)
    return code if kept is not None and kept["code_sha256"] == digest and kept["expires_at"] > now else None
