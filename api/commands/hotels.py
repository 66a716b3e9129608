"""`kunak hotels`: hotels that are connected, how their bookings stand, where events are posted, and what of them was put aside."""

from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import in_house, out, with_resources
from integrations.travelline.events import HOOK_PATH
from services import programmes
from services.bookings import events, overview
from services.bookings.overview import Line
from services.resources import Resources

app = typer.Typer(help="Hotels that are booked in the cabinet (TravelLine).", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Hotels that are booked in the cabinet."""


@app.command("list")
def list_() -> None:
    """List the hotels: partner, property, when it and its changes were read, and how many bookings of members stand how.

    Below a hotel stand the stays of which it told no check-out.
    """
    for one in with_resources(_look):
        read = "never read" if one.synced_at is None else f"read {one.synced_at:%Y-%m-%d %H:%M} UTC"
        changes = "changes never read" if one.looked_at is None else f"changes read {one.looked_at:%Y-%m-%d %H:%M} UTC"
        states = ", ".join(f"{state} {count}" for state, count in one.bookings) or "no bookings"
        typer.echo(f"{one.partner}\t{one.property_id}\t{read}\t{changes}\t{states}")
        for number, counts in one.without_end:
            typer.echo(f"\t{number}\tno check-out was told, counts {counts:%Y-%m-%d %H:%M} UTC")


@app.command()
def hook() -> None:
    """Tell the address and the key that a hotel writes into its account for webhooks."""
    address, key = with_resources(_hook)
    out.print(f"address  {address}\nAPI-KEY  {key}", markup=False)


@app.command()
def aside(limit: Annotated[int, typer.Option(help="How many at most.")] = 50) -> None:
    """List events of hotels that were put aside: what, booking, property, when, why."""
    for one in in_house(lambda _: events.aside(limit)):
        what = f"{one['kind']}\t{one['number'] or '—'}\t{one['property_id'] or '—'}"
        typer.echo(f"{what}\t{one['received_at']:%Y-%m-%d %H:%M} UTC\t{one['fault']}")


@app.command()
def replay() -> None:
    """Apply anew what was put aside, after a hotel was written into the programme; tick off what could not be read."""
    out.print(f"{in_house(lambda _: events.replay(now()))} are looked at anew", markup=False)


async def _look(_resources: Resources) -> list[Line]:
    return await overview.lines(await programmes.current(now()))


async def _hook(resources: Resources) -> tuple[str, str]:
    return f"{resources.base_url}{HOOK_PATH}", events.key_of(resources.keyring)
