"""Merging over HTTP: by the right alone, seen by both ids, undone with a reason."""

from datetime import datetime

from loyalty.scopes import PROGRAMME
from tests.graph.staff.conftest import Panel
from tests.makers.people import make_member
from tests.makers.staff import make_holder
from tests.makers.state import state

MERGE = """mutation ($input: MergeMembersInput!) { mergeMembers(input: $input) { __typename
    ... on MembersMerged { merge { id survivor duplicate state evidence undoableUntil } }
    ... on Problem { code field message } } }"""
UNDO = """mutation ($merge: UUID!) { undoMerge(merge: $merge, reason: "это разные люди") { __typename
    ... on MergeUndone { merge { state undoReason } } ... on Problem { code field message } } }"""
MERGES = "query ($member: UUID!) { merges(member: $member) { id state } }"
DISMISS = """mutation ($input: DismissPairInput!) { dismissPair(input: $input) { __typename
    ... on PairDismissed { dismissal { id older newer signs reason } } ... on Problem { code message field } } }"""
RESTORE = """mutation ($id: UUID!) { restorePair(dismissal: $id, reason: "ошиблись", idempotencyKey: "назад") { __typename
    ... on PairRestored { dismissal { restoreReason } } ... on Problem { code message field } } }"""
DISMISSED = "query ($first: Int!, $after: String) { dismissedPairs(first: $first, after: $after) { next items { id newerNumber } } }"
SAID = "query ($member: UUID!) { likelyDuplicates(member: $member) { member dismissal { id reason } } }"
ALIKE = "query ($member: UUID!) { likelyDuplicates(member: $member) { member number signs } }"
PAIRS = """query ($first: Int!, $after: String) { likelyPairs(first: $first, after: $after) {
    looked next items { newer { member number lastName email phone } older { member number } signs } } }"""
HISTORY = """query ($first: Int!, $after: String) { mergeHistory(first: $first, after: $after) {
    next items { id state survivorNumber duplicateNumber } } }"""
CARDS = "query ($search: String!) { memberCards(search: $search) { id status } }"


async def test_two_profiles_are_found_made_one_and_two_again(panel: Panel, now: datetime) -> None:
    """A-206, INV-19: with merge.decide; the old id finds the survivor, and the log of the merge is seen from both."""
    first, second = await make_member(now), await make_member(now)
    holder = await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("merge.decide", PROGRAMME))
    await panel.enter(holder)
    assert await panel.ask(ALIKE, {"member": str(first.id)}) == [
        {"member": str(second.id), "number": second.number, "signs": ["NAMES", "BIRTH_DATE"]}
    ]
    wish = {"survivor": str(first.id), "duplicate": str(second.id), "reason": "один человек, два телефона"}
    poor = await panel.ask(MERGE, {"input": wish | {"reason": "!"}})
    assert (poor["code"], poor["field"]) == ("INVALID_INPUT", "input.reason")
    made = await panel.ask(MERGE, {"input": wish})
    assert made["__typename"] == "MembersMerged", made
    merge = made["merge"]
    assert (merge["state"], merge["evidence"], merge["undoableUntil"]) == (
        "MERGED",
        ["NAMES", "BIRTH_DATE"],
        "2026-04-13T09:26:53Z",
    )
    assert await panel.ask(CARDS, {"search": second.number}) == [{"id": str(first.id), "status": "ACTIVE"}]
    for member in (first, second):
        assert await panel.ask(MERGES, {"member": str(member.id)}) == [{"id": merge["id"], "state": "MERGED"}]
    undone = await panel.ask(UNDO, {"merge": merge["id"]})
    assert undone["merge"] == {"state": "UNDONE", "undoReason": "это разные люди"}
    again = await panel.ask(UNDO, {"merge": merge["id"]})
    assert (again["code"], again["field"]) == ("INVALID_INPUT", "merge")
    assert await panel.ask(CARDS, {"search": second.number}) == [{"id": str(second.id), "status": "ACTIVE"}]


async def test_without_the_right_nothing_moves(panel: Panel, now: datetime) -> None:
    """I-32: whoever manages users does not merge them by it."""
    first, second = await make_member(now), await make_member(now)
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("user.manage", PROGRAMME)))
    before = await state()
    assert await panel.refused(PAIRS, {"first": 20}) == "FORBIDDEN"
    assert await panel.refused(HISTORY, {"first": 20}) == "FORBIDDEN"
    wish = {"survivor": str(first.id), "duplicate": str(second.id), "reason": "один человек"}
    assert (await panel.ask(MERGE, {"input": wish}))["code"] == "FORBIDDEN"
    assert await panel.refused(MERGES, {"member": str(first.id)}) == "FORBIDDEN"
    assert await panel.refused(ALIKE, {"member": str(first.id)}) == "FORBIDDEN"
    assert await panel.refused(DISMISSED, {"first": 20}) == "FORBIDDEN"
    apart = {"one": str(first.id), "other": str(second.id), "reason": "тёзки", "idempotencyKey": "раз"}
    assert (await panel.ask(DISMISS, {"input": apart}))["code"] == "FORBIDDEN"
    assert (await panel.ask(RESTORE, {"id": str(first.id)}))["code"] == "FORBIDDEN"
    assert await state() == before


