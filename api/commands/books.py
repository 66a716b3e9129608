"""`kunak books`: whether the ledger keeps its promises."""

import typer

from api.clock import now
from api.commands.telling import err, in_house
from services import ledger

app = typer.Typer(help="The ledger.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The ledger."""


@app.command()
def check() -> None:
    """Check every invariant of the ledger. Prints what breaks one and ends with 1; silence and 0 mean it balances."""
    with err.status("checking the books"):
        findings = in_house(lambda _: ledger.check_books(now()))
    for finding in findings:
        typer.echo(f"{finding.check}\t{finding.subject}\t{finding.detail}")
    if findings:
        raise typer.Exit(1)
    err.print("the books balance")
