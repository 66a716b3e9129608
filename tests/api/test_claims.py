"""Receipts that guests claim: matched with what a restaurant told, looked at by the staff, once and within days."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from jobs.claims import credit
from jobs.registry import Tools
from loyalty.scopes import PROGRAMME, Scope
from models import database
from services import programmes
from services.claims import crediting
from services.ledger import check_books, standing_of
from services.resources import Resources
from tests.makers.credentials import make_token
from tests.makers.joining import Mailbox, deliver
from tests.makers.people import MadeMember, make_member, make_phone, make_till
from tests.makers.plugins import Clock, Plugin, closing, dish, plugin_of
from tests.makers.programme_files import text_of
from tests.makers.purchases import dinner, make_purchase
from tests.makers.resources import make_resources
from tests.makers.restaurant import OUTLET, make_regular, sold
from tests.makers.staff import make_holder, open_token
from tests.makers.state import state

CLAIM = "id status reason purchase receiptNumber businessDate net partner { id } outlet { id } decidedAt"
ASK = f"""mutation($input: ClaimInput!) {{ claimPurchase(input: $input) {{ __typename
  ... on PurchaseClaimed {{ claim {{ {CLAIM} }} }} ... on Problem {{ code message field }} }} }}"""
MINE = f"{{ me {{ claims {{ {CLAIM} }} }} }}"
QUEUE = f"""query($status: ClaimStatus, $first: Int! = 20, $after: String) {{ claims(status: $status, first: $first, after: $after) {{
  next items {{ member fiscalDocument services {{ id }} claim {{ {CLAIM} }} }} }} }}"""
DECIDE = f"""mutation($id: UUID!, $approve: Boolean!, $reason: String!, $service: ID, $key: String) {{
  decideClaim(id: $id, approve: $approve, reason: $reason, service: $service, idempotencyKey: $key) {{ __typename
  ... on ClaimDecided {{ entry {{ claim {{ {CLAIM} }} }} }} ... on Problem {{ code message field }} }} }}"""


@dataclass
class Scene:
    """A restaurant, a guest with a phone, and whoever asks."""

    plugin: Plugin
    clock: Clock
    resources: Resources
    member: MadeMember

    async def as_member(self, query: str, member: MadeMember | None = None, **variables: Any) -> Any:
        token = await make_token(member or self.member, self.clock())
        return await self._ask(query, variables, {"Authorization": f"Bearer {token}"})

    async def as_staff(self, query: str, token: str, **variables: Any) -> Any:
        cookie = {"Cookie": f"__Host-staff={token}", "X-Kunak": "1", "X-Kunak-Credential": "staff"}
        return await self._ask(query, variables, cookie)

    async def _ask(self, query: str, variables: dict[str, Any], headers: dict[str, str]) -> Any:
        headers |= {"Accept-Language": "en"}
        answer = await self.plugin.client.post(
            "/graphql", json={"query": query, "variables": variables}, headers=headers
        )
        assert answer.status_code == 200, answer.text
        assert "errors" not in answer.json(), answer.text
        (told,) = answer.json()["data"].values()
        return told

    async def claim(self, member: MadeMember | None = None, **changes: Any) -> Any:
        told = await self.as_member(ASK, member, input=self.form(**changes))
        return told["claim"] if told["__typename"] == "PurchaseClaimed" else (told["code"], told["field"])

    def form(self, **changes: Any) -> dict[str, Any]:
        day = self.clock().date().isoformat()
        usual = {
            "idempotencyKey": str(uuid4()),
            "outlet": OUTLET,
            "receiptNumber": "57",
            "businessDate": day,
            "net": "800.00",
        }
        return usual | changes

    async def nobodys(self, *lines: dict[str, Any], number: str = "57") -> str:
        """An order that the restaurant closes without a guest; its id."""
        order = str(uuid4())
        dishes = lines or (dish("500.00"), dish("300.00", product="tea"))
        told = await self.plugin.ask("commit", **closing(order, None, dishes, self.clock(), number=number))
        assert told["result"] == "NO_GUEST"
        return order

    async def letters(self) -> list[str]:
        return [letter.subject for letter in await deliver(self.resources, self.clock())]


@pytest.fixture
async def scene(db: None, now: datetime) -> AsyncIterator[Scene]:
    clock, resources = Clock(now), make_resources()
    member = await make_regular(resources, clock)
    _, key = await make_till(clock(), outlet=OUTLET, channels=("TILL",))
    async with plugin_of(resources, key, clock) as plugin:
        yield Scene(plugin, clock, resources, member)


async def clerk(scene: Scene, *rights: str, partner: str | None = None) -> str:
    """The token of somebody of the staff with these rights."""
    scope = Scope((partner,)) if partner else PROGRAMME
    made = await make_holder(scene.resources, scene.clock(), *((right, scope) for right in rights))
    return await open_token(made, scene.clock())


async def test_a_receipt_that_the_restaurant_told_is_credited_at_once(scene: Scene) -> None:
    """C-15: matched by outlet, day, number and sum; priced by the rules of its moment, nothing off; the guest is told."""
    await scene.nobodys()
    scene.clock.move(hours=20)
    day = (scene.clock() - timedelta(hours=20)).date().isoformat()
    form = scene.form(businessDate=day)
    claim = (await scene.as_member(ASK, input=form))["claim"]
    assert claim["status"] == "CREDITED"
    row = await database.fetchrow("SELECT * FROM purchase WHERE id = $1", claim["purchase"])
    assert row is not None
    assert (row["member_id"], row["net"], row["discount"], row["accumulated"]) == (scene.member.id, 80_000, 0, 80_000)
    assert row["closed_at"] == scene.clock() - timedelta(hours=20)
    assert (await standing_of(scene.member.id)).accumulated == 10_080_000
    assert await scene.letters() == ["Покупка зачислена"]
    before = await state()
    assert (await scene.as_member(ASK, input=form))["claim"] == claim
    assert (await scene.as_member(ASK, input=form | {"net": "801.00"}))["code"] == "KEY_REUSED"
    assert (await scene.as_member(MINE))["claims"][0] == claim
    ignored = {"session"}
    after = await state()
    assert {name for name in after if after[name] != before[name]} <= ignored
    assert await check_books(scene.clock()) == []


async def test_the_same_receipt_twice_is_refused_whoever_says_so(scene: Scene) -> None:
    """C-15, T21: by number and by fiscal document; of rivals one gets it."""
    code = f"t={scene.clock():%Y%m%d}T1226&s=800.00&fn=9999078900004792&i=12345&fp=1&n=1"
    other = await make_member(scene.clock())
    assert (await scene.claim(fiscal=code))["status"] == "OPEN"
    assert await scene.claim() == ("RECEIPT_EXISTS", "input.receiptNumber")
    assert await scene.claim(other) == ("RECEIPT_EXISTS", "input.receiptNumber")
    assert await scene.claim(other, receiptNumber="58", fiscal=code) == ("RECEIPT_EXISTS", "input.receiptNumber")
    await scene.nobodys(number="60")
    told = await asyncio.gather(*(scene.claim(member, receiptNumber="60") for member in (None, other, None, other)))
    assert [one["status"] for one in told if isinstance(one, dict)] == ["CREDITED"]
    assert [one for one in told if not isinstance(one, dict)] == [("RECEIPT_EXISTS", "input.receiptNumber")] * 3
    assert len(await sold()) == 1


async def test_a_receipt_on_a_card_cannot_be_claimed_returned_or_not(scene: Scene) -> None:
    """C-15: claim after return is refused, of a purchase and of an order that nobody was scanned for."""
    till, _ = await make_till(scene.clock(), outlet=OUTLET)
    owner = await make_member(scene.clock() - timedelta(days=1))
    made = await make_purchase(scene.resources, till, owner, [dinner(100)], scene.clock())
    number = made.purchase.receipt_number
    assert await scene.claim(receiptNumber=number, net="100.00") == ("RECEIPT_EXISTS", "input.receiptNumber")
    order = await scene.nobodys(number="61")
    refund = {"order": order, "refund": str(uuid4()), "number": "62", "refundedAt": scene.clock().isoformat()}
    assert (await scene.plugin.ask("refund", **refund))["result"] == "WAITING"
    before = await state()
    assert await scene.claim(receiptNumber="61") == ("INVALID_INPUT", "input.receiptNumber")
    after = await state()
    assert {name for name in after if after[name] != before[name]} <= {"session"}
    assert await database.fetchval("SELECT count(*) FROM purchase_claim") == 0


async def test_a_part_that_was_returned_is_taken_off_the_claimed_receipt(scene: Scene) -> None:
    """C-15: what the restaurant gave back before the claim came is carried out with it."""
    lines = [dish("500.00"), dish("300.00", product="tea")]
    order = await scene.nobodys(*lines)
    refund = {"order": order, "refund": str(uuid4()), "number": "58", "refundedAt": scene.clock().isoformat()}
    await scene.plugin.ask("refund", **refund, lines=[{"product": "tea", "net": "300.00"}])
    assert (await scene.claim())["status"] == "CREDITED"
    assert [(net, back) for _, net, back in await sold()] == [(80_000, 30_000)]
    assert await check_books(scene.clock()) == []


async def test_a_receipt_that_comes_after_its_claim_finds_it(scene: Scene) -> None:
    """C-15: a restaurant's queue is late; the claim waits, and its receipt is credited by the worker."""
    claim = await scene.claim()
    assert (claim["status"], claim["purchase"]) == ("OPEN", None)
    await scene.nobodys()
    assert (await scene.as_member(MINE))["claims"][0]["status"] == "MATCHED"
    assert await sold() == []
    tools = Tools(resources=scene.resources, mailer=Mailbox())
    for _ in range(2):
        await credit({"claim": claim["id"]}, tools, scene.clock())
    assert (await scene.as_member(MINE))["claims"][0]["status"] == "CREDITED"
    assert [net for _, net, _ in await sold()] == [80_000]


