"""`kunak iiko`: restaurants of iikoCloud, whose orders they are told of, what was put aside, and the daily comparison."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import complain, in_house, out, with_resources
from integrations.iiko.cloud import HOOK_PATH
from integrations.restaurants import DiscountKind, Hook
from jobs.restaurants import tell_all
from loyalty.money import print_money
from services.resources import Resources
from services.restaurants import events, orders, overview, reconciling, syncing, watching
from services.restaurants.overview import Line
from services.restaurants.rows import cloud_of

app = typer.Typer(help="Restaurants of iikoCloud.", no_args_is_help=True)
PlaceArgument = Annotated[UUID, typer.Argument(help="Id of a terminal group, as `kunak iiko list` tells it.")]
RestaurantArgument = Annotated[UUID, typer.Argument(help="Id of a restaurant, as `kunak iiko list` tells it.")]


@app.callback()
def group() -> None:
    """Restaurants of iikoCloud."""


@app.command()
def sync() -> None:
    """Read restaurants, terminal groups, tables and menus now; it happens daily by itself."""
    count = with_resources(lambda resources: syncing.sync(resources, now()))
    out.print(f"{count} restaurants", markup=False)


@app.command("list")
def list_() -> None:
    """List the restaurants: place, its id, outlet, dishes, when it was read last; ends with 1 where something is wrong."""
    lines, states = in_house(lambda _: _look())
    for one in lines:
        typer.echo("\t".join(_row(one)))
    for state in states:
        typer.echo(f"{state['what']}\t{state['state']}\t{state['count']}\tsince {state['oldest']:%Y-%m-%d %H:%M} UTC")
    troubles = [f"{one.name}: {one.trouble}" for one in lines if one.trouble]
    troubles += [f"{one.name}: {one.differences} orders differ" for one in lines if one.differences]
    troubles += [f"{one['count']} {one['what']} were put aside" for one in states if one["state"] == "ASIDE"]
    for trouble in dict.fromkeys(troubles):
        complain(trouble)
    if troubles:
        raise typer.Exit(1)


@app.command()
def link(place: PlaceArgument, outlet: Annotated[str, typer.Argument(help="Slug of the outlet.")]) -> None:
    """Say which outlet of the programme a terminal group is. Orders closed from now on are its purchases."""
    in_house(lambda _: syncing.link(place, outlet, now()))
    out.print(f"{place} is {outlet} from now on", markup=False)


@app.command()
def discounts(restaurant: RestaurantArgument) -> None:
    """List the discount types of a restaurant that may be ours: free sums, applied by hand."""
    for one in with_resources(lambda resources: _discounts(resources, restaurant)):
        typer.echo(f"{one.id}\t{one.name}\t{'free sum' if one.is_free_sum else '—'}")


@app.command()
def discount(restaurant: RestaurantArgument, kind: Annotated[UUID, typer.Argument(help="Id of the type.")]) -> None:
    """Say which discount type our discount is applied by."""
    with_resources(lambda resources: syncing.choose_discount(resources, restaurant, kind))
    out.print(f"{restaurant}: our discount is {kind}", markup=False)


@app.command()
def hook(
    restaurant: RestaurantArgument,
    is_written: Annotated[bool, typer.Option("--set", help="Have events posted to us.")] = False,
    is_taken: Annotated[bool, typer.Option("--replace", help="Even if somebody else hears them now.")] = False,
) -> None:
    """Tell where a restaurant's events go, or have them posted to us. There is one address for all who listen."""
    wanted, before = with_resources(lambda one: _hook(one, restaurant, is_written=is_written, is_taken=is_taken))
    out.print(f"ours  {wanted}\nnow   {before or '—'}", markup=False)
    if is_written and before not in {None, wanted} and not is_taken:
        complain("somebody else listens there: add --replace to take it from them")
        raise typer.Exit(1)


@app.command()
def poll() -> None:
    """Read what changed and work off what waits, now; it happens every ten minutes by itself."""
    with_resources(lambda resources: watching.watch(resources, now()))


@app.command()
def aside(limit: Annotated[int, typer.Option(help="How many at most.")] = 50) -> None:
    """List events and orders that were put aside: what, id, when, why."""
    for one in in_house(lambda _: overview.aside(limit)):
        typer.echo(f"{one['what']}\t{one['id']}\t{one['at']:%Y-%m-%d %H:%M} UTC\t{one['fault']}")


@app.command()
def replay() -> None:
    """Look anew at everything that was put aside, after a menu group or an outlet was named."""
    count = in_house(lambda _: _replay())
    out.print(f"{count} are looked at anew", markup=False)


@app.command()
def compare(day: Annotated[str, typer.Argument(help="A day such as 2026-03-14; without it, yesterday.")] = "") -> None:
    """Compare a day with the cloud; ends with 1 where orders differ."""
    chosen = date.fromisoformat(day) if day else (now().astimezone(UTC) - timedelta(days=1)).date()
    if with_resources(lambda resources: reconciling.compare_day(resources, chosen, now())):
        complain("orders differ: kunak iiko report")
        raise typer.Exit(1)


@app.command()
def report(days: Annotated[int, typer.Option(help="How many days of comparisons.")] = 7) -> None:
    """Tell the days that were compared, then every order that differs; ends with 1 if there is one."""
    since = now().date() - timedelta(days=days)
    checks, differing = in_house(lambda _: _report(since))
    for one in checks:
        sums = f"theirs {one['theirs']} {print_money(one['theirs_net'])}\tours {one['ours']} {print_money(one['ours_net'])}"
        typer.echo(f"{one['day']}\t{one['name']}\t{sums}\tmended {one['mended']}")
    for one in differing:
        theirs, ours = (None if value is None else print_money(value) for value in (one["theirs"], one["ours"]))
        typer.echo(
            f"{one['day']}\t{one['name']}\t{one['order_id']}\t{one['what']}\t{theirs}\t{ours}\t{one['reason'] or ''}"
        )
    if differing:
        raise typer.Exit(1)


@app.command()
def guests() -> None:
    """Have members told to the cloud now who agreed to it and of whom it has not heard as they are."""
    count = with_resources(lambda resources: tell_all(resources, now()))
    out.print(f"{count} members will be told", markup=False)


async def _look() -> tuple[list[Line], list[dict[str, Any]]]:
    return await overview.lines(), await overview.states()


async def _discounts(resources: Resources, restaurant: UUID) -> list[DiscountKind]:
    return list(await syncing.discounts(resources, restaurant))


async def _hook(resources: Resources, restaurant: UUID, *, is_written: bool, is_taken: bool) -> tuple[str, str | None]:
    cloud, wanted = cloud_of(resources), f"{resources.base_url}{HOOK_PATH}"
    known = await cloud.hook(restaurant)
    before = None if known is None else known.url
    if is_written and (before in {None, wanted} or is_taken):
        await cloud.set_hook(restaurant, Hook(wanted, events.key_of(resources.keyring)))
        before = wanted
    return wanted, before


async def _replay() -> int:
    return await events.replay(now()) + await orders.replay(now())


async def _report(since: date) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    return await reconciling.checks(since), await reconciling.report()


def _row(one: Line) -> tuple[str, ...]:
    read: datetime | None = one.looked_at
    return (
        f"{one.name} ({one.restaurant})",
        str(one.place or "—"),
        one.outlet or "— (none of ours)",
        f"{one.dishes} dishes",
        "our discount is known" if one.has_discount else "our discount is not known",
        "never read" if read is None else f"read {read:%Y-%m-%d %H:%M} UTC",
    )
