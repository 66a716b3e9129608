"""Every kind of movement in a life of points: its reason in both languages, its place and rules where a receipt is behind it."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from api.app import create_app
from api.settings import Settings
from graph.points.types import PointsMoveKind
from services import programmes
from services.families import leaving
from services.ledger import check_books
from services.openings import importing
from services.points.history import page
from services.resources import Resources
from tests.graph.members.conftest import House
from tests.makers.app import client_of
from tests.makers.credentials import make_token
from tests.makers.families import apply_family, found, give, order
from tests.makers.merging import make_one
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.points import apply_points, buy, give_back, goods, grant, quote, settle, sums, withdraw
from tests.makers.purchases import make_ticket

HISTORY = """{ me { pointsHistory(first: 100) { next items { kind points receiptNumber purchase programmeVersion
  partner { id } outlet { id } reason { code text } } } } }"""
LATER = ("  life_days: 30\n", "  life_days: 30\n  activation_days: 1\n")
REASONS: Final = {
    "EARNED": ("Начислено за покупку: ", "Earned with a purchase: "),
    "GRANTED": ("Начислено программой.", "Given by the programme."),
    "WITHDRAWN": ("Списано программой.", "Taken by the programme."),
    "OPENING": ("Перенесено из прежней программы.", "Brought over from the former programme."),
    "ACTIVATED": ("Стали доступны: ", "Can be spent now: "),
    "HELD": ("Отложено на кассе: ", "Put aside at a till: "),
    "RELEASED": ("Отложенное вернулось на счёт: ", "What was put aside is back: "),
    "SPENT": ("Оплачена часть покупки: ", "Paid a part of a purchase: "),
    "EXPIRED": ("Закончился срок: ", "Their time has ended: "),
    "TAKEN_BACK": ("Отменено начисление после возврата: ", "Taken back after a return: "),
    "GIVEN_BACK": ("Вернулись после возврата покупки: ", "Given back after a return: "),
    "DEBT_REPAID": ("Погашен долг после возврата: ", "A debt after a return is repaid: "),
    "FAMILY_CONTRIBUTED": ("Внесены в семейный счёт.", "Put into the family account."),
    "FAMILY_RETURNED": ("Вернулись из семейного счёта.", "Came back from the family account."),
    "MERGED": ("Объединены два профиля.", "Two profiles were made one."),
}
OF_A_RECEIPT: Final = {"EARNED", "ACTIVATED", "SPENT", "TAKEN_BACK", "GIVEN_BACK", "DEBT_REPAID"}
AT_A_TILL: Final = {"HELD", "RELEASED"}
WITHOUT_A_PLACE: Final = {"GRANTED", "WITHDRAWN", "OPENING", "FAMILY_CONTRIBUTED", "FAMILY_RETURNED", "MERGED"}


async def bring_over(folder: Path, guest: MadeMember, now: datetime) -> None:
    """30 points of an old card, as the import gives them to who proved the address."""
    file, programme = folder / "old-cards.csv", await programmes.current(now)
    ends = (now + timedelta(days=20)).date()
    head = "system,external_id,phone,email,qualifying,tier,tier_since,tier_until,lots"
    file.write_text(f"{head}\nold,1,,{guest.email},,,,,30@{ends}\n", encoding="utf-8")
    looked = await importing.look(file, file.with_suffix(".faults"), programme, now)
    assert (await importing.bring(file, looked, looked.totals, programme, now)).claimed == 1


async def live(resources: Resources, guest: MadeMember, now: datetime, folder: Path) -> datetime:
    """Everything that moves a member's points, once at least; the moment after it."""
    shop, _ = await make_till(now, partner="shop", outlet="shop-one")
    cafe, _ = await make_till(now, partner="cafe", outlet="cafe")
    await grant(guest.id, 300, now, days=5)
    first = await buy(resources, shop, guest, [goods(1000)], now)
    ticket = await make_ticket(shop, guest, now)
    for wished in (50, 0):
        await quote(shop, guest, [goods(1000)], now, points=wished, ticket=ticket)
    then = now + timedelta(days=2)
    second = await buy(resources, shop, guest, [goods(600)], then, points=60)
    await give_back(resources, shop, second, then)
    await buy(resources, cafe, guest, [goods(400, service="food")], then, points=400)
    await give_back(resources, shop, first, then)
    assert await sums(guest.id, then) == (0, 0, 0, 100)
    await grant(guest.id, 150, then)
    await withdraw(guest.id, 10, then)
    await found(resources, guest, then)
    await give(resources, guest, 20, then)
    await leaving.leave(resources, order(guest, "leave", then))
    twin = await make_member(then)
    await grant(twin.id, 70, then)
    await make_one(resources, guest, twin, then)
    await bring_over(folder, guest, then)
    await buy(resources, shop, guest, [goods(1000)], then)
    over = then + timedelta(days=40)
    await settle(guest.id, over)
    return over


