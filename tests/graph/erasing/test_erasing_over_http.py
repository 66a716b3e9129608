"""Erasing over HTTP: by oneself with the password, by the staff with the right, and the act that can be printed."""

from datetime import datetime

from loyalty.scopes import PROGRAMME
from services import audit
from tests.graph.members.conftest import House
from tests.graph.staff.conftest import Panel
from tests.makers.erasing import EMAIL, erasures, found, make_known
from tests.makers.joining import PASSWORD, signed_in
from tests.makers.staff import make_holder
from tests.makers.state import state

ME = """mutation ($password: String!) { eraseMe(password: $password) { __typename
    ... on MemberErased { erasure { member at askedBy reason pointsForfeited act } }
    ... on Problem { code field message } } }"""
THEM = """mutation ($input: EraseMemberInput!) { eraseMember(input: $input) { __typename
    ... on MemberErased { erasure { id member askedBy reason act } } ... on Problem { code field message } } }"""
ACT = "query ($member: UUID!) { erasure(member: $member) { id number act } }"
CARDS = "query ($search: String!) { memberCards(search: $search) { status firstName email phone } }"


async def test_a_member_erases_himself_by_the_password(house: House, now: datetime) -> None:
    """I-34, C-12: wrong first, then right; the answer is the act, and the session is over."""
    made = await make_known(house.resources, now)
    entered = await signed_in(house.resources, EMAIL, now, transport="BEARER")
    bearer = f"Bearer {entered.token}"
    wrong = await house.ask(ME, {"password": PASSWORD + "1"}, authorization=bearer)
    assert (wrong["code"], wrong["field"]) == ("SIGN_IN_FAILED", "password")
    told = await house.ask(ME, {"password": PASSWORD}, authorization=bearer, accept_language="en")
    assert told["__typename"] == "MemberErased", told
    assert (told["erasure"]["member"], told["erasure"]["askedBy"]) == (str(made.id), "MEMBER")
    assert "the member's own demand in the cabinet" in told["erasure"]["act"]
    assert await house.ask("{ me { firstName } }", authorization=bearer) is None
    assert await erasures() == [made.id]


async def test_the_staff_erase_with_the_right_and_read_the_act(panel: Panel, now: datetime) -> None:
    """INV-21, I-32, I-34: a reason is asked for, the log has the act of will, and the right of one partner is not enough."""
    made = await make_known(panel.resources, now)
    wish = {"input": {"member": str(made.id), "reason": "письменное требование"}}
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME)))
    before = await state()
    assert (await panel.ask(THEM, wish))["code"] == "FORBIDDEN"
    assert await panel.refused(ACT, {"member": str(made.id)}) == "FORBIDDEN"
    assert await state() == before
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("user.manage", PROGRAMME)))
    assert await panel.ask(ACT, {"member": str(made.id)}) is None
    poor = await panel.ask(THEM, {"input": wish["input"] | {"reason": "!"}})
    assert (poor["code"], poor["field"]) == ("INVALID_INPUT", "input.reason")
    told = await panel.ask(THEM, wish)
    assert told["__typename"] == "MemberErased", told
    act = await panel.ask(ACT, {"member": str(made.id)})
    assert (act["id"], act["number"]) == (told["erasure"]["id"], made.number)
    assert "письменное требование" in act["act"]
    assert await found() == {}
    (card,) = await panel.ask(CARDS, {"search": made.number})
    assert (card["status"], card["firstName"], card["email"], card["phone"]) == ("ERASED", "—", None, None)
    (event,) = await audit.page(rows=1, after=None, filters=audit.Filters(object=str(made.id)))
    assert (event.action, event.right, event.reason) == ("member.erase", "user.manage", "письменное требование")
