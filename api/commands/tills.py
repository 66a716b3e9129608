"""`kunak till`: tills and their keys."""

from typing import Annotated, cast
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import complain, in_house, out
from services import tills
from services.tills import TillKind

app = typer.Typer(help="Tills and their keys.", no_args_is_help=True)
KINDS = ("ORDINARY", "SYSTEM")


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="What people call it, for example «Касса 1».")],
    partner: Annotated[str, typer.Option(help="Slug of the partner in the programme.")],
    outlet: Annotated[str, typer.Option(help="Slug of the partner's outlet.")],
    channel: Annotated[list[str], typer.Option(help="A channel it sells through; repeat it for more.")],
    kind: Annotated[str, typer.Option(help="ORDINARY for people, SYSTEM for a booking or a shop.")] = "ORDINARY",
) -> None:
    """Register a till and print its key. The key is shown this once: only a digest of it is kept."""
    if kind not in KINDS:
        raise typer.BadParameter(f"must be one of {', '.join(KINDS)}", param_hint="--kind")
    till, key = in_house(
        lambda _: tills.add_till(
            name, partner, outlet, kind=cast("TillKind", kind), channels=list(dict.fromkeys(channel)), now=now()
        )
    )
    out.print(f"till  {till.id}")
    out.print(f"key   {key}")


@app.command()
def revoke(till: Annotated[UUID, typer.Argument(help="Id of the till.")]) -> None:
    """End a till's key and every page paired with it, at once."""
    if not in_house(lambda _: tills.revoke(till, now())):
        complain(f"no till in use has the id {till}")
        raise typer.Exit(1)
    out.print("revoked")
