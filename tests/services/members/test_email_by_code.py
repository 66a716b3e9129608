"""Asking for another address without a password: by a code to what was proved before, and not to what a thief has proved."""

from datetime import datetime, timedelta
from typing import Any

import orjson
import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import email_changing, onetime, phone_binding
from services.resources import Resources
from services.work import work
from tests.makers.joining import code_in, deliver, make_caller
from tests.makers.own_data import NEW, Home, make_home, refused
from tests.makers.state import state

MINUTE = timedelta(seconds=61)
WAYS = "SELECT payload -> 'channels' FROM job WHERE name = $1 ORDER BY created_at DESC, id DESC LIMIT 1"


@pytest.fixture
async def home(resources: Resources, now: datetime) -> Home:
    """Somebody without a password, whose address is proved and whose phone is not."""
    made = await make_home(resources, now)
    await database.execute("DELETE FROM credential WHERE member_id = $1", made.member)
    return made


async def test_who_joined_at_a_till_mends_the_address_by_a_code(
    home: Home, resources: Resources, now: datetime
) -> None:
    """A-224: no password and a mistyped address; the code goes to the proved phone, and the old address hears nothing."""
    await database.execute("UPDATE contact SET verified_at = NULL WHERE member_id = $1 AND kind = 'EMAIL'", home.member)
    await prove_phone(home, "+79215550101", now)
    assert await refused(home.ask(now, password=None)) == (Code.INVALID_INPUT, "input.code")
    request, ways = await ask_code(home, now)
    assert ways == ["SMS", "EMAIL"]
    code = await newest_code(resources)
    assert await refused(home.ask(now, password=None, request=request, code="12345")) == (
        Code.INVALID_INPUT,
        "input.code",
    )
    stranger = await make_home(resources, now)
    await database.execute("DELETE FROM credential WHERE member_id = $1", stranger.member)
    assert await tried(stranger.ask(now, password=None, request=request, code=code)) == "input.code"
    later = now + MINUTE
    await home.ask(later, home.email, password=None, request=request, code=code)
    letters = await deliver(resources, later)
    assert [letter.to for letter in letters] == [home.email]
    assert await home.say(code_in(letters[0]), later) == home.email
    assert await home.contact() == (home.email, True)
    assert [letter.subject for letter in await deliver(resources, later)] == ["Ваша карта готова"]


async def newest_code(resources: Resources) -> str:
    """The digits that the phone would show."""
    newest = await database.fetchval("SELECT id FROM one_time_code ORDER BY created_at DESC, id DESC LIMIT 1")
    return onetime.code_of(newest, resources)


async def tried(call: Any) -> str | None:
    """The field of a refusal that used up a try and nothing else."""
    before = {name: rows for name, rows in (await state()).items() if name != "one_time_code"}
    with pytest.raises(Refusal) as refusal:
        await call
    assert refusal.value.code == Code.TOKEN_NOT_ACCEPTED
    assert {name: rows for name, rows in (await state()).items() if name != "one_time_code"} == before
    return refusal.value.field


async def ask_code(home: Home, now: datetime) -> tuple[str, list[str]]:
    """(the request of a code, the ways it goes)."""
    asked = await email_changing.ask_code(
        home.member, home.session, caller=make_caller(), resources=home.resources, now=now
    )
    return asked.request, orjson.loads(await database.fetchval(WAYS, onetime.JOB))


async def prove_phone(home: Home, number: str, now: datetime) -> None:
    async with work() as tx:
        await phone_binding.prove(tx, home.member, number, now)


async def test_a_phone_that_was_just_proved_does_not_ask_for_another_address(home: Home, now: datetime) -> None:
    """T8: whoever has taken a session proves a phone in it; for a week the code goes to the proved address alone."""
    await prove_phone(home, "+79215550101", now)
    for later, ways in (
        (MINUTE, ["EMAIL"]),
        (timedelta(days=7) - MINUTE, ["EMAIL"]),
        (timedelta(days=7), ["SMS", "EMAIL"]),
    ):
        assert (await ask_code(home, now + later))[1] == ways


async def test_a_code_on_its_way_does_not_come_to_another_phone(home: Home, now: datetime) -> None:
    """T8: it was asked for while the owner's phone counted; whoever proves another one meanwhile reads nothing that works."""
    await prove_phone(home, "+79215550101", now - timedelta(days=30))
    request, ways = await ask_code(home, now)
    assert ways == ["SMS", "EMAIL"]
    code = await newest_code(home.resources)
    await prove_phone(home, "+79215550102", now)
    assert await refused(home.ask(now, NEW, password=None, request=request, code=code)) == (
        Code.TOKEN_NOT_ACCEPTED,
        "input.code",
    )
