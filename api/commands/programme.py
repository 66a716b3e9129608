"""`kunak programme`: check a programme file, and make it the version in force."""

from itertools import groupby
from pathlib import Path
from typing import Annotated

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from api.clock import now
from api.commands.telling import complain, err, in_house, out
from loyalty.money import print_percent
from loyalty.programme import Partner, Programme, Rule
from loyalty.programme_file.check import Checked
from loyalty.refusals import Code, Refusal
from services import programmes
from services.programme_files import UnreadableFile

app = typer.Typer(help="Check a programme file, and make it the version in force.", no_args_is_help=True)

WIDTH_APART = 150
File = Annotated[Path, typer.Argument(help="A programme file, such as programmes/znak-kachestva.yaml.")]


@app.command()
def check(
    file: File,
    against_current: Annotated[
        bool, typer.Option("--against-current", help="Also compare with the version in force; needs the database.")
    ] = False,
) -> None:
    """Print the table of discounts, or everything that must be mended."""
    earlier = in_house(lambda _: _in_force()) if against_current else None
    try:
        checked = programmes.check_file(file, earlier)
    except UnreadableFile as unreadable:
        raise _refused(file, unreadable) from None
    programme = _right(file, checked)
    _show(programme)
    _say(f"{file} is right: {_counted(programme)}.")


@app.command()
def apply(file: File) -> None:
    """Check a file against the version in force and make it the next version. The same content makes none."""
    try:
        with err.status("applying"):
            applied = in_house(lambda _: programmes.apply(file, now()))
    except UnreadableFile as unreadable:
        raise _refused(file, unreadable) from None
    programme = _right(file, applied.checked)
    if not applied.is_new:
        _say(f"Nothing has changed: version {applied.version} has this content already.")
        return
    _say(f"{file} is version {applied.version} now: {_counted(programme)}.")
    if moved := applied.members_moved:
        _say(f"{_many(moved, 'member')} {'was' if moved == 1 else 'were'} placed by the new thresholds.")


async def _in_force() -> Programme | None:
    try:
        return await programmes.current(now())
    except Refusal as refusal:
        if refusal.code is Code.NOT_FOUND:
            return None
        raise


def _right(file: Path, checked: Checked) -> Programme:
    """The programme of a right file, with what is worth knowing; otherwise what must be mended alone, and the end."""
    for finding in checked.faults or checked.notices:
        _say(finding.told(str(file)))
    if checked.programme is None:
        complain(f"{_many(len(checked.faults), 'thing')} to mend; nothing was changed")
        raise typer.Exit(1)
    return checked.programme


def _refused(file: Path, unreadable: UnreadableFile) -> typer.Exit:
    _say(unreadable.finding.told(str(file)))
    return typer.Exit(1)


def _say(line: str) -> None:
    out.print(line, markup=False)


def _counted(programme: Programme) -> str:
    counted = (
        (len(programme.tiers), "tier"),
        (len(programme.partners), "partner"),
        (len(programme.outlets_by_id), "outlet"),
        (len(programme.cells), "cell"),
    )
    return ", ".join(_many(*one) for one in counted) + " with one answer each"


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _show(programme: Programme) -> None:
    """The whole table: a row for every service and the channels that answer alike."""
    table = Table(title=escape(f"{programme.name.ru}, {programme.currency}"), title_justify="left", box=SIMPLE_HEAD)
    for heading in ("partner", "service", "channels"):
        table.add_column(heading)
    for tier in programme.tiers:
        threshold = f"{tier.threshold // 100:,}".replace(",", "\u00a0")
        table.add_column(f"{escape(tier.name.ru)}\n{threshold}", justify="right")
    table.add_column("counts")
    for partner in programme.partners:
        for place, row in enumerate(_rows(partner)):
            table.add_row("" if place else escape(partner.name.ru), *(escape(cell) for cell in row))
        table.add_section()
    wide = out if out.is_terminal else Console(file=out.file, width=WIDTH_APART, highlight=False)
    wide.print(table, soft_wrap=False)


def _rows(partner: Partner) -> list[list[str]]:
    answers: dict[tuple[str, tuple[int, ...], tuple[bool, ...]], list[str]] = {}
    for (service, channel), group in groupby(partner.rules, _service_and_channel):
        rules = list(group)
        rates, counts = tuple(rule.basis_points for rule in rules), tuple(rule.accumulates for rule in rules)
        answers.setdefault((service, rates, counts), []).append(channel)
    return [
        [
            partner.services_by_id[service].name.ru,
            ", ".join(channels),
            *(f"{print_percent(rate)} %" for rate in rates),
            "yes" if all(counts) else "by tier" if any(counts) else "no",
        ]
        for (service, rates, counts), channels in answers.items()
    ]


def _service_and_channel(rule: Rule) -> tuple[str, str]:
    return rule.service, rule.channel.value
