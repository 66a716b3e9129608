"""Settlement at the panel and as files: each partner's own side alone, nothing for whoever lacks the right."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from loyalty.programme import Programme
from loyalty.scopes import PROGRAMME, Scope
from models import database
from services.settlement import closing
from services.tills import TillFacts
from tests.graph.staff.conftest import Panel
from tests.makers.people import make_member, make_till
from tests.makers.points import buy, give_back, goods, grant
from tests.makers.programme import make_programme
from tests.makers.settlement import MARCH, apply_settled
from tests.makers.staff import make_holder

RIGHT = "settlement.view"
BOOKS = """{ settlement { worth isWhole parties { id name mode price }
  months { month closedAt cells { issuer partner redeemed givenBack reversed points due facts late }
    payments { payer payee amount } liabilities { issuer opening issued redeemed expired reversed closing worth owed } }
  breakage { ended expired ratePercent expected outstanding outstandingWorth } } }"""
LINES = """query ($month: Date!, $issuer: ID, $partner: ID, $first: Int!, $after: String) {
  settlementLines(month: $month, issuer: $issuer, partner: $partner, first: $first, after: $after) {
    next items { id kind reason issuer partner points price due isLate receiptNumber outlet lot } } }"""
FILE = "/exports/settlement.csv"


@pytest.fixture
async def programme(db: None, now: datetime, tmp_path: Path) -> Programme:
    return await apply_settled(tmp_path, now)


@pytest.fixture
async def traded(panel: Panel) -> dict[str, TillFacts]:
    """The shop's 100 points, 60 of them spent at the café and half of that back; the café's own 200; 50 of the programme."""
    tills = {
        name: (await make_till(panel.now, partner=name, outlet=outlet))[0]
        for name, outlet in {"shop": "shop-one", "cafe": "cafe"}.items()
    }
    member, other = await make_member(panel.now), await make_member(panel.now)
    await buy(panel.resources, tills["shop"], member, [goods(1000)], panel.now)
    lines = [goods(60, service="food", quantity=2000)]
    taken = await buy(panel.resources, tills["cafe"], member, lines, panel.now, points=60)
    await give_back(panel.resources, tills["cafe"], taken, panel.now, (0, 1000))
    await buy(panel.resources, tills["cafe"], other, [goods(2000, service="food")], panel.now)
    await grant(other.id, 50, panel.now)
    return tills


async def holder(panel: Panel, scope: Scope) -> None:
    await panel.enter(await make_holder(panel.resources, panel.now, (RIGHT, scope)))


async def test_the_whole_programme_is_read_by_whoever_holds_it_whole(
    panel: Panel, traded: dict[str, TillFacts]
) -> None:
    """C-14."""
    await holder(panel, PROGRAMME)
    told = await panel.ask(BOOKS)
    assert (told["worth"], told["isWhole"]) == ("1.00", True)
    assert [(party["id"], party["mode"], party["price"]) for party in told["parties"]] == [
        ("shop", "POSTPAID", "0.80"),
        ("cafe", "POSTPAID", "0.75"),
        ("-", "POSTPAID", "0.80"),
    ]
    (month,) = told["months"]
    assert (month["month"], month["closedAt"]) == ("2026-03-01", None)
    (cell,) = month["cells"]
    assert cell == {
        "issuer": "shop",
        "partner": "cafe",
        "redeemed": 60,
        "givenBack": 30,
        "reversed": 0,
        "points": 30,
        "due": "24.00",
        "facts": 2,
        "late": 0,
    }
    assert month["payments"] == [{"payer": "shop", "payee": "cafe", "amount": "24.00"}]
    rows = {row["issuer"]: row for row in month["liabilities"]}
    assert {who: row["closing"] for who, row in rows.items()} == {"shop": 70, "cafe": 200, "-": 50}
    for row in rows.values():
        assert row["opening"] + row["issued"] - row["redeemed"] - row["expired"] - row["reversed"] == row["closing"]
    assert (told["breakage"]["outstanding"], told["breakage"]["ratePercent"]) == (320, None)


async def test_a_partner_reads_the_own_side_alone(panel: Panel, traded: dict[str, TillFacts]) -> None:
    """C-14, INV-22: the café sees what it took and issued; neither the shop's liability nor the programme's gifts."""
    await holder(panel, Scope(("cafe",)))
    told = await panel.ask(BOOKS)
    (month,) = told["months"]
    assert told["isWhole"] is False
    assert [party["id"] for party in told["parties"]] == ["shop", "cafe"]
    assert [(cell["issuer"], cell["partner"]) for cell in month["cells"]] == [("shop", "cafe")]
    assert [row["issuer"] for row in month["liabilities"]] == ["cafe"]
    seen = (await panel.ask(LINES, {"month": "2026-03-01", "first": 100}))["items"]
    assert {(line["kind"], line["issuer"]) for line in seen} == {
        ("REDEEMED", "shop"),
        ("GIVEN_BACK", "shop"),
        ("ISSUED", "cafe"),
    }
    assert all(line["receiptNumber"] for line in seen)

    await holder(panel, Scope(("shop",)))
    seen = (await panel.ask(LINES, {"month": "2026-03-01", "first": 100}))["items"]
    assert {(line["kind"], line["issuer"]) for line in seen} == {
        ("REDEEMED", "shop"),
        ("GIVEN_BACK", "shop"),
        ("ISSUED", "shop"),
    }
    receipts = {line["kind"]: (line["receiptNumber"], line["outlet"]) for line in seen}
    assert receipts["REDEEMED"] == receipts["GIVEN_BACK"] == (None, None)
    assert receipts["ISSUED"][1] == "shop-one"


async def test_without_the_right_nothing_is_read(panel: Panel, traded: dict[str, TillFacts]) -> None:
    """INV-21, INV-22: a refusal, and not a byte of a file."""
    await panel.enter(await make_holder(panel.resources, panel.now, ("analytics.view", PROGRAMME)))
    assert await panel.refused(BOOKS) == "FORBIDDEN"
    assert await panel.refused(LINES, {"month": "2026-03-01", "first": 10}) == "FORBIDDEN"
    assert (await download(panel)).status_code == 403
    panel.cookie = ""
    assert (await download(panel)).status_code == 401


async def test_facts_come_page_by_page(panel: Panel, traded: dict[str, TillFacts]) -> None:
    """C-14: every fact once, whichever the size of a page, open or closed."""
    await holder(panel, PROGRAMME)
    for _ in range(2):
        every = await pages(panel, 100)
        assert len(every) == 5
        assert await pages(panel, 1) == await pages(panel, 2) == every
        asked = {"month": "2026-03-01", "issuer": "-", "first": 10}
        (given,) = (await panel.ask(LINES, asked))["items"]
        assert (given["kind"], given["points"], given["partner"]) == ("ISSUED", 50, None)
        await closing.close(MARCH, panel.now + timedelta(days=20))


async def test_files_are_rfc_4180_and_no_formula(panel: Panel, traded: dict[str, TillFacts]) -> None:
    """C-14, T39: what a till wrote into a receipt number stays text; who took which file stands in the log."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute(
            "UPDATE purchase SET receipt_number = '=1+1,\"' || left(receipt_number, 8) WHERE partner = 'cafe'"
        )
    await holder(panel, PROGRAMME)
    plain = await download(panel, sheet="lines", month="2026-03")
    assert plain.headers["content-type"] == "text/csv; charset=utf-8"
    assert plain.headers["content-disposition"] == 'attachment; filename="settlement-lines-2026-03.csv"'
    assert plain.text.count("\r\n") == plain.text.count("\n") == 6
    head, *rows = csv.reader(StringIO(plain.text, newline=""))
    assert len(rows) == 5
    assert {len(row) for row in rows} == {len(head)}
    told = [row[8] for row in rows if "Café" in row[3:5]]
    assert len(told) == 3
    assert all(cell.startswith("'=1+1,\"") for cell in told)
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)
    assert {row[7] for row in rows if row[5] == "30"} == {"-24.00"}

    excel = await download(panel, sheet="statement", month="2026-03", reader="excel", language="ru")
    assert excel.content.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(StringIO(excel.text.lstrip("\ufeff"), newline=""), delimiter=";")
    assert head[:3] == ["Месяц", "Состояние", "Кто начислил"]
    assert row == ["2026-03", "открыт", "Магазин", "Кафе", "60", "30", "0", "30", "24,00"]
    assert len((await download(panel, sheet="liability")).text.splitlines()) == 4
    logged = await database.fetch("SELECT after FROM audit_event WHERE action = 'settlement.export' ORDER BY sequence")
    assert ['"lines"' in row["after"] and '"rows": 5' in row["after"] for row in logged] == [True, False, False]
    for wrong in ({"sheet": "all"}, {"month": "2026-3x"}, {"month": "2019-01"}, {"reader": "me"}):
        assert (await download(panel, **wrong)).status_code == 404


