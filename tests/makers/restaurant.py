"""A restaurant with its guest: what tests of the interface for plugins begin with."""

from datetime import timedelta
from pathlib import Path

from models import database
from services import programmes
from services.pos import menu
from services.resources import Resources
from tests.makers.people import MadeMember, make_member, make_till
from tests.makers.plugins import Clock
from tests.makers.programme import FILES, make_programme
from tests.makers.purchases import dinner, make_purchase

OUTLET = "igora-restaurant"


async def make_regular(resources: Resources, clock: Clock) -> MadeMember:
    """A guest with 5 %: the tier after a hundred thousand. The outlet sells everything as `restaurants`."""
    await make_programme(clock() - timedelta(days=30))
    made = await make_member(clock() - timedelta(days=20))
    desk, _ = await make_till(clock(), outlet="igora-spa")
    await make_purchase(resources, desk, made, [dinner(100_000)], clock() - timedelta(days=10))
    await menu.say(OUTLET, menu.DEFAULT, "restaurants", clock() - timedelta(days=5))
    return made


async def take_phones(folder: Path, clock: Clock) -> None:
    """From now on the programme takes told numbers; nothing else of it changes."""
    file = folder / "by-phone.yaml"
    text = (FILES / "znak-kachestva.yaml").read_text(encoding="utf-8")
    file.write_text(f"{text}\nidentify: [QR, PHONE]\n", encoding="utf-8")
    applied = await programmes.apply(file, clock())
    assert applied.version is not None, applied.checked


async def sold() -> list[tuple[str, int, int]]:
    """(receipt, net, refunded) of every purchase of the restaurant."""
    rows = await database.fetch(
        "SELECT receipt_number, net, refunded_net FROM purchase WHERE outlet = $1 ORDER BY closed_at, receipt_number",
        OUTLET,
    )
    return [tuple(row) for row in rows]
