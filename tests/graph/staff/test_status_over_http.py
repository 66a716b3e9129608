"""The status page over HTTP: for whoever holds the settings, in their language, with what to do."""

from datetime import timedelta

from integrations.ports import Unavailable
from loyalty.scopes import PROGRAMME
from models import database
from tests.graph.staff.conftest import Panel
from tests.makers.gateways import make_gateways
from tests.makers.mail import RememberingMailer
from tests.makers.staff import make_holder
from tests.makers.working import work_off

SYSTEMS = """{ outsideSystems {
  id kind name state answeredAt failedAt detail heldUntil calls failures waiting waitingSince aside balance
  troubles { code text advice }
} }"""


async def test_systems_are_told_with_what_to_do(panel: Panel) -> None:
    """A-106: freshness, failures, hold and the last error in plain words; in English for whoever reads English."""
    contacts = panel.resources.contacts
    contacts._clock = lambda: panel.now - timedelta(hours=1)
    contacts.note("restaurants")
    contacts._clock = lambda: panel.now - timedelta(minutes=1)
    contacts.note("restaurants", Unavailable("answered 503"), 120.0)
    await contacts.write()
    await panel.enter(await make_holder(panel.resources, panel.now, ("settings.manage", PROGRAMME)))
    found = {one["id"]: one for one in await panel.ask(SYSTEMS)}
    house = found["restaurants"]
    assert (house["name"], house["kind"], house["state"], house["detail"]) == (
        "iikoCloud",
        "RESTAURANTS",
        "FAILING",
        "answered 503",
    )
    assert (house["calls"], house["failures"]) == (2, 1)
    assert house["answeredAt"] == (panel.now - timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    assert house["heldUntil"] == (panel.now + timedelta(minutes=1)).isoformat().replace("+00:00", "Z")
    (trouble,) = house["troubles"]
    assert trouble["code"] == "UNAVAILABLE"
    assert (trouble["text"], "Мы пробуем сами" in trouble["advice"]) == ("Последний запрос остался без ответа.", True)
    assert (found["jobs"]["name"], found["jobs"]["state"], found["jobs"]["troubles"]) == (
        "Фоновые задания",
        "WORKING",
        [],
    )
    english = (await panel.send(SYSTEMS, **{"accept-language": "en"})).json()["data"]["outsideSystems"]
    told = next(one for one in english if one["id"] == "restaurants")["troubles"][0]
    assert (told["text"], "try again by ourselves" in told["advice"]) == ("The last call had no answer.", True)


async def test_the_page_of_messages_and_a_sample_to_oneself(panel: Panel) -> None:
    """A-219, A-227: previews with pages that open by their address alone; a sample to whoever asks, twenty an hour."""
    made = await make_holder(panel.resources, panel.now, ("settings.manage", PROGRAMME))
    await panel.enter(made)
    found = await panel.ask(
        "{ messagePreviews { id sort name texts { locale subject text page"
        " short { text encoding units parts costs { gateway channel cost } } } } }"
    )
    welcome = next(one for one in found if one["id"] == "LETTER.WELCOME")
    assert [text["locale"] for text in welcome["texts"]] == ["RU", "EN"]
    page = await panel.client.get(welcome["texts"][0]["page"])
    assert (page.status_code, "Ваш уровень" in page.text) == (200, True)
    assert page.headers["content-security-policy"] == (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
    )
    assert (await panel.client.get(welcome["texts"][0]["page"][:-1] + "x")).status_code == 404
    assert (await panel.client.get(welcome["texts"][0]["page"].replace("/ru/", "/en/"))).status_code == 404
    code = next(one for one in found if one["id"] == "CODE.SIGN_IN")["texts"][0]
    assert (code["page"], code["short"]["encoding"], code["short"]["parts"]) == (None, "UCS2", 1)

    send = """mutation($id: ID!) { sendMessageSample(id: $id, locale: EN) {
      __typename ... on MessageSampleSent { email } ... on Problem { code field } } }"""
    assert await panel.ask(send, {"id": "LETTER.NOBODY"}) == {
        "__typename": "Problem",
        "code": "NOT_FOUND",
        "field": "id",
    }
    assert (await panel.ask(send, {"id": "LETTER.WELCOME"}))["email"] == made.email
    mailer = RememberingMailer()
    await work_off(panel.resources, make_gateways(mailer=mailer), panel.now, mailer=mailer)
    (letter,) = mailer.sent
    assert (letter.to, letter.subject) == (made.email, "Sample: Your card is ready")
    assert await database.fetchval("SELECT count(*) FROM audit_event WHERE action = 'letter.sample'") == 1
    for _ in range(19):
        await panel.ask(send, {"id": "LETTER.WELCOME"})
    jobs = await database.fetchval("SELECT count(*) FROM job WHERE name = 'letter.sample'")
    assert (await panel.ask(send, {"id": "LETTER.WELCOME"}))["code"] == "LIMIT_REACHED"
    assert await database.fetchval("SELECT count(*) FROM job WHERE name = 'letter.sample'") == jobs
