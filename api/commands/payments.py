"""`kunak payments`: how payments and refunds stand, where the acquirer posts its notifications, and what of them was put aside."""

from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import in_house, out, with_resources
from loyalty.money import print_money
from services.payments import events, following
from services.resources import Resources

app = typer.Typer(help="Payments by the acquirer (YooKassa).", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Payments by the acquirer."""


@app.command("list")
def list_() -> None:
    """List how many payments and refunds stand how, and for how much: for what, state, number, roubles."""
    for kind, state, count, amount in with_resources(_look):
        typer.echo(f"{kind}\t{state}\t{count}\t{print_money(amount)}")


@app.command()
def hook() -> None:
    """Tell the address that an operator writes into the shop's account for notifications."""
    out.print(f"address  {with_resources(_hook)}", markup=False)


@app.command()
def aside(limit: Annotated[int, typer.Option(help="How many at most.")] = 50) -> None:
    """List notifications that were put aside: what, which object of the acquirer's, when, why."""
    for one in in_house(lambda _: events.aside(limit)):
        typer.echo(f"{one['event']}\t{one['object_id']}\t{one['received_at']:%Y-%m-%d %H:%M} UTC\t{one['fault']}")


@app.command()
def replay() -> None:
    """Look anew at what was put aside, and tick off what could not be read."""
    out.print(f"{in_house(lambda _: events.replay(now()))} are looked at anew", markup=False)


async def _look(_resources: Resources) -> list[tuple[str, str, int, int]]:
    return await following.waiting()


async def _hook(resources: Resources) -> str:
    return events.callback_url(resources.base_url, resources.keyring)
