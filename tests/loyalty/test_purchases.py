"""Pricing: each line by its one rule, sums of lines, reasons with facts, refusals with fields, and quick."""

from fractions import Fraction
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.programme import Programme
from loyalty.purchases import BasketLine, Priced, basket_line, price, prices_alike
from loyalty.reasons import Reason, ReasonCode
from loyalty.refusals import Code, Refusal
from tests.makers.programme_files import plastic_past, znak_kachestva

TIERS = [tier.id for tier in znak_kachestva().tiers]
SOLD_AT_TILL = ["restaurants", "ski", "spa", "ice-palace"]


def line(service: str, gross: int) -> BasketLine:
    """One piece of something."""
    return BasketLine(service=service, name="Услуга", quantity=1000, gross=gross)


def at_igora(tier: str, *lines: BasketLine, channel: str = "TILL") -> Priced:
    """A basket priced at Игора."""
    return price(znak_kachestva(), partner="igora", channel=channel, tier=tier, lines=lines)


def refused(programme: Programme, partner: str, channel: str, lines: list[BasketLine]) -> tuple[Code, str, str | None]:
    """Code, words and field of the refusal."""
    with pytest.raises(Refusal) as told:
        price(programme, partner=partner, channel=channel, tier=TIERS[0], lines=lines)
    return told.value.code, told.value.words, told.value.field


BASKETS = st.lists(st.builds(line, st.sampled_from(SOLD_AT_TILL), st.integers(0, 10**12 - 1)), min_size=1, max_size=100)


@given(BASKETS, st.sampled_from(TIERS))
def test_sums_are_sums_of_lines(basket: list[BasketLine], tier: str) -> None:
    """INV-08 on odd prices, against a naive count with fractions."""
    priced = at_igora(tier, *basket)
    rate = {"dreamer": 0, "pioneer": 5, "traveller": 10, "collector": 15}[tier]
    for sold, found in zip(basket, priced.lines, strict=True):
        assert found.discount == int(Fraction(sold.gross * rate, 100) + Fraction(1, 2))
        assert 0 <= found.discount <= found.gross == sold.gross
        assert found.net == found.gross - found.discount
        assert found.accumulates == (sold.service in ("restaurants", "ice-palace"))
    assert priced.gross == sum(found.gross for found in priced.lines)
    assert priced.discount == sum(found.discount for found in priced.lines)
    assert priced.net == sum(found.net for found in priced.lines) == priced.gross - priced.discount
    assert priced.accumulated == sum(found.net for found in priced.lines if found.accumulates)


@given(BASKETS, st.sampled_from(TIERS), st.data())
def test_the_order_of_lines_moves_no_sum(basket: list[BasketLine], tier: str, data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(basket))
    one, other = at_igora(tier, *basket), at_igora(tier, *shuffled)
    assert (one.gross, one.discount, one.net, one.accumulated) == (
        other.gross,
        other.discount,
        other.net,
        other.accumulated,
    )


@given(BASKETS)
def test_a_higher_tier_never_pays_more(basket: list[BasketLine]) -> None:
    nets = [at_igora(tier, *basket).net for tier in TIERS]
    assert nets == sorted(nets, reverse=True)


def test_the_receipt_behind_the_published_screen() -> None:
    """A-051, A-052: 541 ₽ were saved with the white card, nothing after it; 10 726 ₽ bought together."""
    lunch = line("restaurants", 10_820_00)
    then = price(plastic_past(), partner="igora", channel="TILL", tier="white", lines=[lunch])
    today = at_igora("dreamer", line("restaurants", 447_00))
    assert (then.discount, then.net, today.discount, today.net) == (541_00, 10_279_00, 0, 447_00)
    assert then.net + today.net == 10_726_00
    assert then.discount + today.discount == 541_00


def test_the_same_stay_counts_by_channel() -> None:
    """A-078, A-079: by phone the discount alone, in the cabinet both."""
    by_phone = at_igora("pioneer", line("stay", 10_000_00), channel="PHONE")
    in_cabinet = at_igora("pioneer", line("stay", 10_000_00), channel="CABINET")
    assert (by_phone.net, by_phone.accumulated) == (9_500_00, 0)
    assert (in_cabinet.net, in_cabinet.accumulated) == (9_500_00, 9_500_00)


def test_reasons_name_the_tier_or_what_is_missing() -> None:
    """A-073: what comes next is told with the tier it comes from."""
    now, later = at_igora("dreamer", line("spa", 100)), at_igora("traveller", line("spa", 100))
    assert now.lines[0].reasons[0] == Reason(
        ReasonCode.NO_DISCOUNT_YET, tier="dreamer", next="pioneer", basis_points=500
    )
    assert later.lines[0].reasons[0] == Reason(ReasonCode.DISCOUNT, tier="traveller", basis_points=1000)


