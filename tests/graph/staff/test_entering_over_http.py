"""The way into the panel over HTTP: a cookie of its own, two steps in one browser, and rights read at each request."""

from datetime import datetime

import pyotp

from api.app import create_app
from api.settings import Settings
from loyalty.rights import RIGHTS
from models import database
from services.staff import operating, sessions
from services.staff.inviting import Form
from tests.graph.staff.conftest import Panel
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.people import make_member
from tests.makers.staff import PASSWORD, make_staff

SIGN_IN = """mutation ($email: String!, $password: String!) { staffSignIn(email: $email, password: $password) {
    __typename ... on StaffCodeNeeded { expiresAt } ... on Problem { code message field } } }"""
CODE = """mutation ($code: String!) { confirmStaffCode(code: $code) {
    __typename ... on StaffSignedIn { viewer { email rights { code scope { kind name } } } } ... on Problem { code } } }"""
VIEWER = """{ viewer { email name partner recoveryCodesLeft idleSeconds sessionEndsAt
    rights { code scope { kind partner name } } } }"""
OUT = "mutation { staffSignOut { __typename ... on Problem { code } } }"
START = """mutation ($token: String!, $password: String!) { startStaffEnrolment(token: $token, password: $password) {
    __typename ... on StaffEnrolment { secret uri } ... on Problem { code field } } }"""
CONFIRM = """mutation ($code: String!) { confirmStaffEnrolment(code: $code) {
    __typename ... on StaffEnrolled { viewer { email } recoveryCodes } ... on Problem { code } } }"""


async def test_the_whole_way_in_and_out(panel: Panel) -> None:
    """A-089: password, code, session, rights, out; the cookie changes at every step."""
    made = await make_staff(panel.resources, panel.now, role="partner-manager", partner="igora")
    assert await panel.ask(VIEWER) is None
    needed = await panel.ask(SIGN_IN, {"email": made.email, "password": PASSWORD})
    assert needed["__typename"] == "StaffCodeNeeded"
    step = panel.cookie
    assert await panel.ask(VIEWER) is None
    assert (await panel.ask(OUT))["code"] == "UNAUTHENTICATED"
    entered = await panel.ask(CODE, {"code": made.code(panel.now)})
    assert entered["__typename"] == "StaffSignedIn"
    assert panel.cookie not in {"", step}
    viewer = await panel.ask(VIEWER)
    assert (viewer["email"], viewer["partner"], viewer["recoveryCodesLeft"]) == (made.email, "igora", 10)
    assert viewer["idleSeconds"] == 900
    assert {right["code"] for right in viewer["rights"]} == {right["code"] for right in entered["viewer"]["rights"]}
    assert {
        (right["scope"]["kind"], right["scope"]["partner"], right["scope"]["name"]) for right in viewer["rights"]
    } == {("PARTNER", "igora", "Игора")}
    assert (await panel.ask(OUT))["__typename"] == "StaffSignedOut"
    assert panel.cookie == ""


async def test_a_step_belongs_to_its_browser(panel: Panel) -> None:
    made = await make_staff(panel.resources, panel.now)
    await panel.ask(SIGN_IN, {"email": made.email, "password": PASSWORD})
    step, panel.cookie = panel.cookie, ""
    assert (await panel.ask(CODE, {"code": made.code(panel.now)}))["code"] == "UNAUTHENTICATED"
    panel.cookie = step
    # Without the header that says for whom the page speaks, the cookie is no credential at all.
    headers, panel.headers = panel.headers, {"x-kunak": "1"}
    assert (await panel.ask(CODE, {"code": made.code(panel.now)}))["code"] == "UNAUTHENTICATED"
    panel.headers = {"x-kunak-credential": "staff"}
    assert (await panel.send(CODE, {"code": made.code(panel.now)})).status_code == 403
    panel.headers = headers
    assert (await panel.send(CODE, {"code": "000000"}, origin="https://evil.example")).status_code == 403
    assert (await panel.ask(CODE, {"code": made.code(panel.now)}))["__typename"] == "StaffSignedIn"


