"""A day's codes of one number: whatever they are for, they come out of one purse."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from loyalty.messages import Channel
from loyalty.refusals import Code, Refusal
from models import database
from models.ids import uuid7
from services import code_signin, email_changing, phone_binding
from services.resources import Resources
from tests.makers.joining import make_caller
from tests.makers.messages import PHONE, make_reachable
from tests.makers.state import state

Ask = Callable[[datetime], Awaitable[object]]
MINUTES = timedelta(minutes=2)


async def refused(ask: Ask, at: datetime) -> Code:
    """The code of a refusal after which everything stands as it was, and no job will send anything."""
    before = await state()
    with pytest.raises(Refusal) as refusal:
        await ask(at)
    assert await state() == before
    return refusal.value.code


@pytest.mark.parametrize("second", ["binding", "changing"])
async def test_sign_in_and_what_else_sends_codes_share_five_a_day(
    resources: Resources, now: datetime, second: str
) -> None:
    """T7: three to sign in and two to prove the number, or to change the address by it, are five: then neither asks again."""
    assert Channel.SMS in resources.channels
    member, session = await make_reachable(resources, now - timedelta(days=30)), uuid7()
    await database.execute("DELETE FROM credential WHERE member_id = $1", member)
    if second == "binding":
        await database.execute("UPDATE contact SET verified_at = NULL WHERE member_id = $1 AND kind = 'PHONE'", member)

    def sign_in(at: datetime) -> Awaitable[object]:
        return code_signin.request(PHONE, make_caller(), resources, at)

    def bind(at: datetime) -> Awaitable[object]:
        return phone_binding.request(PHONE, member, session, caller=make_caller(), resources=resources, now=at)

    def change(at: datetime) -> Awaitable[object]:
        return email_changing.ask_code(member, session, caller=make_caller(), resources=resources, now=at)

    other = bind if second == "binding" else change
    for place, ask in enumerate((sign_in, other, sign_in, other, sign_in)):
        await ask(now + MINUTES * place)
    at = now + MINUTES * 5
    assert await refused(sign_in, at) == Code.LIMIT_REACHED
    assert await refused(other, at) == Code.LIMIT_REACHED
    await sign_in(now + timedelta(days=1, minutes=20))
