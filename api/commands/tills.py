"""`kunak till`: tills and their keys."""

from datetime import datetime
from typing import Annotated, Final, cast
from uuid import UUID

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.clock import now
from api.commands.telling import complain, err, in_house, out
from services import tills
from services.tills import TillKind

app = typer.Typer(help="Tills and their keys.", no_args_is_help=True)
KINDS = ("ORDINARY", "SYSTEM")
WIDTH_APART: Final = 190


@app.command()
def add(  # noqa: PLR0917 - typer makes options out of parameters
    name: Annotated[str, typer.Argument(help="What people call it, for example «Касса 1».")],
    partner: Annotated[str, typer.Option(help="Slug of the partner in the programme.")],
    outlet: Annotated[str, typer.Option(help="Slug of the partner's outlet.")],
    channel: Annotated[list[str], typer.Option(help="A channel it sells through; repeat it for more.")],
    kind: Annotated[str, typer.Option(help="ORDINARY for people, SYSTEM for a booking or a shop.")] = "ORDINARY",
    scope: Annotated[
        list[str] | None,
        typer.Option(
            help="What its key may do: EARN, SPEND, REFUND, MEMBERS, GUESTS; repeat it. Without: all but GUESTS."
        ),
    ] = None,
    per_minute: Annotated[int | None, typer.Option(help="Requests of its key in a minute.")] = None,
) -> None:
    """Register a till and print its key. The key is shown this once: only a digest of it is kept."""
    if kind not in KINDS:
        raise typer.BadParameter(f"must be one of {', '.join(KINDS)}", param_hint="--kind")
    till, key = in_house(
        lambda _: tills.add_till(
            name,
            partner,
            outlet,
            kind=cast("TillKind", kind),
            channels=list(dict.fromkeys(channel)),
            now=now(),
            scopes=scope or tills.SCOPES,
            per_minute=per_minute,
        )
    )
    out.print(f"till  {till.id}")
    out.print(f"key   {key}")


@app.command(name="list")
def list_() -> None:
    """List every till with its id: where it stands, what it may sell, when it was last seen, and when it was ended."""
    found = in_house(lambda _: tills.listed())
    if not found:
        err.print("there is no till: add one with `kunak till add`")
        return
    table = Table(box=SIMPLE_HEAD)
    for heading in ("id", "name", "partner", "outlet", "kind", "channels", "last seen", "ended"):
        table.add_column(heading, overflow="fold")
    for one in found:
        till = one.till
        words = (str(till.id), till.name, till.partner, till.outlet, till.kind, ", ".join(till.channels))
        table.add_row(*map(escape, words), _minute(one.seen_at), _minute(one.ended_at))
    wide = out if out.is_terminal else Console(file=out.file, width=WIDTH_APART, highlight=False)
    wide.print(table, soft_wrap=False)


def _minute(at: datetime | None) -> str:
    return "—" if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


@app.command()
def revoke(till: Annotated[UUID, typer.Argument(help="Id of the till: `kunak till list` tells it.")]) -> None:
    """End a till's key and every page paired with it, at once."""
    if not in_house(lambda _: tills.revoke(till, now())):
        complain(f"no till in use has the id {till}: `kunak till list` tells them")
        raise typer.Exit(1)
    out.print("revoked")
