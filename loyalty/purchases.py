"""Pricing a basket: the rule of each line, its discount half up, and the sums of the lines. No balance is asked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

from loyalty.money import discount_of, parse_quantity
from loyalty.points import PointsLine
from loyalty.programme import Partner, Programme
from loyalty.promotions.occasion import Outcome, Part, State
from loyalty.reasons import Reason, ReasonCode
from loyalty.refusals import Code, Refusal
from loyalty.texts import clean

LINES_MAX = 100
LINE_NAME_MAX = 200
GROSS_MAX = 10**14 - 1  # what a sum of the contract can say: twelve digits of roubles


@dataclass(frozen=True, slots=True)
class BasketLine:
    """What a till says about a line: the whole sum before discount. The quantity serves returns and multiplies nothing."""

    service: str
    name: str
    quantity: int
    gross: int


@dataclass(frozen=True, slots=True)
class PricedLine:
    """A line with its answer: what is taken off, what is paid, whether it counts, and why. Rates in basis points."""

    service: str
    name: str
    quantity: int
    gross: int
    discount: int
    net: int
    accumulates: bool
    basis_points: int
    reasons: tuple[Reason, ...]
    earns: int = 0
    redeem_cap: int = 0
    parts: tuple[Part, ...] = ()

    @property
    def gift(self) -> int:
        """Points that campaigns add to what the line earns."""
        return sum(part.points for part in self.parts)


@dataclass(frozen=True, slots=True)
class Priced:
    """A priced basket. The sums are the sums of the lines, never computed again from a rate."""

    lines: tuple[PricedLine, ...]
    gross: int
    discount: int
    net: int
    accumulated: int
    outcomes: tuple[Outcome, ...] = ()

    @classmethod
    def of(cls, lines: Sequence[PricedLine], outcomes: tuple[Outcome, ...] = ()) -> Self:
        """The basket of these lines."""
        return cls(
            tuple(lines),
            gross=sum(line.gross for line in lines),
            discount=sum(line.discount for line in lines),
            net=sum(line.net for line in lines),
            accumulated=sum(line.net for line in lines if line.accumulates),
            outcomes=outcomes,
        )

    @property
    def points_lines(self) -> tuple[PointsLine, ...]:
        """What points need to know of the lines."""
        return tuple(PointsLine(line.net, line.earns, line.redeem_cap, line.gift) for line in self.lines)


def basket_line(position: int, *, service: str, name: str, quantity: str, gross: int) -> BasketLine:
    """A line of a till's basket, or a refusal that names the field of the line at `position`."""
    path = f"input.lines.{position}"
    try:
        thousandths = parse_quantity(quantity)
    except ValueError:
        raise Refusal(Code.INVALID_INPUT, "quantity.unreadable", field=f"{path}.quantity") from None
    written = clean(name, field=f"{path}.name", length_max=LINE_NAME_MAX)
    return BasketLine(service=service, name=written, quantity=thousandths, gross=gross)


def price(programme: Programme, *, partner: str, channel: str, tier: str, lines: Sequence[BasketLine]) -> Priced:
    """Price every line by the one rule of its cell."""
    if not 1 <= len(lines) <= LINES_MAX:
        raise Refusal(Code.INVALID_INPUT, "basket.lines_count", field="input.lines", lines_max=LINES_MAX)
    cells = programme.cells
    priced: list[PricedLine] = []
    gross = discount = accumulated = 0
    for position, line in enumerate(lines):
        cell = cells.get((partner, line.service, channel, tier))
        if cell is None:
            raise _no_answer(programme.partners_by_id.get(partner), line.service, position)
        rule = cell.rule
        off = discount_of(line.gross, rule.basis_points)
        gross += line.gross
        discount += off
        if rule.accumulates:
            accumulated += line.gross - off
        priced.append(
            PricedLine(
                service=line.service,
                name=line.name,
                quantity=line.quantity,
                gross=line.gross,
                discount=off,
                net=line.gross - off,
                accumulates=rule.accumulates,
                basis_points=rule.basis_points,
                reasons=cell.reasons,
                earns=rule.earns,
                redeem_cap=rule.redeem_cap,
            )
        )
    if gross > GROSS_MAX:
        raise Refusal(Code.INVALID_INPUT, "basket.too_much", field="input.lines")
    return Priced(tuple(priced), gross=gross, discount=discount, net=gross - discount, accumulated=accumulated)