def test_reasons_say_why_a_line_does_not_count() -> None:
    notes = znak_kachestva().notes
    spa, dinner = at_igora("dreamer", line("spa", 100), line("restaurants", 100)).lines
    why = spa.reasons[1]
    assert why.code is ReasonCode.DOES_NOT_COUNT
    assert why.note is not None
    assert notes[why.note].ru == "СПА-комплекс в накопление не входит."
    assert dinner.reasons[1] == Reason(ReasonCode.COUNTS)


@pytest.mark.parametrize(
    "reason",
    [
        Reason(ReasonCode.DISCOUNT, tier="pioneer", basis_points=500),
        Reason(ReasonCode.NO_DISCOUNT_YET, tier="dreamer", next="pioneer", basis_points=500),
        Reason(ReasonCode.NO_DISCOUNT),
        Reason(ReasonCode.DOES_NOT_COUNT, note=0),
    ],
)
def test_reasons_are_read_back_as_they_were_stored(reason: Reason) -> None:
    assert Reason.of(reason.stored()) == reason
    assert None not in reason.stored().values()


def test_a_basket_is_refused_by_field() -> None:
    programme, dinner = znak_kachestva(), line("restaurants", 100)
    assert refused(programme, "igora", "TILL", [dinner, line("sauna", 100)]) == (
        Code.SERVICE_NOT_SOLD_HERE,
        "basket.service_not_sold_here",
        "input.lines.1.service",
    )
    assert refused(programme, "dacha-vintera", "TILL", [line("spa", 100)])[0] is Code.SERVICE_NOT_SOLD_HERE
    assert refused(programme, "nobody", "TILL", [dinner])[0] is Code.SERVICE_NOT_SOLD_HERE
    assert refused(programme, "igora", "TILL", [dinner, line("stay", 100)]) == (
        Code.SERVICE_NOT_SOLD_HERE,
        "basket.channel_not_of_service",
        "input.lines.1.service",
    )


@pytest.mark.parametrize("count", [0, 101])
def test_a_basket_has_one_to_a_hundred_lines(count: int) -> None:
    assert refused(znak_kachestva(), "igora", "TILL", [line("spa", 1)] * count) == (
        Code.INVALID_INPUT,
        "basket.lines_count",
        "input.lines",
    )
    assert len(at_igora("dreamer", *[line("spa", 1)] * 100).lines) == 100


def test_a_line_is_read_as_a_till_writes_it() -> None:
    assert basket_line(0, service="spa", name="Сауна", quantity="1.5", gross=100) == BasketLine(
        "spa", "Сауна", 1500, 100
    )


@pytest.mark.parametrize(
    ("name", "quantity", "words", "field"),
    [
        ("Сауна", "0", "quantity.unreadable", "input.lines.3.quantity"),
        ("Сауна", "1,5", "quantity.unreadable", "input.lines.3.quantity"),
        (" ", "1", "text.empty", "input.lines.3.name"),
        ("я" * 201, "1", "text.too_long", "input.lines.3.name"),
        ("а\u202eб", "1", "text.characters", "input.lines.3.name"),
    ],
)
def test_a_line_is_refused_by_field(name: str, quantity: str, words: str, field: str) -> None:
    with pytest.raises(Refusal) as told:
        basket_line(3, service="spa", name=name, quantity=quantity, gross=100)
    assert (told.value.code, told.value.words, told.value.field) == (Code.INVALID_INPUT, words, field)


def test_prices_differ_when_a_line_does() -> None:
    as_dreamer = at_igora("dreamer", line("spa", 100_00))
    as_pioneer = at_igora("pioneer", line("spa", 100_00))
    assert prices_alike(as_dreamer, at_igora("dreamer", line("spa", 100_00)))
    assert not prices_alike(as_dreamer, as_pioneer)
    assert prices_alike(at_igora("dreamer", line("spa", 1)), at_igora("pioneer", line("spa", 1)))  # both cost a kopeck


def test_twenty_lines_are_priced_far_below_a_millisecond() -> None:
    basket = [line(SOLD_AT_TILL[place % 4], 12_345 * (place + 1)) for place in range(20)]
    rounds, best = 50, 1.0
    for _ in range(10):
        begun = perf_counter()
        for _ in range(rounds):
            at_igora("collector", *basket)
        best = min(best, (perf_counter() - begun) / rounds)
    assert best < 0.0005


def test_a_receipt_comes_to_no_more_than_a_sum_can_say() -> None:
    programme, most = znak_kachestva(), 10**14 - 1
    whole = price(programme, partner="igora", channel="TILL", tier="dreamer", lines=[line("restaurants", most)])
    assert whole.gross == most
    more = [line("restaurants", most), line("restaurants", 1)]
    assert refused(programme, "igora", "TILL", more) == (Code.INVALID_INPUT, "basket.too_much", "input.lines")
