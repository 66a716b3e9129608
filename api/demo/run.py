"""Running the demo: the private database, the letters, the programme, the people, the server, and one file about it all."""

import asyncio
import json
import socket
import sys
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from starlette.routing import Route

from api.app import create_app, server
from api.clock import now
from api.demo.description import describe, show
from api.demo.filling import fill
from api.demo.keys import Keys, write_private
from api.pages import page_routes
from api.postgres import Postgres
from api.settings import Settings
from api.wiring import make_key_file, open_mailer, open_resources
from integrations.standins.mailbox import Mailbox
from jobs.registry import Tools
from jobs.running import working
from models import database
from models.migrating import migrate
from services import programmes

PROGRAMMES: Final = Path(__file__).parents[2] / "programmes"
# The programme of before first: its receipts and its rates stay in the books of the people who were there.
VERSIONS: Final = (("znak-kachestva-2022.yaml", 400), ("znak-kachestva.yaml", 365))
DATABASE: Final = "kunak"
_MARK: Final = "CREATE TABLE IF NOT EXISTS demo_filled (at timestamptz NOT NULL)"


class PortTaken(Exception):
    """Somebody else listens there; the text says what to do."""


def main(settings: Settings) -> None:
    """Run the demo until Ctrl-C. Data, keys and passwords stay in the home; nothing else stays."""
    console = Console(file=sys.stderr, highlight=False)
    refuse_taken_port(settings)
    home = settings.home
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    (home / "demo.json").unlink(missing_ok=True)
    postgres = Postgres(home / "postgres")
    console.print("Starting PostgreSQL …")
    postgres.start()
    try:
        asyncio.run(_run(settings, postgres, console))
    except KeyboardInterrupt:
        pass
    finally:
        (home / "demo.json").unlink(missing_ok=True)
        postgres.stop()
        console.print("Stopped. Data stays in", str(home))


def refuse_taken_port(settings: Settings) -> None:
    """Raise `PortTaken` where another server answers already, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError:
            raise PortTaken(
                f"Port {settings.port} is taken. Choose another: PORT={settings.port + 1} make demo"
            ) from None


async def _run(settings: Settings, postgres: Postgres, console: Console) -> None:
    keys = Keys(settings.home / "demo-keys.json")
    make_key_file(settings)
    await _ready_database(postgres)
    await _migrate(postgres, console)
    async with AsyncExitStack() as stack:
        mailbox = await stack.enter_async_context(Mailbox(now).open())
        settings = replace(
            settings,
            database_url=postgres.url(DATABASE),
            smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
            smtp_plain=True,
            introspection=True,
            policy=replace(settings.policy, loopback_exempt=True),
        )
        resources = await stack.enter_async_context(open_resources(settings))
        await _programme()
        if await database.fetchval("SELECT to_regclass('demo_filled')") is None:
            with progress(console) as bar:
                task = bar.add_task("members and their year")
                await fill(
                    resources,
                    keys,
                    now=now(),
                    tell=lambda what, done, of: bar.update(task, description=what, completed=done, total=of),
                )
            keys.save()
            await database.execute(_MARK)
        await stack.enter_async_context(working(Tools(resources=resources, mailer=open_mailer(settings)), now))
        app = create_app(
            settings, resources=resources, routes=[Route("/mailbox", mailbox.page), *page_routes(settings)]
        )
        serving = server(settings, app)
        task_of_server = asyncio.create_task(serving.serve())
        while not serving.started and not task_of_server.done():
            await asyncio.sleep(0.02)
        if serving.started:
            told = await describe(keys, url=settings.origin, now=now())
            write_private(settings.home / "demo.json", told)
            show(console, told, str(settings.home / "demo.json"))
        await task_of_server


async def _ready_database(postgres: Postgres) -> None:
    """Make the database where there is none; a first start that was ended half-way is forgotten and begun anew."""
    connection = await asyncpg.connect(_plain(postgres, "postgres"))
    try:
        if await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE) is not None:
            if not await _is_half_filled(postgres):
                return
            await connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
        await connection.execute(f"CREATE DATABASE {DATABASE}")
    finally:
        await connection.close()


async def _is_half_filled(postgres: Postgres) -> bool:
    connection = await asyncpg.connect(_plain(postgres, DATABASE))
    try:
        is_half: bool = await connection.fetchval(
            "SELECT to_regclass('till') IS NOT NULL AND to_regclass('demo_filled') IS NULL"
        )
    finally:
        await connection.close()
    return is_half


def _plain(postgres: Postgres, name: str) -> str:
    return postgres.url(name).replace("asyncpg://", "postgresql://")


async def _migrate(postgres: Postgres, console: Console) -> None:
    applied = await migrate(postgres.url(DATABASE), tell=lambda name: console.print("Migrating", name))
    if applied:
        console.print(f"{len(applied)} migrations applied")


async def _programme() -> None:
    if await database.fetchval("SELECT count(*) FROM programme_version"):
        # A file that was edited since is a new version; an unchanged one makes none.
        await programmes.apply(PROGRAMMES / VERSIONS[-1][0], now())
        return
    for file, days in VERSIONS:
        applied = await programmes.apply(PROGRAMMES / file, now() - timedelta(days=days))
        if applied.version is None:
            faults = [fault.message for fault in applied.checked.faults]
            raise ValueError(f"{file}: {json.dumps(faults, ensure_ascii=False)}")


def progress(console: Console) -> Progress:
    """A bar with what is being done, how far it is and how long it took."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    return Progress(*columns, TimeElapsedColumn(), console=console)

