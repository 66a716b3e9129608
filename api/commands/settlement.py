"""`kunak settlement`: what partners owe each other for points, month by month."""

from datetime import date
from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import complain, in_house, out
from loyalty.settlement import PROGRAMME, Cell, cells
from loyalty.statements import StatementState
from services.audit import Actor
from services.settlement import closing, reading
from services.settlement.periods import Period

app = typer.Typer(help="Settlement between partners.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """Settlement between partners."""


@app.command()
def close(
    month: Annotated[str, typer.Argument(help="The month, as 2026-10. All before it are closed too.")],
) -> None:
    """Close a month that is over, and all before it. A closed month never changes; closing it again does nothing."""
    first = _read(month)
    done = in_house(lambda _: closing.close(first, now()))
    for closed in done:
        typer.echo(f"{closed.month:%Y-%m}\t{closed.facts}")
    if not done:
        out.print("nothing to close", markup=False)


@app.command()
def show() -> None:
    """List the months with what partners owe each other: month, state, issuer, partner, points, kopecks due."""
    for period, cell, state in in_house(lambda _: _look()):
        typer.echo("\t".join((f"{period.month:%Y-%m}", state.lower(), *_pair(cell), str(cell.points), str(cell.due))))


async def _look() -> list[tuple[Period, Cell, StatementState]]:
    found = await reading.books(Actor.operator().access, now())
    pairs = [(period, cell) for period in found.periods for cell in cells(found.flows, period.month)]
    return [(period, cell, found.state(period, cell)) for period, cell in pairs]


def _pair(cell: Cell) -> tuple[str, str]:
    return cell.issuer if cell.issuer != PROGRAMME else "(programme)", cell.partner


def _read(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        complain(f"{month} is no month: write it as 2026-10")
        raise typer.Exit(2) from None