async def test_another_sum_or_day_is_no_match(scene: Scene) -> None:
    """C-15: the staff look at what does not fit to the kopeck."""
    await scene.nobodys()
    assert (await scene.claim(net="800.01"))["status"] == "OPEN"
    assert await sold() == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outlet": "nowhere"}, "input.outlet"),
        ({"net": "0.00"}, "input.net"),
        ({"businessDate": "2026-03-10"}, "input.businessDate"),
        ({"businessDate": "2026-03-15"}, "input.businessDate"),
        ({"receiptNumber": " "}, "input.receiptNumber"),
        ({"fiscal": "nonsense"}, "input.fiscal"),
        ({"fiscal": "t=20260314T1226&s=800.00&fn=9999078900004792&i=1&fp=1&n=2"}, "input.fiscal"),
        ({"fiscal": "t=20260314T1226&s=799.00&fn=9999078900004792&i=1&fp=1&n=1"}, "input.net"),
        ({"fiscal": "t=20260313T1226&s=800.00&fn=9999078900004792&i=1&fp=1&n=1"}, "input.businessDate"),
    ],
)
async def test_what_is_no_claim_is_refused_with_its_field(scene: Scene, changes: dict[str, Any], field: str) -> None:
    """C-15, T21: three days, a sum, a place of the programme, the code of a sale that says the same."""
    assert await scene.claim(**changes) == ("INVALID_INPUT", field)
    assert await database.fetchval("SELECT count(*) FROM purchase_claim") == 0


