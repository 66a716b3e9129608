"""Consents: A-039, A-040, each purpose its own document, acts only ever added (INV-02)."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from loyalty.programme import DocumentKind, Programme
from loyalty.refusals import Code, Refusal
from models import database
from models.database import Violation
from services import consents
from services.resources import Resources
from tests.makers.joining import make_caller, make_joined, make_pending
from tests.makers.patience import rivals


async def acts() -> list[tuple[str, str]]:
    return [
        (row["kind"], row["act"]) for row in await database.fetch("SELECT kind, act FROM consent ORDER BY at, kind")
    ]


GIVEN = [("OFFER", "GIVEN"), ("PERSONAL_DATA", "GIVEN")]


async def test_what_was_agreed_to_is_listed(resources: Resources, programme: Programme, now: datetime) -> None:
    _, member = await make_joined(resources, now)
    listed = await consents.consents_of(member)
    assert [(consent.kind, consent.given, consent.at) for consent in listed] == [
        (DocumentKind.OFFER, True, now),
        (DocumentKind.PERSONAL_DATA, True, now),
    ]
    assert listed[0].version == programme.documents_by_kind[DocumentKind.OFFER].version


async def test_giving_and_withdrawing_are_acts_and_twice_is_one(
    resources: Resources, programme: Programme, now: datetime
) -> None:
    _, member = await make_joined(resources, now)
    document = programme.documents_by_kind[DocumentKind.MARKETING]
    caller = make_caller("198.51.100.9")
    for minute, expected in ((1, 1), (2, 1)):
        given = await consents.give(member, document.id, caller, now + timedelta(minutes=minute))
        assert (given.given, given.at) == (True, now + timedelta(minutes=expected))
    for minute, expected in ((3, 3), (4, 3)):
        withdrawn = await consents.withdraw(member, DocumentKind.MARKETING, caller, now + timedelta(minutes=minute))
        assert (withdrawn.given, withdrawn.at) == (False, now + timedelta(minutes=expected))
        assert (withdrawn.document, withdrawn.version) == (document.id, document.version)
    assert await acts() == [*GIVEN, ("MARKETING", "GIVEN"), ("MARKETING", "WITHDRAWN")]
    rows = await database.fetch("SELECT * FROM consent WHERE kind = 'MARKETING'")
    for row in rows:
        assert (row["text_sha256"], row["address"], row["channel"]) == (document.sha256, "198.51.100.9", "CABINET")
    again = await consents.give(member, document.id, caller, now + timedelta(minutes=5))
    assert again.given
    listed = {consent.kind: consent.given for consent in await consents.consents_of(member)}
    assert listed[DocumentKind.MARKETING] is True


async def test_ten_clicks_at_once_are_one_act(resources: Resources, programme: Programme, now: datetime) -> None:
    _, member = await make_joined(resources, now)
    document = programme.documents_by_kind[DocumentKind.PARTNER_TRANSFER]
    later = now + timedelta(minutes=1)
    await rivals(*(partial(consents.give, member, document.id, make_caller(), later) for _ in range(12)))
    assert await acts() == [*GIVEN, ("PARTNER_TRANSFER", "GIVEN")]
    later += timedelta(minutes=1)
    await rivals(
        *(partial(consents.withdraw, member, DocumentKind.PARTNER_TRANSFER, make_caller(), later) for _ in range(12))
    )
    assert await acts() == [*GIVEN, ("PARTNER_TRANSFER", "GIVEN"), ("PARTNER_TRANSFER", "WITHDRAWN")]


@pytest.mark.parametrize("kind", [DocumentKind.OFFER, DocumentKind.PERSONAL_DATA])
async def test_what_the_card_stands_on_is_not_withdrawn_by_a_click(
    resources: Resources, now: datetime, kind: DocumentKind
) -> None:
    _, member = await make_joined(resources, now)
    with pytest.raises(Refusal) as refusal:
        await consents.withdraw(member, kind, make_caller(), now)
    assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, "consent.card_stands_on_it")
    assert refusal.value.field == "kind"
    assert await acts() == GIVEN


async def test_what_was_never_given_is_not_withdrawn(resources: Resources, now: datetime) -> None:
    _, member = await make_joined(resources, now)
    with pytest.raises(Refusal) as refusal:
        await consents.withdraw(member, DocumentKind.MARKETING, make_caller(), now)
    assert (refusal.value.code, refusal.value.words) == (Code.INVALID_INPUT, "consent.never_given")
    assert await acts() == GIVEN


async def test_an_outdated_text_is_not_agreed_to(resources: Resources, now: datetime) -> None:
    _, member = await make_joined(resources, now)
    with pytest.raises(Refusal) as refusal:
        await consents.give(member, "offer-of-last-year", make_caller(), now)
    assert (refusal.value.code, refusal.value.field) == (Code.INVALID_INPUT, "document")
    assert await acts() == GIVEN


async def test_acts_are_never_changed_and_those_of_members_never_deleted(resources: Resources, now: datetime) -> None:
    """INV-02."""
    await make_joined(resources, now)
    await make_pending(resources, now)
    with pytest.raises(Violation):
        await database.execute("UPDATE consent SET act = 'WITHDRAWN'")
    with pytest.raises(Violation):
        await database.execute("DELETE FROM consent")
    assert await database.fetchval("SELECT count(*) FROM consent WHERE act = 'GIVEN'") == 4