async def test_pairs_and_merges_of_everybody_are_read_page_by_page(panel: Panel, now: datetime) -> None:
    """A-206, C-09: without naming anybody; masked, and a cursor of ours alone."""
    first, second, third = [await make_member(now) for _ in range(3)]
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("merge.decide", PROGRAMME)))
    page = await panel.ask(PAIRS, {"first": 1})
    assert page["items"][0]["newer"]["number"] == third.number
    assert page["items"][0]["newer"]["lastName"] == "П."
    assert third.email not in str(page)
    assert third.phone not in str(page)
    rest = await panel.ask(PAIRS, {"first": 20, "after": page["next"]})
    told = {(pair["newer"]["member"], pair["older"]["member"]) for pair in page["items"] + rest["items"]}
    assert told == {
        (str(newer.id), str(older.id)) for newer, older in ((third, second), (third, first), (second, first))
    }
    assert (page["looked"] + rest["looked"], rest["next"]) == (3, None)
    assert await panel.refused(PAIRS, {"first": 101}) == "INVALID_INPUT"
    assert await panel.refused(PAIRS, {"first": 20, "after": "чужой"}) == "INVALID_INPUT"

    for duplicate in (second, third):
        wish = {"survivor": str(first.id), "duplicate": str(duplicate.id), "reason": "один человек"}
        assert (await panel.ask(MERGE, {"input": wish}))["__typename"] == "MembersMerged"
    newest = await panel.ask(HISTORY, {"first": 1})
    oldest = await panel.ask(HISTORY, {"first": 1, "after": newest["next"]})
    assert (len(newest["items"]), len(oldest["items"]), oldest["next"]) == (1, 1, None)
    both = newest["items"] + oldest["items"]
    assert {(one["survivorNumber"], one["duplicateNumber"]) for one in both} == {
        (first.number, second.number),
        (first.number, third.number),
    }


async def test_a_pair_is_dismissed_listed_and_taken_back(panel: Panel, now: datetime) -> None:
    """C-09: with merge.decide; the pair leaves the list, the member's page says what was said, and the way back is open."""
    first, second, third = [await make_member(now) for _ in range(3)]
    await panel.enter(await make_holder(panel.resources, now, ("card.view", PROGRAMME), ("merge.decide", PROGRAMME)))
    apart = {"one": str(second.id), "other": str(first.id), "reason": "мать и дочь", "idempotencyKey": "раз"}
    made = await panel.ask(DISMISS, {"input": apart})
    assert made["__typename"] == "PairDismissed", made
    said = made["dismissal"]
    assert (said["older"], said["newer"], said["reason"]) == (str(first.id), str(second.id), "мать и дочь")
    assert said["signs"] == ["NAMES", "BIRTH_DATE"]
    assert await panel.ask(DISMISS, {"input": apart}) == made, "the same key hears the same"
    told = {
        (one["newer"]["member"], one["older"]["member"]) for one in (await panel.ask(PAIRS, {"first": 20}))["items"]
    }
    assert told == {(str(third.id), str(second.id)), (str(third.id), str(first.id))}
    shown = {one["member"]: one["dismissal"] for one in await panel.ask(SAID, {"member": str(first.id)})}
    assert shown == {str(second.id): {"id": said["id"], "reason": "мать и дочь"}, str(third.id): None}

    other = apart | {"other": str(third.id), "idempotencyKey": "два"}
    assert (await panel.ask(DISMISS, {"input": other}))["__typename"] == "PairDismissed"
    newest = await panel.ask(DISMISSED, {"first": 1})
    oldest = await panel.ask(DISMISSED, {"first": 1, "after": newest["next"]})
    assert [len(page["items"]) for page in (newest, oldest)] == [1, 1]
    assert oldest["next"] is None
    assert {page["items"][0]["newerNumber"] for page in (newest, oldest)} == {second.number, third.number}

    back = await panel.ask(RESTORE, {"id": said["id"]})
    assert back["dismissal"] == {"restoreReason": "ошиблись"}
    assert len((await panel.ask(PAIRS, {"first": 20}))["items"]) == 2
