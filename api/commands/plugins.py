"""`kunak plugins`: plugins of restaurants' systems, and what their menu groups are sold as."""

from datetime import timedelta
from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import complain, in_house, out
from services.audit import Actor
from services.pos import menu, plugins, returning
from services.pos.menu import Group
from services.pos.plugins import PluginFacts

app = typer.Typer(help="Plugins of restaurants' systems (iiko).", no_args_is_help=True)
DEFAULT = "(default)"


@app.callback()
def group() -> None:
    """Plugins of restaurants' systems."""


@app.command("list")
def list_() -> None:
    """List the plugins: outlet, terminal, version, that of Front, queue, how far the clock is off, last contact, till.

    Ends with 1 while refunds have waited for their sale for more than a day.
    """
    found, overdue = in_house(lambda _: _look())
    for one in found:
        typer.echo("\t".join(_row(one)))
    if overdue:
        complain(f"{overdue} refunds have waited for their sale for more than a day")
        raise typer.Exit(1)


@app.command()
def groups(outlet: Annotated[str | None, typer.Option(help="Only of this outlet.")] = None) -> None:
    """List the menu groups that came with orders: outlet, group, name, the service it is sold as, last seen."""
    found = in_house(lambda _: menu.groups(outlet, now()))
    for one in found:
        typer.echo("\t".join(_group_row(one)))


@app.command("map")
def map_(
    outlet: Annotated[str, typer.Argument(help="Slug of the outlet in the programme.")],
    service: Annotated[str, typer.Argument(help="Slug of a service its partner sells at tills.")],
    group_id: Annotated[
        str, typer.Option("--group", help="Id of a menu group; without it, every group nothing was said about.")
    ] = menu.DEFAULT,
) -> None:
    """Say what a menu group is sold as, from now on. Receipts of before keep what they were."""
    in_house(lambda _: menu.say(outlet, group_id, service, now()))
    out.print(f"{outlet}: {group_id or DEFAULT} is {service} from now on", markup=False)


async def _look() -> tuple[list[PluginFacts], int]:
    return await plugins.plugins(Actor.operator().access), await returning.overdue(now())


def _row(one: PluginFacts) -> tuple[str, ...]:
    skew = round(one.skew / timedelta(seconds=1))
    return (
        one.outlet,
        one.terminal,
        one.version,
        one.front_version or "—",
        str(one.queue),
        f"{-skew:+d} s",
        one.last_seen_at.isoformat(timespec="seconds"),
        f"{one.till}{' (revoked)' if one.is_revoked else ''}",
    )


def _group_row(one: Group) -> tuple[str, ...]:
    seen = "—" if one.last_seen_at is None else one.last_seen_at.isoformat(timespec="seconds")
    return one.outlet, one.id or DEFAULT, one.name or "—", one.service or "— (default)", seen
