"""`kunak messages`: gateways and their accounts, what became of messages, stopped addresses, reports put aside."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Final
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import complain, err, in_house
from api.messaging import open_gateways
from api.settings import Settings
from api.wiring import open_mailer, read_keyring
from loyalty.messages import Channel
from loyalty.tariffs import Tariff
from services.messages import hooks, reports, stopping, watching
from services.messages.pricing import Priced, prices
from services.messages.watching import Account

app = typer.Typer(help="SMS, Viber and e-mail.", no_args_is_help=True)
KOPECKS: Final = 100
Limit = Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")]


@app.command()
def status(days: Annotated[int, typer.Option(min=1, max=180, help="Of how many days.")] = 1) -> None:
    """Messages by cause and state, then hand-overs by gateway, channel and fate with their roubles, a line each."""
    found = in_house(lambda _: watching.figures(now() - timedelta(days=days)))
    for row in found["messages"]:
        typer.echo(f"{row['cause']}\t{row['state']}\t{row['messages']}")
    for row in found["gateways"]:
        paid = f"{row['cost'] / KOPECKS:.2f}"
        typer.echo(f"{row['gateway']}\t{row['channel']}\t{row['fate']}\t{row['attempts']}\t{paid}")
    if not any(found.values()):
        err.print("no messages")


@app.command()
def balance() -> None:
    """What is left on every gateway's account, in roubles. Ends with 1 if one cannot be read."""

    async def ask(settings: Settings) -> list[Account]:
        async with open_gateways(settings, open_mailer(settings)) as gateways:
            return await watching.accounts(gateways)

    accounts = in_house(ask)
    for account in accounts:
        typer.echo(f"{account.gateway}\t{_roubles(account.balance)}\t{account.trouble or ''}".rstrip())
    if not accounts:
        err.print("no gateway tells its balance")
    if any(account.balance is None for account in accounts):
        raise typer.Exit(1)


@app.command()
def price(number: str, text: str) -> None:
    """What a text costs to a number: gateway, channel, roubles, what the tariff says, why a gateway said nothing itself.

    Gateways that tell prices are asked, and nothing is sent; for the others the tariff of the settings counts. Ends with 1 where
    nobody knows a price.
    """

    async def ask(settings: Settings) -> Sequence[Priced]:
        async with open_gateways(settings, open_mailer(settings)) as gateways:
            return await prices(gateways, Tariff(settings.message_prices), number, text)

    found = in_house(ask)
    for one in found:
        expected, tariff = _roubles(one.kopecks), _roubles(one.tariff)
        typer.echo(f"{one.gateway}\t{one.channel}\t{expected}\t{tariff}\t{one.trouble}".rstrip())
    if not found:
        err.print("no gateway carries texts")
    if any(one.kopecks is None for one in found):
        raise typer.Exit(1)


@app.command(name="hooks")
def show_hooks() -> None:
    """The address that each gateway posts its reports to. Whoever knows it may post: keep it to the gateway's account."""
    settings = Settings.load()
    for gateway in dict.fromkeys((*settings.sms_gateways, *settings.viber_gateways)):
        typer.echo(f"{gateway}\t{hooks.callback_url(settings.origin, gateway, read_keyring(settings))}")


@app.command()
def stop(
    channel: Channel,
    address: str,
    everything: Annotated[bool, typer.Option("--all", help="Codes and notices too, not adverts alone.")] = False,
) -> None:
    """Send no adverts, or nothing at all, to a phone or an e-mail from now on."""
    scope: stopping.Scope = "ALL" if everything else "MARKETING"
    spelling = in_house(lambda _: stopping.stop(channel, address, scope, source="operator", now=now()))
    err.print(f"{channel.value} {spelling}: {scope} stopped")


@app.command()
def resume(channel: Channel, address: str) -> None:
    """Send to an address again, by gateways that keep lists of their own, too. Ends with 1 if it was not stopped or one is away."""

    async def go(settings: Settings) -> tuple[bool, list[str]]:
        was = await stopping.resume(channel, address)
        if channel is not Channel.SMS:
            return was, []
        async with open_gateways(settings, open_mailer(settings)) as gateways:
            return was, await stopping.resume_at(gateways, address)

    was_stopped, away = in_house(go)
    if not was_stopped:
        complain(f"{address} was not stopped in {channel.value}")
    for gateway in away:
        complain(f"{gateway} could not be told: do it again, or take the number out of its list by hand")
    if away or not was_stopped:
        raise typer.Exit(1)


@app.command()
def stopped(limit: Limit = 50) -> None:
    """List the addresses stopped last: channel, address, scope, by whom, since when."""
    for one in in_house(lambda _: stopping.stopped(limit)):
        typer.echo("\t".join((one.channel, one.address, one.scope, one.source, one.at.isoformat(timespec="seconds"))))


@app.command()
def aside(limit: Limit = 50) -> None:
    """List the reports put aside last: id, gateway, moment, times, what is wrong with them."""
    for one in in_house(lambda _: reports.aside(limit)):
        moment = one["received_at"].isoformat(timespec="seconds")
        typer.echo("\t".join(map(str, (one["id"], one["gateway"], moment, one["times"], one["fault"]))))


@app.command()
def replay(ids: Annotated[list[UUID], typer.Argument(help="Ids of reports put aside.")]) -> None:
    """Look into reports anew that were put aside."""
    replayed = in_house(lambda _: reports.replay(ids, now()))
    err.print(f"{replayed} replayed")
    if replayed < len(set(ids)):
        raise typer.Exit(1)


def _roubles(kopecks: int | None) -> str:
    return "?" if kopecks is None else f"{kopecks / KOPECKS:.2f}"