async def test_enrolling_over_http(panel: Panel) -> None:
    """A-117."""
    opened = await operating.add(
        Form(email="first@example.ru", name="Вера Озерова"), "owner", resources=panel.resources, now=panel.now
    )
    token = opened.link.partition("token=")[2]
    asked = "query ($token: String!) { staffInvitation(token: $token) { email name } }"
    assert await panel.ask(asked, {"token": token}) == {"email": "first@example.ru", "name": "Вера Озерова"}
    assert await panel.ask(asked, {"token": token[:-1]}) is None
    weak = await panel.ask(START, {"token": token, "password": "passwordpassword1"})
    assert (weak["code"], weak["field"]) == ("INVALID_INPUT", "password")
    begun = await panel.ask(START, {"token": token, "password": PASSWORD})
    enrolled = await panel.ask(CONFIRM, {"code": pyotp.TOTP(begun["secret"]).at(panel.now)})
    assert len(enrolled["recoveryCodes"]) == 10
    assert (await panel.ask(VIEWER))["email"] == "first@example.ru"
    assert await panel.ask("{ viewer { sessionSeconds administrators } }") == {
        "sessionSeconds": 8 * 3600,
        "administrators": ["Вера Озерова"],
    }


async def test_rights_are_read_at_each_request(panel: Panel) -> None:
    """ASVS 8.3.2: what was taken is gone with the next request, a block ends the session."""
    made = await make_staff(panel.resources, panel.now)
    await panel.enter(made)
    assert len((await panel.ask(VIEWER))["rights"]) == len(RIGHTS)
    await database.execute("DELETE FROM staff_grant WHERE staff_id = $1", made.id)
    assert (await panel.ask(VIEWER))["rights"] == []
    await database.execute("UPDATE staff SET status = 'BLOCKED' WHERE id = $1", made.id)
    assert await panel.ask(VIEWER) is None


async def test_an_idle_session_is_nobody(panel: Panel) -> None:
    made = await make_staff(panel.resources, panel.now)
    await panel.enter(made)
    panel.later(minutes=14)
    assert await panel.ask(VIEWER)
    panel.later(minutes=15)
    assert await panel.ask(VIEWER) is None
    assert await panel.refused("{ rights { code } }") == "UNAUTHENTICATED"


async def test_guest_till_and_staff_live_in_one_browser(panel: Panel) -> None:
    """ADR 10: three cookies side by side, the header says which one counts."""
    made, member = await make_staff(panel.resources, panel.now), await make_member(panel.now)
    await panel.enter(made)
    guest = await make_token(member, panel.now, "COOKIE")
    both = {"cookie": f"__Host-staff={panel.cookie}; __Host-session={guest}"}
    text = "{ viewer { email } me { email } }"
    as_staff = (await panel.send(text, **both)).json()["data"]
    assert as_staff == {"viewer": {"email": made.email}, "me": None}
    panel.headers = {"x-kunak": "1"}
    as_guest = (await panel.send(text, **both)).json()["data"]
    assert as_guest == {"viewer": None, "me": {"email": member.email}}
    for other in ("till", "nonsense"):
        panel.headers = {"x-kunak": "1", "x-kunak-credential": other}
        told = (await panel.send(text, cookie=f"__Host-staff={panel.cookie}")).json()["data"]
        assert told == {"viewer": None, "me": None}
    panel.headers = {"x-kunak": "1", "x-kunak-credential": "staff"}
    two = await panel.send(text, cookie=f"__Host-staff={panel.cookie}", authorization=f"Bearer {guest}")
    assert two.status_code == 400
    twice = await panel.send(text, cookie=f"__Host-staff={panel.cookie}; __Host-staff=x")
    assert twice.status_code == 400


async def test_a_session_of_the_staff_opens_no_other_door(panel: Panel, now: datetime) -> None:
    made = await make_staff(panel.resources, panel.now)
    await panel.enter(made)
    assert await panel.refused("{ till { id } }") == "FORBIDDEN"
    app = create_app(Settings(), resources=panel.resources, clock=lambda: now, documents={})
    async with client_of(app, authorization=f"Bearer {panel.cookie}") as client:
        body = (await client.post("/graphql", json={"query": "{ viewer { email } }"})).json()
        assert body["data"] == {"viewer": None}
    assert await sessions.find_session(panel.cookie, now) is not None


async def test_the_table_of_rights_is_told_in_the_readers_language(panel: Panel) -> None:
    """A-090..A-112: each right by its number and words; what it requires, how wide it may be held."""
    await panel.enter(await make_staff(panel.resources, panel.now, role="analyst"))
    text = "{ rights { code number name group groupName requires scopes needsTwo } }"
    told = await panel.ask(text)
    assert [right["code"] for right in told] == list(RIGHTS)
    assert told[0] == {
        "code": "admin.manage",
        "number": 1,
        "name": "Управление админами",
        "group": "STAFF",
        "groupName": "Администраторы",
        "requires": [],
        "scopes": ["PROGRAMME", "PARTNER"],
        "needsTwo": True,
    }
    english = (await panel.send(text, **{"accept-language": "en"})).json()["data"]["rights"]
    assert english[22]["name"] == "Register users by card"
