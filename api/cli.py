"""`kunak`: everything an operator does from a terminal."""

import asyncio
import signal
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Annotated

import typer

from api.commands import (
    audit,
    books,
    campaigns,
    hotels,
    iiko,
    imports,
    jobs,
    keys,
    members,
    messages,
    nightly,
    payments,
    plugins,
    programme,
    sandbox,
    settlement,
    staff,
    tills,
)
from api.commands.telling import Commands, complain, err, out, tell
from api.logs import configure_logs
from api.messaging import open_gateways
from api.opening import opened_house, private_server, run
from api.serving import at_work, check_port, leaving_on_sigterm
from api.serving import serve as serve_until_told
from api.settings import Settings
from api.wiring import open_announcer, open_mailer, open_resources
from jobs.registry import Tools
from models.migrating import migrate as migrate_database
from models.migrating import pending

app = typer.Typer(
    cls=Commands,
    help="A loyalty platform: one card, one cabinet, rules as data.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
for name, group in {
    "programme": programme.app,
    "till": tills.app,
    "hotels": hotels.app,
    "payments": payments.app,
    "plugins": plugins.app,
    "iiko": iiko.app,
    "member": members.app,
    "staff": staff.app,
    "audit": audit.app,
    "books": books.app,
    "campaign": campaigns.app,
    "import": imports.app,
    "settlement": settlement.app,
    "jobs": jobs.app,
    "nightly": nightly.app,
    "sandbox": sandbox.app,
    "keys": keys.app,
    "messages": messages.app,
}.items():
    app.add_typer(group, name=name)

BEAT_SECONDS = 5.0
BEAT_SECONDS_MAX = 60.0
BEAT = "worker.beat"


@app.command()
def serve(
    is_sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Serve the sandbox, which says so on every page.")
    ] = False,
) -> None:
    """Answer requests until Ctrl-C; without DATABASE_URL on a private PostgreSQL in KUNAK_HOME."""
    settings = Settings.load()
    settings = replace(settings, sandbox=is_sandbox or settings.sandbox)
    check_port(settings)
    with leaving_on_sigterm(), opened_house(settings, may_join=False, tell=tell) as ready:
        tell(f"answering on {ready.origin}")
        leave_quietly(lambda: run(lambda: serve_until_told(ready)))


@app.command()
def demo(
    programme: Annotated[
        str, typer.Option(help="Which programme: znak-kachestva or askona; each keeps its own data.")
    ] = "znak-kachestva",
) -> None:
    """Everything at once with invented people: database, letters, cabinet, till. Until Ctrl-C; data stays."""
    from api.demo.run import SCENES  # noqa: PLC0415 - only the demo needs what it brings along
    from api.demo.run import main as run_demo  # noqa: PLC0415

    if programme not in SCENES:
        complain(f"there is no demo of {programme}; choose {' or '.join(SCENES)}")
        raise typer.Exit(1)
    run_demo(Settings.load(), programme)


@app.command()
def worker(
    health: Annotated[
        bool, typer.Option("--health", help="Only say by the exit code whether a worker is alive.")
    ] = False,
) -> None:
    """Run jobs until Ctrl-C. Any number of workers may run."""
    settings = Settings.load()
    if health:
        raise typer.Exit(0 if beat_is_fresh(settings) else 1)
    configure_logs(settings.log_level)
    with opened_house(settings, tell=tell) as ready:
        tell("working")
        run(lambda: work_until_told(ready))


@app.command()
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Only list what is missing; ends with 1 if anything is.")
    ] = False,
) -> None:
    """Bring the database to the newest schema."""
    settings = Settings.load()
    if settings.database_url is None:
        with private_server(settings, may_join=True, tell=tell) as url:
            bring_up(url, is_check=check)
    else:
        bring_up(settings.database_url, is_check=check)


def bring_up(url: str, *, is_check: bool) -> None:
    """Apply the missing migrations, telling each, or only list them."""
    if is_check:
        missing = run(lambda: pending(url))
        for one in missing:
            out.print(one)
        if missing:
            raise typer.Exit(1)
        return
    with err.status("migrating"):
        applied = run(lambda: migrate_database(url, tell=tell))
    err.print(f"{len(applied)} migrations applied" if applied else "nothing to migrate")


async def work_until_told(settings: Settings) -> None:
    """Run jobs and touch a file as long as the loop lives, so that a watcher sees a worker that hangs."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, stop.set)
    beat = settings.home / BEAT
    mailer = open_mailer(settings)
    async with (
        open_resources(settings) as resources,
        open_gateways(settings, mailer) as gateways,
        open_announcer(settings) as announcer,
    ):
        tools = Tools(resources=resources, mailer=mailer, gateways=gateways, announcer=announcer)
        async with at_work(settings, tools):
            while not stop.is_set():
                beat.touch()
                _, waiting = await asyncio.wait({asyncio.create_task(stop.wait())}, timeout=BEAT_SECONDS)
                for task in waiting:
                    task.cancel()
    beat.unlink(missing_ok=True)


def beat_is_fresh(settings: Settings) -> bool:
    """Whether a worker touched its file within the last minute."""
    try:
        return time.time() - (settings.home / BEAT).stat().st_mtime < BEAT_SECONDS_MAX
    except FileNotFoundError:
        return False


def leave_quietly(task: Callable[[], None]) -> None:
    """Ctrl-C is how a server is meant to end."""
    try:
        task()
    except KeyboardInterrupt:
        tell("stopped")


if __name__ == "__main__":
    app()
