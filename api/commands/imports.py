"""`kunak import`: what members had in other systems, under control totals."""

from pathlib import Path
from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import complain, err, in_house, out, tell
from loyalty.money import parse_money, print_money
from services import programmes
from services.guests import importing as importing_guests
from services.guests.reading import COLUMNS
from services.openings import importing
from services.openings.importing import Imported, Looked, Mismatch, Overtaken, Totals, note_all
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
def guests(
    file: Annotated[Path, typer.Argument(help="A CSV of a partner's guests, in UTF-8.", exists=True)],
    partner: Annotated[str, typer.Option(help="Slug of the partner whose guests they are.")],
    column: Annotated[
        list[str] | None, typer.Option(help="What a column is called there, such as phone=Телефон; repeat it.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only look through the file, and say what is wrong.")
    ] = False,
) -> None:
    """Bring a partner's guests: external_id, and a phone or an e-mail. They wait until somebody proves the contact.

    Nobody becomes a member by it and no consent is assumed. Rows that cannot be taken are listed beside the file.
    """
    mapping = _mapping(column)
    beside = file.with_name(f"{file.name}.faults.csv")
    try:
        rows, faults = importing_guests.look(file, mapping)
        note_all(beside, faults)
        brought = None if dry_run else in_house(lambda _: importing_guests.bring(file, partner, mapping, now()))
    except UnreadableImport as trouble:
        complain(str(trouble))
        raise typer.Exit(1) from None
    except Overtaken:
        complain("another process imports this file at this moment")
        raise typer.Exit(1) from None
    wrong = len({fault.line for fault in faults})
    out.print(f"{rows} rows, {rows - wrong} to take, {wrong} to mend", markup=False)
    if wrong:
        err.print(f"what is to mend is listed in {beside}")
    if brought is not None:
        err.print(f"{brought.taken} taken" if brought.is_new else "was imported before; nothing has changed")


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


def _mapping(columns: list[str] | None) -> dict[str, str]:
    named = dict(one.partition("=")[::2] for one in columns or ()) or {name: name for name in COLUMNS}
    if not named.keys() <= set(COLUMNS) or not all(named.values()):
        raise typer.BadParameter(f"name columns of ours: {', '.join(COLUMNS)}", param_hint="--column")
    return named


def _expected(rows: int | None, points: int | None, qualifying: str | None) -> Totals:
    if rows is None or points is None or qualifying is None:
        raise typer.BadParameter("give the control totals: --rows, --points and --qualifying; or --dry-run")
    try:
        return Totals(rows, points, parse_money(qualifying))
    except ValueError:
        raise typer.BadParameter("must be roubles such as 10726.50", param_hint="--qualifying") from None


def _said(totals: Totals) -> str:
    return f"--rows {totals.rows} --points {totals.points} --qualifying {print_money(totals.qualifying)}"
