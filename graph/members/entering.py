"""Who calls, and what a browser keeps once it is let in: the same by password and by code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from graph.context import SESSION_COOKIE, Context, MemberViewer
from graph.members.results import SignedIn
from graph.members.types import Member, SessionTransport
from loyalty.refusals import Code, Refusal
from services import sessions, signin
from services.callers import Caller

if TYPE_CHECKING:
    from services.signin import SignedIn as Opened

DEVICE_COOKIE: Final = "__Host-device"


async def signed_in(opened: Opened, transport: SessionTransport, context: Context) -> SignedIn:
    """The answer to an opened session: its cookies, or its token for clients that are no browser."""
    facts = await context.loaders.member.load(opened.member_id)
    if facts is None:
        raise Refusal(Code.SIGN_IN_FAILED, "sign_in.failed")
    context.viewer = MemberViewer(opened.member_id, opened.session_id, transport.value)
    if transport is SessionTransport.BEARER:
        return SignedIn(member=Member.of(facts), token=opened.token)
    context.set_cookie(SESSION_COOKIE, opened.token, max_age_seconds=int(sessions.ABSOLUTE.total_seconds()))
    context.set_cookie(DEVICE_COOKIE, opened.marker, max_age_seconds=int(signin.MARKER_LIFE.total_seconds()))
    return SignedIn(member=Member.of(facts), token=None)


def caller_of(context: Context) -> Caller:
    """Who calls: the address, the browser, and the session it shows."""
    viewer = context.viewer
    known = viewer if isinstance(viewer, MemberViewer) else None
    return Caller(
        address=context.address,
        agent=context.agent,
        locale=context.locale,
        marker=context.cookies.get(DEVICE_COOKIE),
        member_id=None if known is None else known.member_id,
        session_id=None if known is None else known.session_id,
        transport=None if known is None else known.transport,
    )
