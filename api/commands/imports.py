"""`kunak import`: what members had in other systems, under control totals."""

from pathlib import Path
from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import complain, err, in_house, out, tell
from loyalty.money import parse_money, print_money
from services import programmes
from services.openings import importing
from services.openings.importing import Imported, Looked, Mismatch, Overtaken, Totals
from services.openings.reading import UnreadableImport

app = typer.Typer(help="What members had in other systems.", no_args_is_help=True)

TOLD_ROWS = 10_000


@app.callback()
def group() -> None:
    """What members had in other systems."""


@app.command()
def balances(
    file: Annotated[
        Path, typer.Argument(help="A CSV of opening balances; docs/launch.md has its columns.", exists=True)
    ],
    rows: Annotated[int | None, typer.Option(min=0, help="Control total: how many rows.")] = None,
    points: Annotated[int | None, typer.Option(min=0, help="Control total: all points.")] = None,
    qualifying: Annotated[
        str | None, typer.Option(help="Control total: all counted roubles, such as 10726.50.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only look through the file, and say its totals.")] = False,
) -> None:
    """Import opening balances. The control totals come from the system that wrote the file; nothing is written if they differ."""
    expected = None if dry_run else _expected(rows, points, qualifying)
    faults = file.with_name(f"{file.name}.faults.csv")
    try:
        looked, imported = in_house(lambda _: _import(file, faults, expected))
    except (UnreadableImport, Mismatch) as trouble:
        complain(str(trouble))
        raise typer.Exit(1) from None
    except Overtaken:
        complain("another process imports this file at this moment")
        raise typer.Exit(1) from None
    if looked.faults:
        complain(f"{looked.faults} things to mend, listed in {faults}; nothing was written")
        raise typer.Exit(1)
    out.print(_said(looked.totals), markup=False)
    if imported is not None:
        done = "imported" if imported.is_new else "was imported before; nothing has changed"
        err.print(f"{done}: {imported.claimed} rows have their owners, the others wait for theirs")


@app.command()
def status() -> None:
    """List the imported files: begun, rows, points, roubles, how many rows are in, how many have their owners."""
    for run in in_house(lambda _: importing.runs()):
        state = "finished" if run["finished_at"] else "unfinished: import the same file again"
        sums = (f"{run['rows']} rows", f"{run['points']} points", print_money(run["qualifying"]))
        row = (run["started_at"].isoformat(timespec="seconds"), *sums, f"{run['cursor']} in", f"{run['claimed']} owned")
        typer.echo("\t".join((*row, state)))


async def _import(file: Path, faults: Path, expected: Totals | None) -> tuple[Looked, Imported | None]:
    moment = now()
    programme = await programmes.current(moment)
    looked = await importing.look(file, faults, programme, moment)
    if looked.faults or expected is None:
        return looked, None

    def told(cursor: int) -> None:
        if cursor % TOLD_ROWS == 0:
            tell(f"{cursor} rows")

    return looked, await importing.bring(file, looked, expected, programme, moment, told=told)


def _expected(rows: int | None, points: int | None, qualifying: str | None) -> Totals:
    if rows is None or points is None or qualifying is None:
        raise typer.BadParameter("give the control totals: --rows, --points and --qualifying; or --dry-run")
    try:
        return Totals(rows, points, parse_money(qualifying))
    except ValueError:
        raise typer.BadParameter("must be roubles such as 10726.50", param_hint="--qualifying") from None


def _said(totals: Totals) -> str:
    return f"--rows {totals.rows} --points {totals.points} --qualifying {print_money(totals.qualifying)}"