async def test_a_month_has_its_limit(scene: Scene) -> None:
    """C-15, T21: five claims of a member, refused ones counted too."""
    told = [await scene.claim(receiptNumber=str(place)) for place in range(100, 106)]
    assert [one["status"] for one in told[:5]] == ["OPEN"] * 5
    assert told[5] == ("LIMIT_REACHED", None)
    assert await database.fetchval("SELECT count(*) FROM purchase_claim") == 5


async def test_the_staff_credit_what_nobody_told(scene: Scene) -> None:
    """C-15, INV-21: with the right, a reason and an audit row; the queue is of the places one may see (INV-22)."""
    claim = await scene.claim()
    manager = await clerk(scene, "operation.view", "operation.manage", partner="igora")
    stranger = await clerk(scene, "operation.view", "operation.manage", partner="myasnoy-blok")
    viewer = await clerk(scene, "operation.view")
    page = await scene.as_staff(QUEUE, manager, status="OPEN")
    assert [one["claim"]["id"] for one in page["items"]] == [claim["id"]]
    assert page["items"][0]["member"] == scene.member.number
    assert "restaurants" in {one["id"] for one in page["items"][0]["services"]}
    assert (await scene.as_staff(QUEUE, stranger))["items"] == []
    yes = {"id": claim["id"], "approve": True, "reason": "чек показан на кассе"}
    for token, code in ((stranger, "NOT_FOUND"), (viewer, "FORBIDDEN")):
        assert (await scene.as_staff(DECIDE, token, **yes, service="restaurants"))["code"] == code
    for wrong in ({}, {"service": "nothing"}):
        told = await scene.as_staff(DECIDE, manager, **yes, **wrong)
        assert (told["code"], told["field"]) == ("INVALID_INPUT", "service")
    assert await sold() == []
    told = await scene.as_staff(DECIDE, manager, **yes, service="restaurants")
    assert told["entry"]["claim"]["status"] == "CREDITED"
    assert [net for _, net, _ in await sold()] == [80_000]
    again = await scene.as_staff(DECIDE, manager, **yes, service="restaurants")
    assert (again["code"], again["field"]) == ("INVALID_INPUT", "id")
    row = await database.fetchrow("SELECT * FROM audit_event WHERE action = 'claim.approve' AND object_kind = 'claim'")
    assert row is not None
    assert (row["object_id"], row["reason"]) == (claim["id"], yes["reason"])
    assert await check_books(scene.clock()) == []


