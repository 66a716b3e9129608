"""A year of an invented guest: receipts and returns in order of time, ending with a counted sum known in advance.

Pure but for the random numbers, which are seeded: two demos of one day tell the same stories.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from api.demo.scene import ROUBLE, Person, Place, Scene
from loyalty.money import discount_of
from loyalty.programme import Programme
from loyalty.purchases import BasketLine, Priced, price
from loyalty.tiers import tier_at

DAYS: Final = 350
REFUND_SHARE: Final = 0.04
SPENDS_SHARE: Final = 0.5
_SMALLEST: Final = 300 * ROUBLE


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt of the story, priced; `returned` is the place of the line that came back a few days later."""

    place: Place
    closed_at: datetime
    priced: Priced
    tier: str
    before: int
    returned: int | None
    tender: str = "CARD"
    spends: bool = False


def year_of(person: Person, scene: Scene, programme: Programme, today: datetime) -> Iterator[Receipt]:
    """The receipts of one person, oldest first. Counted sums, less returns, come to `person.accumulated` exactly."""
    random = Random(person.login)  # noqa: S311 - a story, not a secret
    counted = 0
    moments = _moments(random, person, today)
    for moment in moments[:-1]:
        left = person.accumulated - counted
        place = random.choices(scene.places, [each.weight for each in scene.places])[0]
        lines = _basket(random, place, ceiling=max(_SMALLEST, left // 3), floor=_typical(person))
        receipt = _receipt(programme, place, moment, lines, counted)
        keeps = receipt.priced.accumulated
        if keeps > left - _SMALLEST:
            continue
        returned = None
        if random.random() < REFUND_SHARE:
            returned = random.randrange(len(lines))
            line = receipt.priced.lines[returned]
            keeps -= line.net if line.accumulates else 0
        counted += keeps
        tender = _tender(random, scene, receipt.priced.net)
        spends = (
            place.partner in scene.spending
            and person.login not in scene.shown_logins
            and random.random() < SPENDS_SHARE
        )
        yield replace(receipt, returned=returned, tender=tender, spends=spends)
    if person.accumulated > counted:
        parts = _parts(random, person.accumulated - counted)
        yield from _close(programme, scene, moments[-1], parts, counted)


def _parts(random: Random, left: int) -> Iterator[int]:
    while left > 0:
        part = left if left <= 60_000 * ROUBLE else random.randrange(20_000, 50_000) * ROUBLE
        yield part
        left -= part


def _close(
    programme: Programme, scene: Scene, moment: datetime, parts: Iterator[int], counted: int
) -> Iterator[Receipt]:
    """The last receipts: of a size one could pay, down to the kopeck."""
    place = scene.closing
    for part in parts:
        tier = tier_at(programme, counted)
        rule = programme.rule(place.partner, place.service, place.channel, tier.id)
        assert rule is not None  # noqa: S101 - the programme of the demo sells at its closing place
        gross = part * 10_000 // (10_000 - rule.basis_points)
        while gross - discount_of(gross, rule.basis_points) < part:
            gross += 1
        name = scene.closing_lines[part <= 15_000 * ROUBLE]
        yield _receipt(programme, place, moment, [BasketLine(place.service, name, 1000, gross)], counted)
        counted, moment = counted + part, moment + timedelta(hours=2)


def _typical(person: Person) -> int:
    return 3 if person.accumulated > 500_000 * ROUBLE else 1


def _moments(random: Random, person: Person, today: datetime) -> list[datetime]:
    often = 6 + min(110, person.accumulated // (16_000 * ROUBLE)) if person.accumulated else 1
    days = sorted(random.sample(range(4, DAYS), often), reverse=True)
    return [
        today - timedelta(days=day) + timedelta(hours=random.randrange(9, 20), minutes=random.randrange(60))
        for day in days
    ]


def _basket(random: Random, place: Place, *, ceiling: int, floor: int) -> list[BasketLine]:
    lines: list[BasketLine] = []
    gross = 0
    for name, low, high in random.sample(place.goods, random.randrange(1, len(place.goods) + 1)):
        quantity = random.randrange(floor, floor + 3)
        amount = random.randrange(low, high) // 10 * 10 * ROUBLE * quantity
        if lines and gross + amount > ceiling:
            continue
        lines.append(BasketLine(place.service, name, quantity * 1000, amount))
        gross += amount
    return lines


def _receipt(programme: Programme, place: Place, moment: datetime, lines: list[BasketLine], counted: int) -> Receipt:
    tier = tier_at(programme, counted)
    priced = price(programme, partner=place.partner, channel=place.channel, tier=tier.id, lines=lines)
    return Receipt(place, moment, priced, tier.id, counted, None)


def _tender(random: Random, scene: Scene, net: int) -> str:
    """How it was paid: the first kind of the scene that its chance picks."""
    if len(scene.tenders) == 1:
        return scene.tenders[0].kind
    open_ones = [share for share in scene.tenders if net >= share.roubles_from * ROUBLE]
    return next(share.kind for share in open_ones if random.randrange(100) < share.of_hundred)