async def told(house: House, token: str, language: str) -> list[dict[str, Any]]:
    """The whole history in a language."""
    answer = await house.ask(HISTORY, Authorization=f"Bearer {token}", **{"Accept-Language": language})
    assert answer["pointsHistory"]["next"] is None
    items: list[dict[str, Any]] = answer["pointsHistory"]["items"]
    return items


@pytest.fixture
async def histories(db: None, now: datetime, tmp_path: Path, resources: Resources) -> dict[str, list[dict[str, Any]]]:
    """The history of that life as the phone reads it, by language."""
    await apply_family(tmp_path, now, LATER)
    guest = await make_member(now)
    over = await live(resources, guest, now, tmp_path)
    assert await check_books(over) == []
    house = House(httpx2.AsyncClient(), resources, over)
    token = await make_token(guest, over)
    async with client_of(create_app(Settings(), resources=resources, clock=lambda: over, documents={})) as client:
        house.client = client
        return {language: await told(house, token, language) for language in ("ru", "en")}


async def test_every_kind_of_movement_has_its_reason_in_both_languages(
    histories: dict[str, list[dict[str, Any]]],
) -> None:
    """INV-27, C-07: all kinds there are; each sentence is its kind's, and what is told adds up to what is left."""
    assert set(REASONS) == {kind.value for kind in PointsMoveKind}
    for place, moves in enumerate(histories.values()):
        assert {move["kind"] for move in moves} == set(REASONS)
        for move in moves:
            begins = REASONS[move["kind"]][place]
            assert move["reason"]["text"].startswith(begins), move
            assert len(move["reason"]["text"]) > len(begins) or begins.endswith("."), move
            assert move["reason"]["code"] == f"points_{move['kind'].lower()}"
        assert sum(move["points"] for move in moves) == 0


async def test_what_a_receipt_moved_names_receipt_place_and_version(
    histories: dict[str, list[dict[str, Any]]],
) -> None:
    """INV-27, C-07: receipt, partner, outlet and the version of the rules; at a till its place; nothing is made up."""
    for place, moves in enumerate(histories.values()):
        ended = [move for move in moves if move["kind"] == "EXPIRED"]
        assert {move["purchase"] is None for move in ended} == {True, False}  # of a receipt, and given by the programme
        for move in moves:
            partner, outlet = move["partner"], move["outlet"]
            if move["kind"] in OF_A_RECEIPT or (move["kind"] == "EXPIRED" and move["purchase"]):
                assert move["purchase"], move
                assert (partner["id"], outlet["id"]) in {("shop", "shop-one"), ("cafe", "cafe")}
                assert move["programmeVersion"] == 1
                assert f"{('чек', 'receipt')[place]} {move['receiptNumber']}" in move["reason"]["text"]
            elif move["kind"] in AT_A_TILL:
                assert (partner["id"], outlet["id"]) in {("shop", "shop-one"), ("cafe", "cafe")}
            else:
                assert move["kind"] in {*WITHOUT_A_PLACE, "EXPIRED"}
                assert (partner, outlet, move["purchase"], move["programmeVersion"]) == (None, None, None, None)


async def test_a_repaid_debt_names_the_receipt_that_was_returned(
    db: None, now: datetime, tmp_path: Path, resources: Resources
) -> None:
    """C-07, INV-27: of two debts the earlier is paid first; each payment names the one it began with."""
    await apply_points(tmp_path, now)
    shop, _ = await make_till(now, partner="shop", outlet="shop-one")
    cafe, _ = await make_till(now, partner="cafe", outlet="cafe")
    guest = await make_member(now)
    first = await buy(resources, shop, guest, [goods(1000)], now)
    second = await buy(resources, cafe, guest, [goods(600, service="food")], now)
    await buy(resources, cafe, guest, [goods(160, service="food")], now, points=160)
    await give_back(resources, shop, first, now + timedelta(seconds=1))
    await give_back(resources, cafe, second, now + timedelta(seconds=2))
    assert await sums(guest.id, now + timedelta(seconds=2)) == (0, 0, 0, 160)
    for place, points in enumerate((70, 60, 30), start=3):
        await grant(guest.id, points, now + timedelta(seconds=place))
    moves = await page(guest.id, rows=100, after=None)
    paid = [(-move.debt, move.partner, move.receipt_number) for move in reversed(moves) if move.kind == "DEBT_REPAID"]
    receipts = {"shop": first.purchase.receipt_number, "cafe": second.purchase.receipt_number}
    assert paid == [(points, place, receipts[place]) for points, place in ((70, "shop"), (60, "shop"), (30, "cafe"))]
