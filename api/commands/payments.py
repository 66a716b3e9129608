"""`kunak payments`: how payments and refunds stand, and where the acquirer posts its notifications."""

import typer

from api.commands.telling import out, with_resources
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


async def _look(_resources: Resources) -> list[tuple[str, str, int, int]]:
    return await following.waiting()


async def _hook(resources: Resources) -> str:
    return events.callback_url(resources.base_url, resources.keyring)