async def test_a_forged_download_is_refused(panel: Panel, traded: dict[str, TillFacts]) -> None:
    """T11: a page of somebody else's cannot make our cookie fetch a file."""
    await holder(panel, PROGRAMME)
    panel.headers = {"x-kunak-credential": "staff"}
    assert (await download(panel)).status_code == 403


async def test_a_programme_without_points_has_no_settlement(panel: Panel, now: datetime) -> None:
    """C-14: null, so that the page can say so."""
    async with database.lease() as connection, connection.transaction():
        await connection.execute("SET LOCAL session_replication_role = replica")
        await connection.execute("DELETE FROM programme_version")
    await make_programme(now)
    await holder(panel, PROGRAMME)
    assert await panel.ask(BOOKS) is None


async def pages(panel: Panel, size: int) -> list[str]:
    found: list[str] = []
    after: str | None = None
    while True:
        page = await panel.ask(LINES, {"month": "2026-03-01", "first": size, "after": after})
        found += [line["id"] for line in page["items"]]
        after = page["next"]
        if after is None:
            return found


async def download(panel: Panel, *, reader: str = "rfc4180", language: str = "en", **asked: str) -> Any:
    held = {"cookie": f"__Host-staff={panel.cookie}"} if panel.cookie else {}
    return await panel.client.get(
        FILE, params={"for": reader, **asked}, headers=panel.headers | held | {"accept-language": language}
    )
