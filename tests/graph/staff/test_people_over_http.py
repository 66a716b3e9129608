"""People, rights, requests and the log over HTTP, as an owner and as the manager of one partner see them."""

from typing import Any

from tests.graph.staff.conftest import Panel
from tests.makers.staff import IGORA, make_holder, make_staff

PEOPLE = """query ($first: Int!, $after: String, $search: String) { staffMembers(first: $first, after: $after, search: $search) {
    next items { id email name status partner version editable grants { right role { code } scope { name } grantedBy }
    rights { code scope { kind name } } } } }"""
INVITE = """mutation ($input: InviteStaffInput!) { inviteStaff(input: $input) { __typename
    ... on StaffInvited { staff { id email phone comment partner status version rights { code } } }
    ... on Problem { code field } } }"""
UPDATE = """mutation ($input: UpdateStaffInput!) { updateStaff(input: $input) { __typename
    ... on StaffSaved { staff { name version } }
    ... on StaffVersionConflict { staff { name version } changedBy } ... on Problem { code field } } }"""
SAVE = """mutation ($input: SaveGrantsInput!) { saveGrants(input: $input) { __typename
    ... on GrantsSaved { staff { version } diff { added { code scope { name } } removed { code } needsTwo } }
    ... on GrantsRequested { request { id state mine requestedBy diff { added { code } } staff { email } } }
    ... on Problem { code field message } } }"""
PREVIEW = """query ($staff: UUID!, $grants: [GrantInput!]!) { grantPreview(staff: $staff, grants: $grants) {
    added { code scope { name } } removed { code } needsTwo } }"""
DECIDE = """mutation ($id: UUID!) { decideGrantRequest(id: $id, approve: true, reason: "проверил") { __typename
    ... on GrantRequestDecided { request { state decidedBy } } ... on Problem { code message } } }"""
LOG = """{ auditEvents(first: 100) { items { actor action actionName right outcome reason scope { name }
    changes { field before after } } } }"""


async def test_somebody_is_invited_changed_and_given_rights(panel: Panel) -> None:
    """A-090, A-091, A-113..A-116: the whole work of an administrator, and its log."""
    owner, second = await make_staff(panel.resources, panel.now), await make_staff(panel.resources, panel.now)
    await panel.enter(owner)
    form: dict[str, Any] = {
        "email": "New@Example.ru",
        "name": "Нина  Новая",
        "phone": "8 921 123-45-67",
        "partner": "igora",
        "comment": "смена 2",
        "reason": "новый человек",
    }
    invited = (await panel.ask(INVITE, {"input": form}))["staff"]
    assert invited | {"id": None} == {
        "id": None, "email": "new@example.ru", "phone": "+79211234567", "comment": "смена 2", "partner": "igora",
        "status": "INVITED", "version": 1, "rights": [],
    }  # fmt: skip
    taken = await panel.ask(INVITE, {"input": form})
    assert (taken["code"], taken["field"]) == ("INVALID_INPUT", "input.email")
    change = {"id": invited["id"], "version": 1, **form, "name": "Нина Старая"}
    assert (await panel.ask(UPDATE, {"input": change}))["staff"] == {"name": "Нина Старая", "version": 2}
    conflict = await panel.ask(UPDATE, {"input": change | {"name": "Нина Другая"}})
    assert (conflict["__typename"], conflict["staff"]["name"]) == ("StaffVersionConflict", "Нина Старая")
    grants = [{"right": "card.view", "scope": {"outlet": "igora-restaurant"}}]
    shown = await panel.ask(PREVIEW, {"staff": invited["id"], "grants": grants})
    assert [one["code"] for one in shown["added"]] == ["card.view"]
    assert shown["added"][0]["scope"]["name"].startswith("Игора · ")
    asked = {"staff": invited["id"], "version": 2, "grants": grants, "reason": "работает в ресторане"}
    saved = await panel.ask(SAVE, {"input": asked})
    assert (saved["__typename"], saved["diff"]["added"]) == ("GrantsSaved", shown["added"])
    both = grants + [{"right": code, "scope": {}} for code in ("admin.manage", "grant.manage")]
    waiting = (await panel.ask(SAVE, {"input": asked | {"version": 3, "grants": both}}))["request"]
    assert (waiting["state"], waiting["mine"], waiting["staff"]["email"]) == ("WAITING", True, "new@example.ru")
    assert (await panel.ask(DECIDE, {"id": waiting["id"]}))["code"] == "FORBIDDEN"
    await panel.enter(second)
    (listed,) = await panel.ask("{ grantRequests { id mine reason diff { needsTwo } } }")
    assert listed == {"id": waiting["id"], "mine": False, "reason": "работает в ресторане", "diff": {"needsTwo": True}}
    assert (await panel.ask(DECIDE, {"id": waiting["id"]}))["request"]["state"] == "APPROVED"
    events = (await panel.ask(LOG))["items"]
    assert [event["action"] for event in events if event["outcome"] == "DONE"][:6] == [
        "grant.decide", "grant.decide", "grant.request", "staff.grant", "staff.update", "staff.invite"
    ]  # fmt: skip
    invitation = next(event for event in events if event["action"] == "staff.invite")
    facts = {change["field"]: change["after"] for change in invitation["changes"]}
    assert (facts["email"], facts["phone"], facts["comment"]) == ("n•••@e•••.ru", "•••67", "смена 2")
    assert (invitation["actionName"], invitation["right"], invitation["reason"]) == (
        "Сотрудник приглашён", "admin.manage", "новый человек"
    )  # fmt: skip
    assert {event["action"] for event in events if event["outcome"] == "REFUSED"} == {"grant.decide"}


async def test_a_manager_sees_the_own_partner_alone(panel: Panel) -> None:
    """INV-22: lists, single people, requests and the log are narrowed to the places he administers."""
    owner = await make_staff(panel.resources, panel.now)
    manager = await make_holder(
        panel.resources, panel.now, ("admin.manage", IGORA), ("grant.manage", IGORA), partner="igora"
    )
    mine = await make_holder(panel.resources, panel.now, ("card.view", IGORA), partner="igora")
    theirs = await make_holder(panel.resources, panel.now, partner="dacha-vintera")
    await panel.enter(manager)
    told = await panel.ask(PEOPLE, {"first": 100})
    assert {one["email"]: one["editable"] for one in told["items"]} == {manager.email: False, mine.email: False}
    assert await panel.ask(f'{{ staffMember(id: "{theirs.id}") {{ id }} }}') is None
    assert await panel.ask(f'{{ staffMember(id: "{owner.id}") {{ id }} }}') is None
    assert (await panel.ask(f'{{ staffMember(id: "{mine.id}") {{ email }} }}'))["email"] == mine.email
    scopes = {event["scope"]["name"] for event in (await panel.ask(LOG))["items"]}
    assert scopes == {"Игора"}


async def test_people_come_in_pages_and_by_search(panel: Panel) -> None:
    owner = await make_staff(panel.resources, panel.now)
    made = [await make_holder(panel.resources, panel.now) for _ in range(4)]
    await panel.enter(owner)
    seen: list[str] = []
    after = None
    while True:
        page = await panel.ask(PEOPLE, {"first": 2, "after": after})
        seen += [one["email"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == 5
    found = await panel.ask(PEOPLE, {"first": 20, "search": made[2].email.upper()})
    assert made[2].email in [one["email"] for one in found["items"]]
    assert (await panel.ask(PEOPLE, {"first": 20, "search": "%"}))["items"] == []
    assert await panel.refused(PEOPLE, {"first": 20, "after": "nonsense"}) == "INVALID_INPUT"
