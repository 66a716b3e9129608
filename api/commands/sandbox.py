"""`kunak sandbox`: a second database of the same programme, whose clock is moved (C-17)."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import err, out, tell
from api.messaging import open_gateways
from api.opening import opened_house, real_house, run
from api.sandbox import opening
from api.sandbox.time import advance as advance_time
from api.settings import Settings
from api.wiring import Unready, open_announcer, open_mailer, open_resources
from jobs.registry import Tools
from services import sandbox
from services.sandbox import Recorded

app = typer.Typer(help="A second database of the same programme, whose clock is moved.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """A second database of the same programme, whose clock is moved."""


@app.command()
def create() -> None:
    """Make the sandbox: every version of the programme, nobody's data, keys of its own."""
    with real_house(_settings(), tell=tell) as real:
        run(lambda: opening.make(real, tell))
    err.print("the sandbox is made; KUNAK_SANDBOX=yes makes any command mean it, `kunak serve --sandbox` serves it")


@app.command()
def status() -> None:
    """Say what time it is in the sandbox, and where an advance that was killed was going."""
    with real_house(_settings(), tell=tell) as real:
        time = run(lambda: opening.look(opening.inside(real)))
    if time is None:
        raise Unready(opening.MISSING)
    rows = [
        ("now", _moment(now() + time.ahead)),
        ("ahead", f"{time.ahead.days} days"),
        ("played to", _moment(time.played_to)),
        ("on its way to", "—" if time.target is None else f"{_moment(time.target)}: `kunak sandbox advance` goes on"),
        ("made", _moment(time.made_at)),
    ]
    for label, value in rows:
        out.print(f"{label:<15}{value}", markup=False)


@app.command()
def advance(
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="By how many days; left out: on to where a killed one was going."),
    ] = None,
) -> None:
    """Move the clock ahead. Everything due on the way is done, in the order of time; what would be sent is kept."""
    with opened_house(replace(_settings(), sandbox=True), tell=tell) as ready:
        reached, jobs = run(lambda: _advance(ready, days))
    err.print(f"it is {_moment(reached)} in the sandbox; {jobs} jobs ran")


@app.command()
def messages(
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 50,
    to: Annotated[str | None, typer.Option(help="Only those for this address.")] = None,
) -> None:
    """List what would have been sent, the newest first: moment, channel, address, subject, text, a line each."""
    with real_house(_settings(), tell=tell) as real:
        found = run(lambda: _recorded(real, limit, to))
    for one in found:
        text = " ".join(one.text.split())
        typer.echo("\t".join((_moment(one.at), one.channel.value, one.address, one.subject, text)))


@app.command()
def drop() -> None:
    """Take the sandbox away with everything in it. The house beside it is not touched."""
    with real_house(_settings(), tell=tell) as real:
        run(lambda: opening.drop(real))
    err.print("the sandbox is gone")


def _settings() -> Settings:
    return replace(Settings.load(), sandbox=False)


async def _advance(settings: Settings, days: int | None) -> tuple[datetime, int]:
    mailer, month = open_mailer(settings), ""

    def told(moment: datetime) -> None:
        nonlocal month
        if month != (month := f"{moment:%Y-%m}"):
            tell(month)

    async with (
        open_resources(settings) as resources,
        open_gateways(settings, mailer) as gateways,
        open_announcer(settings) as announcer,
    ):
        tools = Tools(resources=resources, mailer=mailer, gateways=gateways, announcer=announcer)
        return await advance_time(tools, days, told)


async def _recorded(real: Settings, limit: int, to: str | None) -> list[Recorded]:
    async with opening.connected(real):
        return await sandbox.recorded(rows=limit, to=to)


def _moment(moment: datetime) -> str:
    return moment.isoformat(sep=" ", timespec="seconds")
