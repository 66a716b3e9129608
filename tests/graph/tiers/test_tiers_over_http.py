"""Tiers in time over HTTP: the own history and term, and tiers given by the staff."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from loyalty.scopes import PROGRAMME
from services import audit, sessions
from services.ledger import check_books
from services.tiers import clockwork
from services.work import work
from tests.graph.members.conftest import House
from tests.graph.staff.conftest import Panel
from tests.makers.campaigns import bought, make_desk, make_shop
from tests.makers.joining import make_caller
from tests.makers.people import make_member, make_till
from tests.makers.programme import empty_programme
from tests.makers.purchases import make_purchase
from tests.makers.staff import IGORA, make_holder
from tests.makers.state import state
from tests.makers.tiers import MONTH, apply_tiers, buy, give_tier, letters_about_tiers

DAY = timedelta(days=1)
GRANT = """mutation ($input: GrantTierInput!) { grantTier(input: $input) { __typename
    ... on TierGranted { tier { id } grant { id tier { id } until reason } } ... on Problem { code field message } } }"""
WITHDRAW = """mutation ($grant: UUID!) { withdrawTier(grant: $grant, reason: "выдан по ошибке") { __typename
    ... on TierWithdrawn { tier { id } grant { tier { id } } } ... on Problem { code field } } }"""
CARDS = """query ($search: String!) { memberCards(search: $search) { tier { id } tierGrant { id until }
    tierHistory(first: 2) { items { tier { id } reason message until } next } } }"""
MINE = """{ me { progress { tier { id } accumulated left } tierTerm { until granted keep { left by } }
    tierHistory { items { tier { name } since until reason message } next } } }"""
LIFTED = """{ me { tierTerm { until granted } tierHistory { items { reason message } }
    purchase(id: $id) { promotions { campaign state reasons { code text } } } } }"""


def wish(whose: Any, tier: str = "traveller", **changes: Any) -> dict[str, Any]:
    form = {"member": str(whose.id), "tier": tier, "until": "2026-06-30", "reason": "перенос из другой программы"}
    return {"input": form | changes}


async def test_a_tier_is_given_seen_and_taken_back(panel: Panel, now: datetime) -> None:
    """A-105: by the right to manage users, with a reason and an end; the log has both acts, the member has a letter."""
    member = await make_member(now)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("user.manage", PROGRAMME)))
    given = await panel.ask(GRANT, wish(member))
    assert given["__typename"] == "TierGranted"
    assert (given["tier"], given["grant"]["until"]) == ({"id": "traveller"}, "2026-06-30")
    assert await letters_about_tiers() == ["TIER_GRANTED"]
    (card,) = await panel.ask(CARDS, {"search": member.number})
    assert card["tierGrant"] == {"id": given["grant"]["id"], "until": "2026-06-30"}
    assert card["tierHistory"]["items"] == [
        {"tier": {"id": "traveller"}, "reason": "GRANT", "message": "Присвоен программой", "until": None},
        {
            "tier": {"id": "dreamer"},
            "reason": "JOINED",
            "message": "При вступлении в программу",
            "until": "2026-03-14T09:26:53Z",
        },
    ]
    again = await panel.ask(GRANT, wish(member, "collector"))
    assert (again["code"], again["field"]) == ("INVALID_INPUT", "input.member")
    taken = await panel.ask(WITHDRAW, {"grant": given["grant"]["id"]})
    assert (taken["__typename"], taken["tier"]) == ("TierWithdrawn", {"id": "dreamer"})
    twice = await panel.ask(WITHDRAW, {"grant": given["grant"]["id"]})
    assert (twice["code"], twice["field"]) == ("INVALID_INPUT", "grant")
    events = await audit.page(rows=5, after=None, filters=audit.Filters(object=str(member.id)))
    assert [(one.action, one.right, one.reason, one.after) for one in events] == [
        ("tier.withdraw", "user.manage", "выдан по ошибке", {"tier": "dreamer"}),
        (
            "tier.grant",
            "user.manage",
            "перенос из другой программы",
            {"granted": "traveller", "until": "2026-06-30T21:00:00+00:00", "tier": "traveller"},
        ),
    ]
    assert await check_books(now) == []


async def test_what_cannot_be_given_changes_nothing(panel: Panel, now: datetime) -> None:
    """A-105: a refusal names the field, and nothing has moved."""
    member = await make_member(now)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("user.manage", PROGRAMME)))
    before = await state()
    for changes, code, field in (
        ({"tier": "platinum"}, "INVALID_INPUT", "input.tier"),
        ({"until": "2026-03-13"}, "INVALID_INPUT", "input.until"),
        ({"until": "2046-03-13"}, "INVALID_INPUT", "input.until"),
        ({"reason": "!"}, "INVALID_INPUT", "input.reason"),
        ({"member": "00000000-0000-7000-8000-000000000009"}, "NOT_FOUND", "input.member"),
    ):
        told = await panel.ask(GRANT, wish(member, **changes))
        assert (told["code"], told["field"]) == (code, field)
    unknown = await panel.ask(WITHDRAW, {"grant": "00000000-0000-7000-8000-000000000009"})
    assert (unknown["code"], unknown["field"]) == ("NOT_FOUND", "grant")
    assert await state() == before
    await panel.enter(await make_holder(panel.resources, now, ("card.view", IGORA)))
    assert (await panel.ask(GRANT, wish(member)))["code"] == "FORBIDDEN"
    (card,) = await panel.ask(CARDS, {"search": member.number})
    assert card["tierGrant"] is None


async def test_a_grant_below_the_own_tier_holds_when_purchases_do_not(
    house: House,
    now: datetime,
    tmp_path: Path,
) -> None:
    """A grant never lowers; it is felt when time has taken what purchases held, and ends by the clock (C-08)."""
    await empty_programme()
    await apply_tiers(tmp_path, now, MONTH)
    member = await make_member(now)
    till, _ = await make_till(now, partner="inn", outlet="inn")
    await buy(house.resources, till, member, 3_000, now)
    granted = await give_tier(house.resources, member, "white", now + 60 * DAY, now)
    assert (granted.stands_at, await letters_about_tiers()) == ("silver", [])
    token = await signed_in(member.id, house.now)
    house.now = now + DAY  # what is bought on the first day ends with it
    mine = await house.ask(MINE, authorization=f"Bearer {token}")
    assert mine["progress"] == {"tier": {"id": "silver"}, "accumulated": "3000.00", "left": "7000.00"}
    assert mine["tierTerm"] == {
        "until": "2026-04-12",
        "granted": False,
        "keep": {"left": "3000.00", "by": "2026-04-12"},
    }
    house.now = now + 40 * DAY
    token = await signed_in(member.id, house.now)
    mine = await house.ask(MINE, authorization=f"Bearer {token}")
    assert mine["tierTerm"] == {"until": "2026-05-13", "granted": True, "keep": {"left": "1000.00", "by": "2026-05-13"}}
    assert await clockwork.settle_due(house.now) == 1
    assert await check_books(house.now) == []
    house.now = now + 61 * DAY
    token = await signed_in(member.id, house.now)
    assert await clockwork.settle_due(house.now) == 1
    mine = await house.ask(MINE, authorization=f"Bearer {token}", accept_language="en")
    assert mine["tierTerm"] == {"until": None, "granted": False, "keep": None}
    assert [(one["tier"]["name"], one["message"]) for one in mine["tierHistory"]["items"]] == [
        ("Guest", "The time of a given tier ended"),
        ("White", "The time of the earlier tier ended"),
        ("Silver", "Reached by purchases"),
        ("Guest", "On joining"),
    ]
    assert await letters_about_tiers() == ["TIER_FELL", "TIER_FELL"]
    texts = [letter.text for letter in await house.letters()]
    assert "Теперь ваш уровень — Гость." in texts[-1]
    assert "До уровня «Белая» осталось 1 000 ₽." in texts[-1].replace("\u00a0", " ").replace("\u202f", " ")
    assert await check_books(house.now) == []


async def test_a_tier_by_a_campaign_is_told_with_the_receipt_and_in_the_history(
    house: House, now: datetime, tmp_path: Path
) -> None:
    """A-226, C-07: the guest reads what gave it and for how long, in both languages."""
    await empty_programme()
    lift = "id: lift, name: {ru: Подъём, en: Lift}, gives: {tier: second, days: 10}"
    await make_shop(now, tmp_path, lift)
    till, member = await make_desk(now)
    made = await make_purchase(house.resources, till, member, bought(("bar", 100_00)), now)
    headers = {"authorization": f"Bearer {await signed_in(member.id, now)}"}
    asked = LIFTED.replace("$id", f'"{made.purchase.id}"')
    for language, told, why in (
        ("ru", "Акция «Подъём»: уровень «Второй» на 10 дн.", "По акции «Подъём»"),
        ("en", "Offer “Lift”: the tier Второй, days: 10.", "By the offer “Lift”"),
    ):
        mine = await house.ask(asked, **headers, accept_language=language)
        assert mine["tierTerm"] == {"until": "2026-03-24", "granted": True}
        assert mine["tierHistory"]["items"][0] == {"reason": "CAMPAIGN", "message": why}
        assert mine["purchase"]["promotions"] == [
            {"campaign": "lift", "state": "APPLIED", "reasons": [{"code": "campaign_tier_given", "text": told}]}
        ]


async def signed_in(member: Any, now: datetime) -> str:
    async with work() as tx:
        _, token = await sessions.open_session(tx, member, "BEARER", make_caller(), now)
    return token