@pytest.mark.parametrize("yes", [True, False])
async def test_a_decision_whose_answer_was_lost_is_heard_again(scene: Scene, *, yes: bool) -> None:
    """C-15, I-08, I-09: the same key hears the same claim and moves nothing; other words under it are KEY_REUSED."""
    claim = await scene.claim()
    token = await clerk(scene, "operation.view", "operation.manage")
    said = {
        "id": claim["id"],
        "approve": yes,
        "reason": "чек показан на кассе",
        "service": "restaurants",
        "key": "одно",
    }
    rivals = await asyncio.gather(*(scene.as_staff(DECIDE, token, **said) for _ in range(10)))
    assert {one["entry"]["claim"]["status"] for one in rivals} <= {"MATCHED", "CREDITED" if yes else "REJECTED"}
    assert await database.fetchval("SELECT count(*) FROM audit_event WHERE object_id = $1", claim["id"]) == 1
    assert len(await sold()) == int(yes)
    before = await state()
    assert (await scene.as_staff(DECIDE, token, **said))["entry"]["claim"]["decidedAt"] is not None
    for other in ({"approve": not yes}, {"reason": "другие слова"}, {"id": str(uuid4())}):
        told = await scene.as_staff(DECIDE, token, **said | other)
        assert told["code"] in ({"NOT_FOUND"} if "id" in other else {"KEY_REUSED"}), other
    assert (await scene.as_staff(DECIDE, token, **said | {"key": ""}))["field"] == "idempotencyKey"
    after = await state()
    assert {name for name in after if after[name] != before[name]} <= {"staff_session"}
    assert await check_books(scene.clock()) == []


async def reworded(folder: Path, now: datetime, *changes: tuple[str, str]) -> None:
    """Put the programme in force with changes of its text."""
    text = text_of("znak-kachestva.yaml")
    for written, instead in changes:
        assert text.count(written) == 1, written
        text = text.replace(written, instead)
    file = folder / "reworded.yaml"
    file.write_text(text, encoding="utf-8")
    applied = await programmes.apply(file, now)
    assert applied.version is not None, applied.checked
    programmes.forget()


async def test_a_place_s_own_staff_is_credited_nothing_there(scene: Scene, tmp_path: Path) -> None:
    """A-242, C-15: what a till refuses, a claim does not bring: one's own card at one's own place."""
    await reworded(tmp_path, scene.clock(), ("  own_card: SIGNAL\n", "  own_card: REFUSE\n"))
    staff = await make_holder(scene.resources, scene.clock(), ("operation.view", Scope(("igora", OUTLET))))
    await database.execute("UPDATE staff SET email = $2 WHERE id = $1", staff.id, scene.member.email)
    await scene.nobodys()
    claim = await scene.claim()
    assert (claim["status"], claim["purchase"]) == ("REJECTED", None)
    assert "words:" not in claim["reason"]
    assert await sold() == []
    await scene.nobodys(number="58")
    other = await make_member(scene.clock())
    assert (await scene.claim(other, receiptNumber="58"))["status"] == "CREDITED"


async def test_rights_at_one_till_show_no_claim_of_its_outlet(scene: Scene) -> None:
    """INV-22: a claim is of an outlet; who may see one till's operations sees none of another's."""
    claim = await scene.claim()
    till = await database.fetchval("SELECT id FROM till WHERE outlet = $1", OUTLET)
    for scope, seen in ((Scope(("igora", OUTLET, str(till))), []), (Scope(("igora", OUTLET)), [claim["id"]])):
        made = await make_holder(scene.resources, scene.clock(), ("operation.view", scope))
        page = await scene.as_staff(QUEUE, await open_token(made, scene.clock()))
        assert [one["claim"]["id"] for one in page["items"]] == seen, scope


