"""Points by hand over HTTP: asked for, approved by another, read in the queue, on the member's page and on the phone."""

from datetime import datetime
from typing import Any

from loyalty.scopes import PROGRAMME, Scope
from services.ledger import check_books
from tests.graph.staff.conftest import Panel
from tests.makers.credentials import make_token
from tests.makers.people import MadeMember, make_member
from tests.makers.points import grant as given
from tests.makers.staff import make_holder
from tests.makers.state import state

SHOWN = "id number points reason state askedBy decidedBy decisionReason mine expiresAt"
GRANT = f"""mutation ($input: GrantPointsInput!) {{ grantPoints(input: $input) {{ __typename
    ... on PointsGranted {{ grant {{ {SHOWN} }} }} ... on Problem {{ code message field }} }} }}"""
DECIDE = f"""mutation ($id: UUID!, $approve: Boolean!, $key: String) {{
    decidePointsGrant(id: $id, approve: $approve, reason: "сверено с чатом", idempotencyKey: $key) {{ __typename
    ... on PointsGrantDecided {{ grant {{ {SHOWN} }} }} ... on Problem {{ code message field }} }} }}"""
QUEUE = f"""query ($first: Int! = 20, $after: String, $state: PointsGrantState) {{
    pointsGrants(first: $first, after: $after, state: $state) {{ next items {{ {SHOWN} }} }} }}"""
PAGE = f"""query ($id: UUID!) {{ memberCard(id: $id) {{ points {{ available }}
    pointsByHand {{ approveAbove leftToGive leftToTake grants {{ {SHOWN} }} }} }} }}"""
PHONE = """{ me { points { available lots { points issuer { id } lastDay } }
    pointsHistory { items { kind points reason { code text } } } } }"""
HELD = [("card.view", PROGRAMME), ("operation.view", PROGRAMME), ("operation.manage", PROGRAMME)]


def wish(member: MadeMember, points: int, key: str = "одно", **changes: Any) -> dict[str, Any]:
    form = {"idempotencyKey": key, "member": str(member.id), "points": points, "reason": "извинение за ожидание"}
    return {"input": form | changes}


async def on_the_phone(panel: Panel, member: MadeMember, language: str) -> Any:
    """What the member's own phone reads."""
    token = await make_token(member, panel.now)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": language}
    body = (await panel.client.post("/graphql", json={"query": PHONE}, headers=headers)).json()
    assert "errors" not in body, body
    return body["data"]["me"]


async def test_points_given_are_read_everywhere(panel: Panel, now: datetime) -> None:
    """A-102, INV-27: by the clerk, on the member's page, and by the member with the reason in either language; twice is once."""
    member = await make_member(now)
    await panel.enter(await make_holder(panel.resources, now, *HELD))
    told = await panel.ask(GRANT, wish(member, 60))
    assert told["__typename"] == "PointsGranted"
    assert (told["grant"]["state"], told["grant"]["points"], told["grant"]["mine"]) == ("DONE", 60, True)
    before = await state()
    assert await panel.ask(GRANT, wish(member, 60)) == told
    assert (await panel.ask(GRANT, wish(member, 61)))["code"] == "KEY_REUSED"
    assert await state() == before
    panel.later(seconds=1)
    await panel.ask(GRANT, wish(member, -10, "другое", reason="возврат без чека"))
    page = await panel.ask(PAGE, {"id": str(member.id)})
    by_hand = page["pointsByHand"]
    assert page["points"] == {"available": 50}
    assert (by_hand["approveAbove"], by_hand["leftToGive"], by_hand["leftToTake"]) == (100, 440, 490)
    assert [one["points"] for one in by_hand["grants"]] == [-10, 60]
    for language, words in (
        ("ru", ("Списано программой", "Начислено программой")),
        ("en", ("Taken by the programme", "Given by the programme")),
    ):
        me = await on_the_phone(panel, member, language)
        assert me["points"]["lots"] == [{"points": 50, "issuer": None, "lastDay": "2026-04-13"}]
        taken, gained = me["pointsHistory"]["items"]
        assert (taken["kind"], taken["points"], taken["reason"]["code"]) == ("WITHDRAWN", -10, "points_withdrawn")
        assert taken["reason"]["text"] == f"{words[0]}: возврат без чека"
        assert (gained["kind"], gained["reason"]["text"]) == ("GRANTED", f"{words[1]}: извинение за ожидание")
    assert await check_books(panel.now) == []


