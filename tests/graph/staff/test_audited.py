"""INV-21, mutation by mutation: what one of the staff does has its row in the log, by the right that the schema names."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from graph.permissions import Needs
from loyalty.programme import Programme
from loyalty.scopes import PROGRAMME
from models import database
from tests.graph.staff.test_partners_apart import FIELDS, ROOT, House, house
from tests.makers.partner_calls import REACHES, WHY
from tests.makers.partners import apply_partners
from tests.makers.people import make_member

__all__ = ["house"]

GIVES_POINTS: Final = ("  hold_minutes: 10\n", "  hold_minutes: 10\n  goodwill: {day: 500, approve_above: 100}\n")
CAMPAIGN: Final = "{id: winter, name: {ru: Зима, en: Winter}, code: true, gives: {percent: 5}}"
CAMPAIGNS: Final = ("documents:\n", f"promotions:\n  campaigns:\n    - {CAMPAIGN}\ndocuments:\n")
MUTATIONS: Final = {
    name for name, (kind, _, needed) in FIELDS.items() if kind == "mutation" and isinstance(needed, Needs)
}
# Each of two profiles that become one, or two again, has its row.
ROWS: Final = {"mergeMembers": 2, "undoMerge": 2}
# What changes nothing that is there, so that nobody is asked why: a test, a sample to oneself.
NO_REASON: Final = {"startCampaignBacktest", "sendMessageSample", "testWebhook"}
# What takes a closed month: its log is compared row by row where it is.
ELSEWHERE: Final = {
    "moveStatement": "tests/graph/staff/test_statements_over_http.py::test_a_statement_is_sent_disputed_sent_anew_confirmed_and_paid",
}
LAST: Final = "SELECT coalesce(max(sequence), 0) FROM audit_event"
LOGGED: Final = "SELECT * FROM audit_event WHERE sequence > $1 ORDER BY sequence"


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_partners(tmp_path, now - timedelta(days=1), GIVES_POINTS, CAMPAIGNS)


async def of_the_programme(house: House) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(mutation, arguments) of what is done for the whole programme; each finds what the one before it has made."""
    one, other, third = [str((await make_member(house.panel.now)).id) for _ in range(3)]
    yield "mergeMembers", {"input": {"survivor": one, "duplicate": other, **WHY}}
    yield "undoMerge", {"merge": await the("SELECT id FROM merge_case"), **WHY}
    yield "dismissPair", {"input": {"one": one, "other": third, "idempotencyKey": "audit", **WHY}}
    said = await the("SELECT id FROM dismissed_pair")
    yield "restorePair", {"dismissal": said, "idempotencyKey": "audit", **WHY}
    yield "grantTier", {"input": {"member": one, "tier": "friend", "until": "2026-06-30", **WHY}}
    yield "withdrawTier", {"grant": await the("SELECT id FROM tier_grant WHERE withdrawn_at IS NULL"), **WHY}
    yield "grantPoints", {"input": {"idempotencyKey": "audit", "member": one, "points": 200, **WHY}}
    waiting = await the("SELECT id FROM points_grant WHERE state = 'WAITING'")
    yield "decidePointsGrant", {"id": waiting, "approve": False, **WHY}
    yield "revealContacts", {"member": one, **WHY}
    yield "saveRole", {"input": {"code": "new", "nameRu": "Роль", "nameEn": "Role", "rights": ["card.view"], **WHY}}
    yield "replayRestaurantInbox", dict(WHY)
    yield "makePromoCodes", {"input": {"campaign": "winter", "label": "проверка", "count": 2, "uses": 1, **WHY}}
    yield "cancelPromoBatch", {"batch": await the("SELECT id FROM coupon_batch"), **WHY}
    yield "startCampaignBacktest", {"input": {"campaign": "winter", "from": "2026-01-01", "to": "2026-03-01"}}
    yield "sendMessageSample", {"id": "LETTER.WELCOME", "locale": "RU"}
    yield "eraseMember", {"input": {"member": third, **WHY}}


async def of_a_partner(house: House) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    """(mutation, arguments) of what is done to rows of a partner."""
    for name, aimed in REACHES.items():
        if name in MUTATIONS:
            yield name, aimed(await house.mine.fresh())


async def the(sql: str) -> str:
    """The id of what an earlier mutation has made."""
    made = await database.fetchval(sql)
    assert made is not None, sql
    return str(made)


async def test_each_mutation_of_the_staff_has_its_row_in_the_log(house: House) -> None:
    """INV-21, I-31: one that succeeded has exactly one new row (one a profile for two), by its right and with its reason.

    That a denied one has one too is shown beside it (`test_matrix.py`), and that neither is there without the other by
    `test_audit.py`.
    """
    done: set[str] = set()
    actors: set[Any] = set()
    for steps in (of_the_programme(house), of_a_partner(house)):
        async for name, given in steps:
            caller = await house.caller(name, PROGRAMME, house.mine)
            last = await database.fetchval(LAST)
            answered, text = await caller.call(name, given)
            assert answered, (name, text)
            rows = await database.fetch(LOGGED, last)
            assert len(rows) == ROWS.get(name, 1), (name, [row["action"] for row in rows])
            for row in rows:
                assert (row["outcome"], row["right_code"]) == ("DONE", FIELDS[name][2].right), name
                assert row["reason"] == _reason(name, given), name
                assert row["object_id"], name
                actors.add(row["actor_id"])
            done.add(name)
    for test in ELSEWHERE.values():
        file, _, named = test.partition("::")
        assert f"async def {named}(" in (ROOT / file).read_text(encoding="utf-8")
    assert done | ELSEWHERE.keys() == MUTATIONS
    assert len(actors) == 1
    assert None not in actors


def _reason(name: str, given: dict[str, Any]) -> str | None:
    if name in NO_REASON:
        return None
    said = given.get("input", given)
    reason: str = said["note"] if name == "decideSignal" else said["reason"]
    return reason
