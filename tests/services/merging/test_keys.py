"""A merge whose answer was lost is asked for again (I-08, C-09): the same key makes and undoes nothing twice."""

from datetime import datetime, timedelta

import pytest

from loyalty.refusals import Code, Refusal
from models import database
from services import audit
from services.audit import Actor
from services.merging import merging
from services.resources import Resources
from tests.makers.merging import WHY
from tests.makers.people import make_member
from tests.makers.programme import make_programme
from tests.makers.state import state

MINUTE = timedelta(minutes=1)


async def test_the_same_key_hears_of_the_same_merge(db: None, resources: Resources, now: datetime) -> None:
    """C-09: merged once, with one line a profile in the log; another wish under the key is refused and moves nothing."""
    await make_programme(now)
    first, second, third = [await make_member(now) for _ in range(3)]
    operator = Actor.operator()
    case = await merging.merge(operator, first.id, second.id, reason=WHY, resources=resources, now=now, key="один")
    events = len(await audit.page(rows=100, after=None, filters=audit.Filters()))
    later = now + MINUTE
    again = await merging.merge(operator, first.id, second.id, reason=WHY, resources=resources, now=later, key="один")
    assert again == case
    before = await state()
    with pytest.raises(Refusal) as refused:
        await merging.merge(operator, first.id, third.id, reason=WHY, resources=resources, now=later, key="один")
    assert refused.value.code is Code.KEY_REUSED
    assert await state() == before
    assert await database.fetchval("SELECT count(*) FROM merge_case") == 1
    assert len(await audit.page(rows=100, after=None, filters=audit.Filters())) == events


async def test_the_same_key_undoes_once(db: None, resources: Resources, now: datetime) -> None:
    """C-09: the answer of an undoing is heard again; without the key it says that it was undone before."""
    await make_programme(now)
    first, second = [await make_member(now) for _ in range(2)]
    operator = Actor.operator()
    case = await merging.merge(operator, first.id, second.id, reason=WHY, resources=resources, now=now)
    undone = await merging.undo(operator, case.id, reason=WHY, resources=resources, now=now, key="назад")
    assert undone.state == "UNDONE"
    assert (
        await merging.undo(operator, case.id, reason=WHY, resources=resources, now=now + MINUTE, key="назад") == undone
    )
    with pytest.raises(Refusal) as refused:
        await merging.undo(operator, case.id, reason=WHY, resources=resources, now=now)
    assert refused.value.code is Code.INVALID_INPUT