async def test_what_is_above_the_bound_waits_in_the_queue(panel: Panel, now: datetime) -> None:
    """E2: the asker reads that it waits, and cannot say yes; another does, once, and hears it again under the same key."""
    member = await make_member(now)
    one, other = [await make_holder(panel.resources, now, *HELD) for _ in range(2)]
    await panel.enter(one)
    told = await panel.ask(GRANT, wish(member, 150))
    assert (told["grant"]["state"], told["grant"]["decidedBy"]) == ("WAITING", None)
    yes = {"id": told["grant"]["id"], "approve": True, "key": "да"}
    before = await state()
    assert (await panel.ask(DECIDE, yes))["code"] == "FORBIDDEN"
    assert await state() == before
    await panel.enter(other)
    (waiting,) = (await panel.ask(QUEUE, {"state": "WAITING"}))["items"]
    assert (waiting["mine"], waiting["number"]) == (False, member.number)
    done = await panel.ask(DECIDE, yes)
    assert (done["grant"]["state"], done["grant"]["decisionReason"]) == ("DONE", "сверено с чатом")
    before = await state()
    assert await panel.ask(DECIDE, yes) == done
    assert (await panel.ask(DECIDE, yes | {"approve": False}))["code"] == "KEY_REUSED"
    assert (await panel.ask(DECIDE, yes | {"key": None}))["code"] == "INVALID_INPUT"
    assert await state() == before
    panel.later(seconds=1)
    await panel.ask(GRANT, wish(member, 120, "ещё"))
    assert [one["points"] for one in (await panel.ask(QUEUE, {"state": "DONE"}))["items"]] == [150]
    first = await panel.ask(QUEUE, {"first": 1})
    (second,) = (await panel.ask(QUEUE, {"first": 1, "after": first["next"]}))["items"]
    assert [first["items"][0]["points"], second["points"]] == [120, 150]
    panel.later(days=8)
    await panel.enter(one)
    assert [one["points"] for one in (await panel.ask(QUEUE, {"state": "EXPIRED"}))["items"]] == [120]
    assert (await panel.ask(QUEUE, {"state": "WAITING"}))["items"] == []


async def test_each_no_has_its_sentence_and_moves_nothing(panel: Panel, now: datetime) -> None:
    """A-102: in the reader's words, with the field it is about."""
    member = await make_member(now)
    await given(member.id, 30, now)
    await panel.enter(await make_holder(panel.resources, now, *HELD))
    before = await state()
    for form, code, field, words in (
        (wish(member, 0), "INVALID_INPUT", "input.points", "Напишите число баллов"),
        (wish(member, 501), "LIMIT_REACHED", "input.points", "осталось 500"),
        (wish(member, -31), "NOT_ENOUGH_POINTS", "input.points", "доступно: 30"),
        (wish(member, 10, reason="x"), "INVALID_INPUT", "input.reason", ""),
        (wish(member, 10, key=" "), "INVALID_INPUT", "input.idempotencyKey", ""),
        (wish(member, 10**12), "INVALID_INPUT", "input.points", "Напишите число баллов"),
    ):
        told = await panel.ask(GRANT, form)
        assert (told["code"], told["field"]) == (code, field), told
        assert words in told["message"]
    assert await state() == before


async def test_a_part_of_the_programme_gives_nothing_and_reads_nothing(panel: Panel, now: datetime) -> None:
    """INV-22: points are the programme's; who manages operations of a partner neither moves nor sees any."""
    member = await make_member(now)
    shop = Scope(("shop",))
    await panel.enter(await make_holder(panel.resources, now, *HELD))
    await panel.ask(GRANT, wish(member, 150))
    await panel.enter(
        await make_holder(
            panel.resources, now, ("card.view", PROGRAMME), ("operation.manage", shop), ("operation.view", shop)
        )
    )
    before = await state()
    assert (await panel.ask(GRANT, wish(member, 10, "чужое")))["code"] == "FORBIDDEN"
    assert await state() == before
    assert await panel.refused(QUEUE) == "FORBIDDEN"
    assert (await panel.ask(PAGE, {"id": str(member.id)}))["pointsByHand"] is None
