"""`kunak hotels`: which hotels are connected, how their bookings stand, and where their systems post events."""

import typer

from api.clock import now
from api.commands.telling import out, with_resources
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
    """List the hotels: partner, property, when it was read, and how many bookings of members stand how."""
    for one in with_resources(_look):
        read = "never read" if one.synced_at is None else f"read {one.synced_at:%Y-%m-%d %H:%M} UTC"
        states = ", ".join(f"{state} {count}" for state, count in one.bookings) or "no bookings"
        typer.echo(f"{one.partner}\t{one.property_id}\t{read}\t{states}")


@app.command()
def hook() -> None:
    """Tell the address and the key that a hotel writes into its account for webhooks."""
    address, key = with_resources(_hook)
    out.print(f"address  {address}\nAPI-KEY  {key}", markup=False)


async def _look(_resources: Resources) -> list[Line]:
    return await overview.lines(await programmes.current(now()))


async def _hook(resources: Resources) -> tuple[str, str]:
    return f"{resources.base_url}{HOOK_PATH}", events.key_of(resources.keyring)
