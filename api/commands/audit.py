"""`kunak audit`: the log of the staff."""

from typing import Annotated

import typer

from api.commands.telling import complain, in_house, out
from services import audit

app = typer.Typer(help="The log of the staff.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The log of the staff."""


@app.command()
def check(
    expect: Annotated[
        str | None,
        typer.Option(help="What an earlier check printed, `number:hash`: tells whether the end was cut off."),
    ] = None,
) -> None:
    """Follow the chain of hashes from the first event to the last; ends with 1 if it is broken."""
    number, colon, digest = (expect or "").partition(":")
    if expect is not None and not (colon and number.isascii() and number.isdigit() and digest):
        raise typer.BadParameter("is number:hash, as an earlier check printed it", param_hint="--expect")
    checked = in_house(lambda _: audit.check(expected=None if expect is None else (int(number), digest)))
    for finding in checked.findings:
        complain(f"event {finding.sequence} {finding.what}")
    out.print(f"{checked.events} events, the last is {checked.head}:{checked.digest}")
    if checked.findings:
        raise typer.Exit(1)
