"""A member lets a site of a partner know the tier: a code for a minute, exchanged once for a token of ten minutes.

It is the authorization code of OAuth 2.1 with PKCE, S256 alone, and the page's origin in place of a redirect address
(RFC 6749 4.1, RFC 7636). The token opens one question about one partner, on pages of one origin.
"""

import re
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe
from typing import Final
from uuid import UUID

from prometheus_client import Counter

from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import callers, programmes
from services.callers import Caller
from services.resources import Resources
from services.sessions import IDLE, digest
from services.sites.places import check_origin, site_of
from services.work import work

CODE_LIFE: Final = timedelta(seconds=60)
TOKEN_LIFE: Final = timedelta(minutes=10)
TOKEN: Final = "kw_"  # noqa: S105 - how tokens of this kind begin, so that none is taken for a member's
CODE: Final = "ka_"
SECRET_BYTES: Final = 32
KEPT: Final = timedelta(days=30)
HOUR_SECONDS: Final = 3600
MINUTE_SECONDS: Final = 60
GRANTS: Final = Counter(
    "kunak_site_grants", "Codes and tokens for partners' sites, by what became of them.", ["outcome"]
)

_CHALLENGE: Final = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_VERIFIER: Final = re.compile(r"[A-Za-z0-9._~-]{43,128}", re.ASCII)
_CODE: Final = re.compile(r"ka_[A-Za-z0-9_-]{43}", re.ASCII)
_OPEN: Final = """
INSERT INTO site_grant (id, member_id, session_id, partner, origin, challenge, code_sha256, created_at, expires_at)
SELECT $1, m.id, $3, $4, $5, $6, $7, $8, $9 FROM member AS m WHERE m.id = $2 AND m.status = 'ACTIVE'
"""
_TAKE: Final = """
UPDATE site_grant SET used_at = $2, token_sha256 = $3, token_expires_at = $4
WHERE code_sha256 = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > $2 AND origin = $5 AND challenge = $6
RETURNING id
"""
# A code that comes again, from elsewhere or without its secret was stolen: neither it nor its token opens anything more.
_SPOIL: Final = "UPDATE site_grant SET revoked_at = $2 WHERE code_sha256 = $1 AND revoked_at IS NULL"
_FIND: Final = """
SELECT g.member_id, g.partner FROM site_grant AS g
JOIN session AS s ON s.id = g.session_id JOIN member AS m ON m.id = g.member_id
WHERE g.token_sha256 = $1 AND g.origin = $2 AND g.token_expires_at > $3 AND g.revoked_at IS NULL
    AND s.revoked_at IS NULL AND s.expires_at > $3 AND s.last_seen_at > $4 AND m.status = 'ACTIVE'
"""
_SWEEP: Final = "DELETE FROM site_grant WHERE id IN (SELECT id FROM site_grant WHERE expires_at < $1 LIMIT $2)"


@dataclass(frozen=True, slots=True)
class Secret:
    """A code or a token as it is shown this once."""

    text: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SiteWish:
    """What a site asks for: whose it is, on which origin its page stands, and the digest of what that page keeps."""

    partner: str
    origin: str
    challenge: str


async def allow(wish: SiteWish, member_id: UUID, session_id: UUID, *, resources: Resources, now: datetime) -> Secret:
    """A code for a site that the member allows to know the tier.

    Raises INVALID_INPUT for a challenge that is none, NOT_FOUND for a partner without a site, FORBIDDEN for an origin
    that is not the partner's and for a blocked member, LIMIT_REACHED.
    """
    if not _CHALLENGE.fullmatch(wish.challenge):
        raise Refusal(Code.INVALID_INPUT, "site.challenge", field="input.challenge")
    programme = await programmes.current(now)
    site_of(wish.partner, programme, field="input.partner")
    check_origin(wish.origin, wish.partner, programme, resources, field="input.origin")
    limit = resources.policy.site_codes_per_member_hour
    await callers.spend(resources, "site.member", str(member_id), limit=limit, window_seconds=HOUR_SECONDS, now=now)
    code = f"{CODE}{token_urlsafe(SECRET_BYTES)}"
    place = (wish.partner, wish.origin, wish.challenge)
    ends = now + CODE_LIFE
    async with work() as tx:
        if await tx.execute(_OPEN, uuid7(), member_id, session_id, *place, digest(code), now, ends) != "INSERT 0 1":
            raise Refusal(Code.FORBIDDEN, "site.blocked")
    GRANTS.labels("allowed").inc()
    return Secret(code, ends)


async def exchange(
    code: str, verifier: str, origin: str | None, *, caller: Caller, resources: Resources, now: datetime
) -> Secret:
    """The token of a code, to the page of the code's origin that knows what its challenge was made of.

    Raises INVALID_INPUT, LIMIT_REACHED, and TOKEN_NOT_ACCEPTED for everything else: unknown, late, used, of another
    page. A code that is known and not taken ends here, and a token that came of it.
    """
    if not _VERIFIER.fullmatch(verifier):
        raise Refusal(Code.INVALID_INPUT, "site.verifier", field="verifier")
    limit = resources.policy.site_codes_per_ip_minute
    await callers.spend_of_address(resources, "site.ip", caller, limit=limit, window_seconds=MINUTE_SECONDS, now=now)
    if not _CODE.fullmatch(code):
        raise _not_accepted()
    token, ends = f"{TOKEN}{token_urlsafe(SECRET_BYTES)}", now + TOKEN_LIFE
    taken = (digest(code), now, digest(token), ends, origin or "", challenge_of(verifier))
    if await database.fetchval(_TAKE, *taken) is None:
        spoilt = await database.execute(_SPOIL, digest(code), now) == "UPDATE 1"
        GRANTS.labels("spoilt" if spoilt else "unknown").inc()
        raise _not_accepted()
    GRANTS.labels("exchanged").inc()
    return Secret(token, ends)


@dataclass(frozen=True, slots=True)
class SiteFacts:
    """Whose token it is, and about which partner it may ask."""

    member_id: UUID
    partner: str


async def find_token(token: str, origin: str, now: datetime) -> SiteFacts | None:
    """Whose token this is on a page of this origin; None once it, the session that allowed it or the member has ended."""
    row = await database.fetchrow(_FIND, digest(token), origin, now, now - IDLE)
    return None if row is None else SiteFacts(row["member_id"], row["partner"])


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636: base64url of the SHA-256, without padding."""
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).rstrip(b"=").decode("ascii")


async def sweep(now: datetime) -> int:
    """Delete what was allowed a month ago; say how many."""
    return await database.sweep(_SWEEP, now - KEPT)


def _not_accepted() -> Refusal:
    return Refusal(Code.TOKEN_NOT_ACCEPTED, "site.code_not_accepted", field="code")
