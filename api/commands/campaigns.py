"""`kunak campaign`: what campaigns have given, promo codes, and what a campaign would have cost on past receipts."""

import csv
import os
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from api.clock import now
from api.commands.telling import complain, err, in_house, with_resources
from loyalty.money import print_money
from loyalty.points import day_ends
from loyalty.programme import Programme
from loyalty.promotions.backtest import Backtest, changed, undated, without
from loyalty.refusals import Code, Refusal
from services import programmes
from services.programme_files import UnreadableFile
from services.promotions import making
from services.promotions.backtesting import backtest
from services.promotions.making import Order
from services.promotions.reports import given
from services.resources import Resources
from services.support import search

app = typer.Typer(help="Campaigns and their promo codes.", no_args_is_help=True)
DAY: Final = "%Y-%m-%d"
COUNT_MAX: Final = 1_000_000
Day = Annotated[datetime | None, typer.Option(formats=[DAY], help="A local day, such as 2026-01-31.")]


@app.command(name="list")
def show() -> None:
    """Every campaign in force with what it has given, a line each: id, receipts, roubles, points, roubles of its bound."""
    for row in in_house(lambda _: given(now())):
        typer.echo("\t".join(row))


@app.command()
def codes(  # noqa: PLR0917 - options of a command
    campaign: Annotated[str, typer.Argument(help="The slug of a campaign with `code: true`.")],
    out: Annotated[Path | None, typer.Option(help="The CSV file to write; it must not be there yet.")] = None,
    count: Annotated[int, typer.Option(min=1, max=COUNT_MAX, help="How many codes.")] = 1,
    uses: Annotated[int, typer.Option(min=1, max=COUNT_MAX, help="How often each may be used.")] = 1,
    code: Annotated[str | None, typer.Option(help="This very code instead of invented ones.")] = None,
    holder: Annotated[
        str | None, typer.Option(help="E-mail, phone, card number or id of the only guest for it.")
    ] = None,
    until: Day = None,
    label: Annotated[str, typer.Option(help="What the batch is called in lists.")] = "",
) -> None:
    """Make promo codes and write them to a file: they are kept as digests, and nobody can show them again."""
    if (code is None) == (out is None):
        complain("give --out FILE.csv for invented codes, or --code for one of your own")
        raise typer.Exit(1)

    async def made(resources: Resources) -> int:
        programme = await programmes.current(now())
        ends = None if until is None else day_ends(until.date(), programme.time_zone)
        wanted = 1 if code else count
        order = Order(campaign, label or campaign, wanted, uses, ends, code, await _holder(holder))
        return await _write(resources, order, out)

    try:
        made_codes = with_resources(made)
    except FileExistsError:
        complain(f"{out} is there already; nothing was made")
        raise typer.Exit(1) from None
    err.print(f"{made_codes} made for {campaign}" + (f", in {out}" if out else ""))


async def _holder(login: str | None) -> UUID | None:
    if login is None:
        return None
    found = await search(login)
    if len(found) != 1:
        raise Refusal(Code.NOT_FOUND, "promo.no_holder", field="holder")
    return found[0]


async def _write(resources: Resources, order: Order, file: Path | None) -> int:
    """Part by part as they are kept: whatever stands in the file opens something."""
    written = 0
    if file is None:
        return sum([len(part) async for part in making.make(resources.keyring, order, now())])
    with _progress() as progress, open(file, "x", encoding="utf-8", newline="", opener=_private) as sheet:  # noqa: ASYNC230 - nobody else waits, and Path.open takes no opener
        rows = csv.writer(sheet)
        rows.writerow(["code", "campaign", "uses"])
        task = progress.add_task("codes", total=order.count)
        async for part in making.make(resources.keyring, order, now()):
            rows.writerows([one, order.campaign, order.uses] for one in part)
            sheet.flush()
            written += len(part)
            progress.update(task, completed=written)
    return written


@app.command()
def batches(limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 50) -> None:
    """List batches of promo codes made last: id, campaign, label, codes, uses of each, used, until, cancelled."""
    for row in in_house(lambda _: making.batches(limit)):
        ends, gone = row["ends_at"], row["cancelled_at"]
        facts = [row["id"], row["campaign"], row["label"], row["codes"], row["uses"], row["used"]]
        facts += ["" if one is None else one.isoformat(timespec="seconds") for one in (ends, gone)]
        typer.echo("\t".join(map(str, facts)))


@app.command()
def cancel(batch: Annotated[UUID, typer.Argument(help="The id of a batch.")]) -> None:
    """Let no code of a batch open anything any more. What was given by it stands."""
    if not in_house(lambda _: making.cancel(batch, now())):
        complain("there is no such batch that still opens something")
        raise typer.Exit(1)


@app.command(name="test")
def back_test(
    what: Annotated[
        str, typer.Argument(help="A programme file to hold against the one in force, or a campaign in force.")
    ],
    since: Annotated[datetime | None, typer.Option("--from", formats=[DAY], help="The first business date.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=[DAY], help="The last business date.")] = None,
    with_codes: Annotated[
        bool, typer.Option("--with-codes", help="As if every guest had shown the promo codes.")
    ] = False,
) -> None:
    """Replay past receipts through the rules: what campaigns would have cost, whom they move a tier. Writes nothing."""
    last = now().date() if until is None else until.date()
    first = last - timedelta(days=365) if since is None else since.date()

    async def tested() -> tuple[Backtest, int]:
        old, new = await _sides(what)
        with _progress() as progress:
            task = progress.add_task("receipts", total=None)
            return await backtest(
                old,
                new,
                first,
                last,
                codes=with_codes,
                tell=lambda done, of: progress.update(task, completed=done, total=of),
            )

    found, moved = in_house(lambda _: tested())
    _report(found, moved, first, last)


async def _sides(what: str) -> tuple[Programme, Programme]:
    """(without, with): the version in force against a file, or against itself without a campaign."""
    current = await programmes.current(now())
    if current.promotions is not None and what in current.promotions.by_id:
        return without(current, what), undated(current, {what})
    path = Path(what)
    if not path.exists():  # noqa: ASYNC240 - a command has nobody else to keep waiting
        raise Refusal(Code.NOT_FOUND, "promo.nothing_to_test", field="what", what=what)
    try:
        checked = programmes.check_file(path, current)
    except UnreadableFile as unreadable:
        complain(unreadable.finding.told(what))
        raise typer.Exit(1) from None
    for finding in checked.faults:
        complain(finding.told(what))
    if checked.programme is None:
        raise typer.Exit(1)
    return current, undated(checked.programme, changed(current, checked.programme))


def _report(found: Backtest, moved: int, first: date, last: date) -> None:
    typer.echo(f"receipts\t{found.receipts}\t{first}\t{last}")
    typer.echo(f"unpriced\t{found.unpriced}")
    typer.echo(f"gross\t{print_money(found.gross)}")
    typer.echo(f"discount_before\t{print_money(found.before)}")
    typer.echo(f"discount_after\t{print_money(found.after)}")
    typer.echo(f"cost\t{print_money(found.cost)}")
    typer.echo(f"points_cost\t{found.points_cost}")
    typer.echo(f"members_moved\t{moved}")
    for campaign, cost in sorted(found.costs.items()):
        typer.echo(f"campaign\t{campaign}\t{cost.receipts}\t{print_money(cost.discount)}\t{cost.points}\t{cost.more}")
    for basket in found.top_baskets:
        typer.echo(f"basket\t{basket.number}\t{print_money(basket.discount)}\t{print_money(basket.gross)}")


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=err, transient=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
