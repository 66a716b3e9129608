"""The arithmetic of settlement, and its section of a programme file: read, kept, read back, and refused where it is wrong."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.programme_file.stored import from_data, to_data
from loyalty.settlement import (
    PROGRAMME,
    FactKind,
    Flow,
    PartnerTerms,
    Price,
    SettlementMode,
    SettlementTerms,
    breakage,
    cells,
    closes_at,
    due,
    liabilities,
    month_of,
    months,
    net,
    price_of,
    prices,
)
from tests.loyalty.test_points_file import WITH_POINTS
from tests.makers.programme_files import SMALL, checked_text, compiled, znak_kachestva

SECTION = "settlement: {mode: POSTPAID, price: 0.80, close_after_days: 5}\n"
SETTLED = WITH_POINTS.replace("partners:\n", f"{SECTION}partners:\n")
OWN = SETTLED.replace(
    "  - id: inn\n", "  - id: inn\n    settlement: {mode: PREPAID, price: 0.75, deposit: 500.50}\n", 1
)
ZONE = "Europe/Moscow"
HOUSES = ("a", "b", "c")
MONTHS = months(date(2026, 1, 1), date(2026, 4, 1))

flows = st.lists(
    st.builds(
        Flow,
        month=st.sampled_from(MONTHS),
        kind=st.sampled_from([kind for kind in FactKind if kind is not FactKind.ISSUED]),
        issuer=st.sampled_from((*HOUSES, PROGRAMME)),
        partner=st.sampled_from(HOUSES),
        points=st.integers(1, 1000),
        due=st.integers(-9000, 9000),
    ),
    max_size=40,
)


@given(made=flows)
def test_every_month_goes_on_where_the_last_one_ended(made: list[Flow]) -> None:
    """C-14: opening + issued - redeemed - expired - reversed = closing, per partner and month."""
    rows = {(row.issuer, row.month): row for row in liabilities(made, MONTHS, (*HOUSES, PROGRAMME))}
    for issuer in (*HOUSES, PROGRAMME):
        closing = 0
        for month in MONTHS:
            row = rows[issuer, month]
            assert row.opening == closing
            closing = row.opening + row.issued - row.redeemed - row.expired - row.reversed
            assert row.closing == closing


@given(made=flows)
def test_what_all_pay_is_what_all_get(made: list[Flow]) -> None:
    """I-33: set off or not, nothing is owed to nobody, and nobody to themselves."""
    for month in MONTHS:
        found = cells(made, month)
        apart = sum(
            cell.due if cell.issuer == "a" else -cell.due
            for cell in found
            if "a" in {cell.issuer, cell.partner} and cell.issuer != cell.partner
        )
        paid = net(found)
        assert all(payer != payee and kopecks > 0 for (payer, payee), kopecks in paid.items())
        assert (
            sum(
                kopecks if payer == "a" else -kopecks
                for (payer, payee), kopecks in paid.items()
                if "a" in {payer, payee}
            )
            == apart
        )


def test_a_month_that_is_not_shown_still_opens_the_next() -> None:
    """C-14: the report of one month knows all before it."""
    made = [Flow(MONTHS[0], FactKind.ISSUED, "a", None, 100, 0), Flow(MONTHS[2], FactKind.EXPIRED, "a", None, 30, 0)]
    (row,) = liabilities(made, [MONTHS[3]], ["a"])
    assert (row.opening, row.closing) == (70, 70)


@pytest.mark.parametrize(
    ("kind", "issuer", "expected"),
    [
        (FactKind.REDEEMED, "a", 800),
        (FactKind.REDEEMED, "b", 0),
        (FactKind.GIVEN_BACK, "a", -800),
        (FactKind.RETURNED, "a", 800),
        (FactKind.REPAID, PROGRAMME, 800),
        (FactKind.OWED, "a", 0),
    ],
)
def test_who_owes_for_what(kind: FactKind, issuer: str, expected: int) -> None:
    """C-14: the issuer pays for what another took, and gets back what came back."""
    assert due(kind, issuer=issuer, partner="b", points=10, price=80) == expected


def test_prices_hold_from_their_version_on() -> None:
    """C-14: the first version reaches back to the beginning, and what does not change is not repeated."""
    first, second, third = (datetime(2026, month, 1, tzinfo=UTC) for month in (1, 2, 3))
    terms = SettlementTerms(SettlementMode.POSTPAID, 80)
    own = PartnerTerms(price=75)
    told = prices(
        [(first, terms, {"a": own}), (second, terms, {"a": own, "b": PartnerTerms()}), (third, None, {"a": own})]
    )
    assert told == (
        Price(PROGRAMME, None, 80),
        Price("a", None, 75),
        Price("b", None, 80),
        Price(PROGRAMME, third, 0),
        Price("a", third, 0),
    )


def test_modes_and_prices_of_a_partner() -> None:
    terms = SettlementTerms(SettlementMode.POSTPAID, 80)
    assert price_of(terms, PartnerTerms()) == 80
    assert price_of(terms, PartnerTerms(price=60)) == 60
    assert price_of(terms, PartnerTerms(mode=SettlementMode.NONE, price=60)) == 0
    assert price_of(None, PartnerTerms(mode=SettlementMode.PREPAID, price=60)) == 60
    assert price_of(None, PartnerTerms(price=60)) == 0


def test_months_are_those_of_the_programme() -> None:
    """Midnight in Moscow, and some days later."""
    assert month_of(datetime(2026, 3, 31, 20, 59, tzinfo=UTC), ZONE) == date(2026, 3, 1)
    assert month_of(datetime(2026, 3, 31, 21, 0, tzinfo=UTC), ZONE) == date(2026, 4, 1)
    assert closes_at(date(2026, 3, 1), ZONE, 3) == datetime(2026, 4, 3, 21, 0, tzinfo=UTC)
    assert months(date(2026, 11, 1), date(2027, 1, 1)) == (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1))


def test_breakage_is_the_share_that_ended_unused() -> None:
    """C-14, IFRS 15 B46: in proportion to the rights that were used; nothing is guessed before anything has expired."""
    spent = Flow(MONTHS[0], FactKind.REDEEMED, "a", "b", 90, 0)
    back = Flow(MONTHS[0], FactKind.GIVEN_BACK, "a", "b", 10, 0)
    ended = Flow(MONTHS[1], FactKind.EXPIRED, "a", None, 20, 0)
    told = breakage([spent, back, ended], 1000)
    assert (told.ended, told.expired, told.rate, told.expected) == (100, 20, 2000, 200)
    assert breakage([spent], 1000).rate is None


def test_the_section_is_read_kept_and_read_back() -> None:
    """C-14: price and mode of a point are data of the programme, and of a partner where it differs."""
    programme = compiled(OWN)
    assert programme.settlement == SettlementTerms(SettlementMode.POSTPAID, 80, 5)
    assert programme.partners[0].settlement == PartnerTerms(SettlementMode.PREPAID, 75, 50_050)
    again = from_data(to_data(programme), 1)
    assert (again.settlement, again.partners[0].settlement) == (programme.settlement, programme.partners[0].settlement)
    data = to_data(znak_kachestva())
    assert "settlement" not in data
    assert all("settlement" not in partner for partner in data["partners"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SETTLED.replace("POSTPAID", "LATER"), '"LATER" is unknown'),
        (SETTLED.replace("price: 0.80", "price: 0"), "settled at 0.01 to 10000 roubles"),
        (SETTLED.replace("price: 0.80", "price: 10000.01"), "settled at 0.01 to 10000 roubles"),
        (SETTLED.replace("price: 0.80", "price: cheap"), '"price" is no sum of money'),
        (SETTLED.replace("price: 0.80, ", ""), '"price" is missing'),
        (
            SETTLED.replace("close_after_days: 5", "close_after_days: 28"),
            '"close_after_days" is not a whole number from 1 to 27',
        ),
        (SETTLED.replace("close_after_days: 5", "fee: 1"), 'there is no field "fee"'),
        (OWN.replace("{mode: PREPAID, price: 0.75, deposit: 500.50}", "{}"), "it says nothing"),
        (OWN.replace("mode: PREPAID, price", "price"), "only who settles PREPAID has a deposit"),
        (OWN.replace("deposit: 500.50", "deposit: much"), '"deposit" is no sum of money'),
        (SMALL.replace("partners:\n", f"{SECTION}partners:\n"), "no points to settle"),
        (SMALL.replace("  - id: inn\n", "  - id: inn\n    settlement: {price: 1}\n", 1), "no points to settle"),
    ],
)
def test_a_faulty_section_is_told(text: str, told: str) -> None:
    """C-14: checked with a sentence that says what is wrong."""
    assert any(told in finding.message for finding in checked_text(text).faults)