def prices_alike(one: Priced, other: Priced) -> bool:
    """Whether no line changed its sums, its gifts or its counting: only such a change is a new price for the guest."""
    return len(one.lines) == len(other.lines) and all(
        (a.discount, a.net, a.accumulates, a.gift) == (b.discount, b.net, b.accumulates, b.gift)
        for a, b in zip(one.lines, other.lines, strict=True)
    )


def as_given(priced: Priced, given: Sequence[int]) -> Priced | None:
    """The price as a till gave it: the whole discount, however it spread it, or line by line the rule's or none.

    None for anything else: no till makes discounts of its own.
    """
    if sum(given) == priced.discount:
        return priced
    if any(one not in (0, line.discount) for one, line in zip(given, priced.lines, strict=True)):
        return None
    lines = tuple(
        line if one == line.discount else _without_discount(line) for one, line in zip(given, priced.lines, strict=True)
    )
    discount = sum(line.discount for line in lines)
    counted = sum(line.net for line in lines if line.accumulates)
    return replace(priced, lines=lines, discount=discount, net=priced.gross - discount, accumulated=counted)


def as_promised(priced: Priced, promised: Sequence[PricedLine], outcomes: Sequence[Outcome]) -> Priced:
    """The price of a closed basket in which every line that was quoted keeps what it was promised by campaigns.

    A line is the quoted one where service, quantity and sum are; any other has the rule's price alone.
    """
    left = list(promised)
    lines = []
    for line in priced.lines:
        asked = (line.service, line.quantity, line.gross)
        same = next((one for one in left if (one.service, one.quantity, one.gross) == asked), None)
        if same is None:
            lines.append(line)
            continue
        left.remove(same)
        kept = replace(same, name=line.name, earns=same.earns if same.parts else line.earns, redeem_cap=line.redeem_cap)
        lines.append(kept)
    return Priced.of(lines, tuple(outcomes))


def with_what_was_given(priced: Priced) -> Priced:
    """The outcomes of campaigns by what is left of them on the lines: a discount that no line has was not given."""
    told = []
    for outcome in priced.outcomes:
        parts = [part for line in priced.lines for part in line.parts if part.campaign == outcome.campaign]
        if outcome.state is State.APPLIED and not parts:
            reason = Reason(ReasonCode.NOT_GIVEN, campaign=outcome.campaign)
            told.append(Outcome(outcome.campaign, State.LOST, (reason,)))
        elif outcome.state is State.APPLIED:
            discount, points = sum(part.amount for part in parts), sum(part.points for part in parts)
            told.append(replace(outcome, discount=discount, points=points))
        else:
            told.append(outcome)
    return replace(priced, outcomes=tuple(told))


def _without_discount(line: PricedLine) -> PricedLine:
    given = {ReasonCode.DISCOUNT, ReasonCode.CAMPAIGN}
    reasons = dict.fromkeys(Reason(ReasonCode.NOT_GIVEN) if one.code in given else one for one in line.reasons)
    parts = tuple(part for part in line.parts if not part.amount)
    return replace(line, discount=0, net=line.gross, basis_points=0, reasons=tuple(reasons), parts=parts)


def _no_answer(partner: Partner | None, service: str, position: int) -> Refusal:
    field = f"input.lines.{position}.service"
    if partner is None or service not in partner.services_by_id:
        return Refusal(Code.SERVICE_NOT_SOLD_HERE, "basket.service_not_sold_here", field=field)
    return Refusal(Code.SERVICE_NOT_SOLD_HERE, "basket.channel_not_of_service", field=field)
