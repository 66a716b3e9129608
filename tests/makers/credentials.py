"""Credentials as they come over the wire: a member's session of either kind."""

from datetime import datetime

from services.callers import Caller
from services.sessions import Transport, open_session
from services.work import work
from tests.makers.people import MadeMember


async def make_token(member: MadeMember, now: datetime, transport: Transport = "BEARER") -> str:
    """The token of a new session."""
    async with work() as tx:
        _, token = await open_session(tx, member.id, transport, Caller(address="203.0.113.7", agent="tests"), now)
    return token