async def test_a_claim_of_a_retired_place_is_still_told(scene: Scene, tmp_path: Path) -> None:
    """ADR 1: a version without the outlet breaks neither its guests' lists nor the staff's queue."""
    claim = await scene.claim()
    scene.clock.move(minutes=1)
    place = "      - {id: igora-restaurant, name: {ru: Ресторан курорта, en: Resort restaurant}}\n"
    await reworded(tmp_path, scene.clock(), (place, ""), ("\npartners:\n", f"\nretired: [igora/{OUTLET}]\npartners:\n"))
    assert [one["id"] for one in (await scene.as_member(MINE))["claims"]] == [claim["id"]]
    manager = await clerk(scene, "operation.view", "operation.manage")
    page = await scene.as_staff(QUEUE, manager)
    assert [one["claim"]["outlet"]["id"] for one in page["items"]] == [OUTLET]
    told = await scene.as_staff(DECIDE, manager, id=claim["id"], approve=False, reason="точки больше нет")
    assert told["entry"]["claim"]["status"] == "REJECTED"


async def test_a_refused_claim_says_why_and_frees_its_receipt(scene: Scene) -> None:
    """C-15: the guest reads the reason and hears of it by letter; the right owner may still claim."""
    claim = await scene.claim()
    manager = await clerk(scene, "operation.view", "operation.manage")
    told = await scene.as_staff(DECIDE, manager, id=claim["id"], approve=False, reason="Чек другого гостя")
    assert told["entry"]["claim"]["status"] == "REJECTED"
    assert (await scene.as_member(MINE))["claims"][0]["reason"] == "Чек другого гостя"
    assert await scene.letters() == ["Покупку зачислить не получилось"]
    other = await make_member(scene.clock())
    await scene.nobodys()
    assert (await scene.claim(other))["status"] == "CREDITED"


async def test_a_receipt_posted_meanwhile_ends_the_claim(scene: Scene) -> None:
    """C-15, INV-16: the staff say yes to what a till has recorded since: refused by the books, with the reason."""
    claim = await scene.claim()
    till, _ = await make_till(scene.clock(), outlet=OUTLET)
    owner = await make_member(scene.clock() - timedelta(days=1))
    made = await make_purchase(scene.resources, till, owner, [dinner(800)], scene.clock())
    await database.execute("UPDATE purchase_claim SET receipt_number = $1", made.purchase.receipt_number)
    manager = await clerk(scene, "operation.view", "operation.manage")
    yes = {"id": claim["id"], "approve": True, "reason": "похоже на правду", "service": "restaurants"}
    told = (await scene.as_staff(DECIDE, manager, **yes))["entry"]["claim"]
    assert told["status"] == "REJECTED"
    assert "words:" not in told["reason"]
    assert len(await sold()) == 1


async def test_a_claim_nobody_looks_at_ends(scene: Scene) -> None:
    """C-15: after a month it is EXPIRED, its guest is told, and it cannot be decided any more."""
    claim = await scene.claim()
    scene.clock.move(days=31)
    assert await crediting.expire(scene.clock()) == 1
    assert await crediting.expire(scene.clock()) == 0
    assert (await scene.as_member(MINE))["claims"][0]["status"] == "EXPIRED"
    assert await scene.letters() == ["Покупку зачислить не получилось"]
    manager = await clerk(scene, "operation.view", "operation.manage")
    told = await scene.as_staff(DECIDE, manager, id=claim["id"], approve=False, reason="поздно")
    assert (told["code"], told["field"]) == ("INVALID_INPUT", "id")


async def test_an_order_with_a_guest_is_nobody_elses(scene: Scene) -> None:
    """C-15: a receipt that was scanned stands on its guest's card and is not kept for claims."""
    phone = await make_phone(scene.resources, scene.member.id, scene.clock())
    order, lines = str(uuid4()), [dish("800.00")]
    quote = await scene.plugin.ask("quote", order=order, ticket=await scene.plugin.scanned(phone), lines=lines)
    await scene.plugin.ask("commit", **closing(order, quote, lines, scene.clock(), number="57"))
    assert await database.fetchval("SELECT count(*) FROM guestless_receipt") == 0
    assert await scene.claim(net="760.00") == ("RECEIPT_EXISTS", "input.receiptNumber")
