"""The columns of a file of operations."""

from typing import Final
from zoneinfo import ZoneInfo

from graph.staff.types import Scope
from graph.words import Locale
from loyalty.programme import Programme
from loyalty.scopes import Scope as Place
from services import sheets
from services.operations.listing import Operation
from services.sheets import Dialect

HEADS: Final = tuple(
    f"operations.head.{name}"
    for name in (
        *("at", "day", "receipt", "place", "till", "channel", "card"),
        *("gross", "discount", "net", "refunded", "counted", "earned", "spent"),
    )
)
"""The sentences over the columns."""


def row(found: Operation, programme: Programme, locale: Locale, dialect: Dialect) -> list[sheets.Cell]:
    """A receipt; its moment in the zone of its outlet."""
    outlet = programme.outlets_by_id.get(found.outlet)
    zone = ZoneInfo(programme.time_zone if outlet is None else outlet.time_zone)
    place = Scope.of(Place((found.partner, found.outlet)), programme, locale)
    return [
        f"{found.closed_at.astimezone(zone):%Y-%m-%d %H:%M:%S}",
        found.business_date.isoformat(),
        sheets.text(found.receipt_number),
        sheets.text(place.name),
        sheets.text(found.till),
        found.channel,
        found.card,
        *(
            sheets.money(sum_, dialect)
            for sum_ in (found.gross, found.discount, found.net, found.refunded, found.accumulated)
        ),
        found.earned or 0,
        found.spent or 0,
    ]
