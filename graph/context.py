"""What a resolver knows about its request: who asks, in which language, at what moment, with which resources."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

import strawberry

from loyalty.refusals import Code, Refusal
from services.audit import Actor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from graph.loaders import Loaders
    from graph.words import Locale
    from services.resources import Resources
    from services.staff.sessions import StaffSession
    from services.tills import TillFacts


SESSION_COOKIE = "__Host-session"
TILL_COOKIE = "__Host-till"
STAFF_COOKIE = "__Host-staff"


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody we know; a credential that has expired or is wrong makes one too."""


@dataclass(frozen=True, slots=True)
class MemberViewer:
    """A member by an open session."""

    member_id: UUID
    session_id: UUID
    transport: str


@dataclass(frozen=True, slots=True)
class TillViewer:
    """A till by its key or by the cookie it was exchanged for."""

    till: TillFacts


@dataclass(frozen=True, slots=True)
class StaffViewer:
    """One of the staff by an open session, with the rights of this moment."""

    session: StaffSession


@dataclass(frozen=True, slots=True)
class StepViewer:
    """A browser between a password and six digits: nobody yet, but it alone may type them."""

    token: str


@dataclass(frozen=True, slots=True)
class SiteViewer:
    """A member's widget on a partner's own site: it may ask what that partner gives the member, and nothing else."""

    member_id: UUID
    partner: str


Viewer: TypeAlias = Anonymous | MemberViewer | TillViewer | StaffViewer | StepViewer | SiteViewer


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to set, or with an age of 0 to clear; the view that answers writes it."""

    name: str
    value: str
    max_age_seconds: int


@dataclass(slots=True)
class Context:
    """One request. `now` is read once, so that everything in it happens at one moment."""

    viewer: Viewer
    locale: Locale
    request_id: str
    address: str
    agent: str
    now: datetime
    resources: Resources
    loaders: Loaders
    cookies: Mapping[str, str] = field(default_factory=dict)
    """What the browser sent along."""
    site_origin: str | None = None
    """The origin of a partner's own site, where the request comes from a page of one."""
    written_cookies: list[Cookie] = field(default_factory=list)
    """What the browser is told to keep or forget."""

    @property
    def is_at_site(self) -> bool:
        """Whether a partner's own site asks, or somebody with a token that was made for one."""
        return self.site_origin is not None or isinstance(self.viewer, SiteViewer)

    @property
    def member(self) -> MemberViewer:
        """The member who asks; a field guarded by `member()` always has one."""
        if isinstance(self.viewer, MemberViewer):
            return self.viewer
        raise _turned_away(self.viewer, "unauthenticated")

    @property
    def signed_in(self) -> UUID | None:
        """The member who asks, where one does; for fields that anybody may ask."""
        return self.viewer.member_id if isinstance(self.viewer, MemberViewer) else None

    @property
    def till(self) -> TillFacts:
        """The till that asks; a field guarded by `till()` always has one."""
        if isinstance(self.viewer, TillViewer):
            return self.viewer.till
        raise _turned_away(self.viewer, "till_unauthenticated")

    @property
    def staff(self) -> StaffSession:
        """The session of the staff that asks; a field guarded by `staff()` or `needs()` always has one."""
        if isinstance(self.viewer, StaffViewer):
            return self.viewer.session
        raise _turned_away(self.viewer, "staff_unauthenticated")

    @property
    def actor(self) -> Actor:
        """Who stands in the log for what this request does."""
        session = self.staff
        return Actor(
            id=session.staff_id,
            name=session.name,
            access=session.access,
            session_id=session.id,
            request_id=self.request_id,
            address=self.address,
        )

    @property
    def till_session(self) -> str:
        """The token of the till page's cookie, empty for a till that sends its key itself."""
        return self.cookies.get(TILL_COOKIE, "")

    def set_cookie(self, name: str, value: str, *, max_age_seconds: int) -> None:
        """Ask the view to set a cookie of ours: Secure, HttpOnly, SameSite=Strict, for the whole site."""
        self.written_cookies.append(Cookie(name, value, max_age_seconds))

    def clear_cookie(self, name: str) -> None:
        """Ask the view to make the browser forget a cookie of ours."""
        self.written_cookies.append(Cookie(name, "", 0))


def _turned_away(viewer: Viewer, words: str) -> Refusal:
    if isinstance(viewer, Anonymous | StepViewer):
        return Refusal(Code.UNAUTHENTICATED, words)
    return Refusal(Code.FORBIDDEN, "forbidden")


Info: TypeAlias = strawberry.Info[Context, None]
