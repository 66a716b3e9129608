"""Returning all or a part of a receipt, so that any order of part returns ends in the same sums.

Of a sold part Q and an amount X tied to it, q returned so far reverse floor(X · q / Q): never negative, exact at q = Q. What
points paid of a line follows its net the same way, so that no return asks the guest for money.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from loyalty.refusals import Code, Refusal


class Measure(StrEnum):
    """In what a line is returned. Its first return fixes it."""

    QUANTITY = "QUANTITY"  # thousandths
    NET = "NET"  # kopecks of what was paid


@dataclass(frozen=True, slots=True)
class PointsParts:
    """What points had to do with a line: kopecks they paid, how many that took, and how many it earned."""

    paid: int = 0
    spent: int = 0
    earned: int = 0


NO_POINTS = PointsParts()


@dataclass(frozen=True, slots=True)
class SoldLine:
    """A sold line and what was returned of it so far; `refunded_part` is cumulative in its measure."""

    id: str
    quantity: int
    net: int
    discount: int
    accumulates: bool
    measure: Measure | None = None
    refunded_part: int = 0
    refunded_net: int = 0
    refunded_discount: int = 0
    points: PointsParts | None = None
    refunded_points: PointsParts = NO_POINTS


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """A wish: one line, and either a quantity in thousandths or a sum in kopecks, for this return alone."""

    line: str
    quantity: int | None = None
    net: int | None = None


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """What a return does to a line: the part in its measure, and the amounts it reverses."""

    line: str
    measure: Measure
    part: int
    net: int
    discount: int
    accumulated: int
    points: PointsParts | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """A computed return. The sums are the sums of its lines."""

    lines: tuple[ReturnedLine, ...]
    net: int
    discount: int
    accumulated: int

    @property
    def points(self) -> PointsParts | None:
        """What goes back and is taken back in points; None where points had no part in what returns."""
        parts = [line.points for line in self.lines if line.points is not None]
        if not parts:
            return None
        return PointsParts(
            paid=sum(part.paid for part in parts),
            spent=sum(part.spent for part in parts),
            earned=sum(part.earned for part in parts),
        )


def refund(sold: Sequence[SoldLine], wanted: Sequence[ReturnLine] | None) -> Returned:
    """Return the wanted parts; without wishes (none, or an empty list), all that is left."""
    lines = _wanted(sold, wanted) if wanted else _all_left(sold)
    return Returned(
        lines=lines,
        net=sum(line.net for line in lines),
        discount=sum(line.discount for line in lines),
        accumulated=sum(line.accumulated for line in lines),
    )


def whole_of(line: SoldLine, measure: Measure) -> int:
    """The sold part of a line in a measure: the Q of the formula."""
    return line.quantity if measure is Measure.QUANTITY else line.net


def _all_left(sold: Sequence[SoldLine]) -> tuple[ReturnedLine, ...]:
    lines = []
    for line in sold:
        measure = line.measure or Measure.QUANTITY
        part = whole_of(line, measure) - line.refunded_part
        if part > 0:
            lines.append(_returned(line, measure, part))
    if not lines:
        raise Refusal(Code.REFUND_EXCEEDS_SALE, "refund.nothing_left", field="input")
    return tuple(lines)


def _wanted(sold: Sequence[SoldLine], wanted: Sequence[ReturnLine]) -> tuple[ReturnedLine, ...]:
    if len(wanted) > len(sold):
        raise Refusal(Code.INVALID_INPUT, "refund.too_many_lines", field="input.lines")
    by_id = {line.id: line for line in sold}
    seen: set[str] = set()
    lines = []
    for position, wish in enumerate(wanted):
        path = f"input.lines.{position}"
        line = by_id.get(wish.line)
        if line is None:
            raise Refusal(Code.INVALID_INPUT, "refund.line_unknown", field=f"{path}.line")
        if wish.line in seen:
            raise Refusal(Code.INVALID_INPUT, "refund.line_twice", field=f"{path}.line")
        seen.add(wish.line)
        lines.append(_one(line, wish, path))
    return tuple(lines)


def _one(line: SoldLine, wish: ReturnLine, path: str) -> ReturnedLine:
    if (wish.quantity is None) == (wish.net is None):
        raise Refusal(Code.INVALID_INPUT, "refund.one_measure", field=path)
    if wish.quantity is not None:
        measure, part, field = Measure.QUANTITY, wish.quantity, f"{path}.quantity"
    else:
        measure, part, field = Measure.NET, wish.net or 0, f"{path}.net"
    if part <= 0:
        raise Refusal(Code.INVALID_INPUT, "refund.above_zero", field=field)
    if line.measure is not None and line.measure is not measure:
        words = "refund.measure_is_quantity" if line.measure is Measure.QUANTITY else "refund.measure_is_net"
        raise Refusal(Code.INVALID_INPUT, words, field=field)
    if line.refunded_part + part > whole_of(line, measure):
        raise Refusal(Code.REFUND_EXCEEDS_SALE, "refund.exceeds_sale", field=field)
    return _returned(line, measure, part)


def _returned(line: SoldLine, measure: Measure, part: int) -> ReturnedLine:
    whole, total = whole_of(line, measure), line.refunded_part + part
    net = line.net * total // whole - line.refunded_net
    discount = line.discount * total // whole - line.refunded_discount
    points = _points(line, line.refunded_net + net, total, whole)
    return ReturnedLine(line.id, measure, part, net, discount, net if line.accumulates else 0, points)


def _points(line: SoldLine, net: int, total: int, whole: int) -> PointsParts | None:
    """What this return reverses, after which `net` and `total` of the line are back."""
    sold, back = line.points, line.refunded_points
    if sold is None:
        return None
    return PointsParts(
        paid=(sold.paid * net // line.net if line.net else 0) - back.paid,
        spent=sold.spent * total // whole - back.spent,
        earned=sold.earned * total // whole - back.earned,
    )
