"""Returns: any order of parts ends in the same sums, nothing is returned twice, and every refusal names its field."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from loyalty.refunds import Measure, Returned, ReturnedLine, ReturnLine, SoldLine, refund, whole_of
from loyalty.refusals import Code, Refusal

LINE = SoldLine(id="a", quantity=3000, net=9500, discount=500, accumulates=True)


@st.composite
def sold_lines(draw: st.DrawFn, name: str = "a") -> SoldLine:
    """A sold line with odd prices."""
    return SoldLine(
        id=name,
        quantity=draw(st.integers(1, 10**9)),
        net=draw(st.integers(0, 10**14)),
        discount=draw(st.integers(0, 10**14)),
        accumulates=draw(st.booleans()),
    )


def after(line: SoldLine, returned: ReturnedLine) -> SoldLine:
    """The line with a return booked on it."""
    return replace(
        line,
        measure=returned.measure,
        refunded_part=line.refunded_part + returned.part,
        refunded_net=line.refunded_net + returned.net,
        refunded_discount=line.refunded_discount + returned.discount,
    )


def wish(line: SoldLine, measure: Measure, part: int) -> ReturnLine:
    """A wish for a part in a measure."""
    return ReturnLine(line.id, quantity=part) if measure is Measure.QUANTITY else ReturnLine(line.id, net=part)


def refused(sold: list[SoldLine], wanted: list[ReturnLine] | None) -> tuple[Code, str, str | None]:
    """Code, words and field of the refusal."""
    with pytest.raises(Refusal) as told:
        refund(sold, wanted)
    return told.value.code, told.value.words, told.value.field


@given(st.data(), sold_lines(), st.sampled_from(Measure))
def test_any_cutting_ends_in_the_whole(data: st.DataObject, line: SoldLine, measure: Measure) -> None:
    """INV-10: never negative, never more than sold, exact at the end, accumulated follows net."""
    whole, booked, net, discount, accumulated = whole_of(line, measure), line, 0, 0, 0
    while booked.refunded_part < whole:
        part = data.draw(st.integers(max(1, (whole - booked.refunded_part) // 3), whole - booked.refunded_part))
        returned = refund([booked], [wish(line, measure, part)])
        assert returned.net >= 0
        assert returned.discount >= 0
        assert returned.accumulated == (returned.net if line.accumulates else 0)
        booked = after(booked, returned.lines[0])
        net, discount, accumulated = (
            net + returned.net,
            discount + returned.discount,
            accumulated + returned.accumulated,
        )
        assert net == line.net * booked.refunded_part // whole
        assert discount == line.discount * booked.refunded_part // whole
    if whole:
        assert (net, discount) == (line.net, line.discount)
        assert accumulated == (line.net if line.accumulates else 0)


@given(sold_lines(), st.lists(st.integers(1, 10**8), min_size=2, max_size=6))
def test_the_order_of_parts_does_not_matter(line: SoldLine, parts: list[int]) -> None:
    line = replace(line, quantity=sum(parts))

    def total(order: list[int]) -> SoldLine:
        booked = line
        for part in order:
            booked = after(booked, refund([booked], [ReturnLine("a", quantity=part)]).lines[0])
        return booked

    assert total(parts) == total(sorted(parts)) == total(parts[::-1])


@given(sold_lines("a"), sold_lines("b"), st.integers(0, 1000))
def test_without_wishes_all_that_is_left_is_returned(first: SoldLine, second: SoldLine, share: int) -> None:
    """A part returned by sum or by pieces before makes no difference to the end."""
    sold = [first, second]
    part = first.net * share // 1000
    if part:
        sold[0] = after(first, refund(sold, [ReturnLine("a", net=part)]).lines[0])
    rest: Returned = refund(sold, None)
    assert rest.net == first.net + second.net - sold[0].refunded_net
    assert rest.discount == first.discount + second.discount - sold[0].refunded_discount
    done = [after(line, found) for line in sold for found in rest.lines if found.line == line.id]
    assert refused(done, None)[0] is Code.REFUND_EXCEEDS_SALE


def test_a_third_of_a_line_returned_three_times() -> None:
    booked, steps = LINE, []
    for _ in range(3):
        returned = refund([booked], [ReturnLine("a", quantity=1000)])
        steps.append((returned.net, returned.discount))
        booked = after(booked, returned.lines[0])
    assert steps == [(3166, 166), (3167, 167), (3167, 167)]


def test_sixty_of_a_hundred_is_returned_once() -> None:
    line = SoldLine(id="a", quantity=1000, net=10000, discount=0, accumulates=True)
    booked = after(line, refund([line], [ReturnLine("a", net=6000)]).lines[0])
    assert refused([booked], [ReturnLine("a", net=6000)]) == (
        Code.REFUND_EXCEEDS_SALE,
        "refund.exceeds_sale",
        "input.lines.0.net",
    )
    assert refund([booked], [ReturnLine("a", net=4000)]).net == 4000


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ([ReturnLine("z", net=1)], (Code.INVALID_INPUT, "refund.line_unknown", "input.lines.0.line")),
        ([ReturnLine("a")], (Code.INVALID_INPUT, "refund.one_measure", "input.lines.0")),
        ([ReturnLine("a", quantity=1, net=1)], (Code.INVALID_INPUT, "refund.one_measure", "input.lines.0")),
        ([ReturnLine("a", net=0)], (Code.INVALID_INPUT, "refund.above_zero", "input.lines.0.net")),
        ([ReturnLine("a", quantity=3001)], (Code.REFUND_EXCEEDS_SALE, "refund.exceeds_sale", "input.lines.0.quantity")),
        ([ReturnLine("a", net=9501)], (Code.REFUND_EXCEEDS_SALE, "refund.exceeds_sale", "input.lines.0.net")),
        (
            [ReturnLine("a", net=1), ReturnLine("a", net=1)],
            (Code.INVALID_INPUT, "refund.line_twice", "input.lines.1.line"),
        ),
        ([ReturnLine("a", net=1)] * 3, (Code.INVALID_INPUT, "refund.too_many_lines", "input.lines")),
    ],
)
def test_a_wrong_wish_is_refused_by_field(wanted: list[ReturnLine], expected: tuple[Code, str, str]) -> None:
    assert refused([LINE, replace(LINE, id="b")], wanted) == expected


@pytest.mark.parametrize(
    ("measure", "other", "words", "field"),
    [
        (Measure.QUANTITY, ReturnLine("a", net=1), "refund.measure_is_quantity", "input.lines.0.net"),
        (Measure.NET, ReturnLine("a", quantity=1), "refund.measure_is_net", "input.lines.0.quantity"),
    ],
)
def test_the_first_return_fixes_the_measure(measure: Measure, other: ReturnLine, words: str, field: str) -> None:
    booked = after(LINE, refund([LINE], [wish(LINE, measure, 1000)]).lines[0])
    assert refused([booked], [other]) == (Code.INVALID_INPUT, words, field)
    rest = refund([booked], None)
    assert booked.refunded_net + rest.net == LINE.net
    assert rest.lines[0].measure is measure


def test_a_line_that_cost_nothing_is_returned_by_pieces() -> None:
    gift = SoldLine(id="g", quantity=1000, net=0, discount=500, accumulates=False)
    assert refused([gift], [ReturnLine("g", net=1)])[0] is Code.REFUND_EXCEEDS_SALE
    assert refund([gift], None) == Returned((ReturnedLine("g", Measure.QUANTITY, 1000, 0, 500, 0),), 0, 500, 0)
