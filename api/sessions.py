"""Who is asking: one credential is read from a request and resolved; a wrong or ended one makes nobody of its sender."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from api.asgi import Scope, header_of, headers_of
from api.errors import FORBIDDEN, Turned, invalid_query
from graph.context import (
    SESSION_COOKIE,
    STAFF_COOKIE,
    TILL_COOKIE,
    Anonymous,
    MemberViewer,
    SiteViewer,
    StaffViewer,
    StepViewer,
    TillViewer,
    Viewer,
)
from services.sessions import find_session
from services.sites import granting
from services.staff.sessions import find_session as find_staff_session
from services.staff.signing_in import STEP_TOKEN
from services.tills import till_by_key, till_by_session

Kind = Literal["NONE", "SESSION_COOKIE", "TILL_COOKIE", "STAFF_COOKIE", "BEARER", "TILL_KEY"]

COOKIES_BYTES: Final = 8 * 1024
TOKEN_LONGEST: Final = 512


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request shows of itself; `by_cookie` means that a browser may have sent it without being asked."""

    kind: Kind
    token: str = ""

    @property
    def by_cookie(self) -> bool:
        """Whether it came as a cookie."""
        return self.kind in {"SESSION_COOKIE", "TILL_COOKIE", "STAFF_COOKIE"}


NOBODY: Final = Credential("NONE")
COOKIES: Final = frozenset({SESSION_COOKIE, TILL_COOKIE, STAFF_COOKIE})
# Whom a page speaks for, by its header X-Kunak-Credential; without it, for the guest.
_SPOKEN_FOR: Final[Mapping[str | None, tuple[Kind, str]]] = {
    "till": ("TILL_COOKIE", TILL_COOKIE),
    "staff": ("STAFF_COOKIE", STAFF_COOKIE),
}


def cookies_of(scope: Scope) -> dict[str, str]:
    """The cookies of a request. One that is sent twice is two credentials in disguise and refused."""
    found: dict[str, str] = {}
    for header in headers_of(scope, b"cookie"):
        for pair in header[:COOKIES_BYTES].decode("latin-1").split(";"):
            name, _, value = pair.strip().partition("=")
            if name in found and name in COOKIES:
                raise invalid_query("One cookie of a kind.")
            found[name] = value
    return found


def credential_of(scope: Scope, cookies: Mapping[str, str], *, authorization: str | None = None) -> Credential:
    """The one credential of a request; `authorization` is what a socket said when it was opened.

    `__Host-till` and `__Host-staff` count only where the page says that it speaks for them, so that one browser may hold
    all three.
    """
    shown = [read_authorization(value.decode("latin-1")) for value in headers_of(scope, b"authorization")]
    if authorization is not None:
        shown.append(read_authorization(authorization))
    kind, name = _SPOKEN_FOR.get(header_of(scope, b"x-kunak-credential"), ("SESSION_COOKIE", SESSION_COOKIE))
    if token := cookies.get(name):
        shown.append(Credential(kind, token))
    if len(shown) > 1:
        raise invalid_query("One credential a request: a cookie or an Authorization header.")
    return shown[0] if shown else NOBODY


def read_authorization(value: str) -> Credential:
    """The credential in an Authorization header; a scheme of somebody else's is a credential that opens nothing."""
    scheme, _, token = value.strip().partition(" ")
    kinds: dict[str, Kind] = {"bearer": "BEARER", "till": "TILL_KEY"}
    return Credential(kinds.get(scheme.lower(), "BEARER"), token.strip())


def foreign_origin(scope: Scope, origins: frozenset[str]) -> str | None:
    """The one origin of a request that a page of somebody else's made; None for our own pages and for programs."""
    shown = headers_of(scope, b"origin")
    text = shown[0].decode("latin-1") if len(shown) == 1 else None
    return None if text is None or text in origins or text == _asked_origin(scope) else text


def check_forgery(scope: Scope, origins: frozenset[str]) -> None:
    """Refuse a request that a page of somebody else's could have made with our cookie."""
    if header_of(scope, b"x-kunak") != "1":
        raise Turned(403, FORBIDDEN, "Requests with a cookie need the header X-Kunak: 1.")
    check_origin(scope, origins)


def check_origin(scope: Scope, origins: frozenset[str]) -> None:
    """Refuse a page of another origin; clients that are no browsers send none."""
    for origin in headers_of(scope, b"origin"):
        text = origin.decode("latin-1")
        if text not in origins and text != _asked_origin(scope):
            raise Turned(403, FORBIDDEN, "Requests come from our own pages only.")


def _asked_origin(scope: Scope) -> str | None:
    """The origin a request was sent to, which is ours by whatever name somebody reaches this process."""
    host = header_of(scope, b"host")
    scheme = "https" if scope.get("scheme") in {"https", "wss"} else "http"
    return f"{scheme}://{host}" if host else None


class Sessions:
    """Resolves credentials to viewers, anew for every request: what was ended is out at once, in every process."""

    async def viewer(self, credential: Credential, now: datetime, *, site_origin: str | None = None) -> Viewer:
        """Who holds this credential at this moment; a token for a partner's site counts on pages of that site alone."""
        if credential.kind == "NONE" or not credential.token or len(credential.token) > TOKEN_LONGEST:
            return Anonymous()
        if credential.kind in {"TILL_KEY", "TILL_COOKIE"}:
            by_key = credential.kind == "TILL_KEY"
            till = await (till_by_key(credential.token) if by_key else till_by_session(credential.token, now))
            return TillViewer(till) if till else Anonymous()
        if credential.kind == "STAFF_COOKIE":
            return await self._staff(credential.token, now)
        if credential.kind == "BEARER" and credential.token.startswith(granting.TOKEN):
            facts = await granting.find_token(credential.token, site_origin, now) if site_origin else None
            return SiteViewer(facts.member_id, facts.partner) if facts else Anonymous()
        session = await find_session(credential.token, now)
        way = "COOKIE" if credential.by_cookie else "BEARER"
        # A token made for one way of travelling opens nothing when it comes by the other.
        if session is None or session.transport != way:
            return Anonymous()
        return MemberViewer(session.member_id, session.session_id, session.transport)

    async def _staff(self, token: str, now: datetime) -> Viewer:
        if token.startswith(STEP_TOKEN):
            return StepViewer(token)
        session = await find_staff_session(token, now)
        return StaffViewer(session) if session else Anonymous()
