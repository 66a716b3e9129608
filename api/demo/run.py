"""Running the demo: the private database, the letters, the programme, the people, the server, and one file about it all."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

import asyncpg
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.app import create_app, server
from api.clock import now
from api.commands.telling import tell
from api.demo import askona, znak_kachestva
from api.demo.description import describe, show
from api.demo.dining import dining
from api.demo.filling import fill
from api.demo.gateways import houses_of, open_acquirer, open_hotels, open_restaurants, open_sites, open_standins
from api.demo.keys import Keys, write_private
from api.demo.scene import Scene
from api.messaging import open_gateways
from api.opening import private_server, run
from api.pages import page_routes
from api.playground import playground_routes
from api.serving import check_port, leaving_on_sigterm
from api.settings import Settings
from api.wiring import make_key_file, open_announcer, open_mailer, open_resources
from integrations.standins.mailbox import Mailbox
from jobs.registry import Tools
from jobs.running import working
from models import database
from models.migrating import migrate
from services import programmes

PROGRAMMES: Final = Path(__file__).parents[2] / "programmes"
SCENES: Final = {scene.programme: scene for scene in (znak_kachestva.SCENE, askona.SCENE)}
_HALF: Final = "SELECT to_regclass('till') IS NOT NULL AND to_regclass('demo_filled') IS NULL"
_MARK: Final = "CREATE TABLE IF NOT EXISTS demo_filled (at timestamptz NOT NULL)"


def main(settings: Settings, programme: str = znak_kachestva.SCENE.programme) -> None:
    """Run the demo until Ctrl-C. Data, keys and passwords stay in the home; nothing else stays.

    The first programme lives in the home itself, another in a folder of it; `demo.json` of the home tells of the one
    that was started last.
    """
    check_port(settings)
    scene = SCENES[programme]
    description = settings.home / "demo.json"
    settings = replace(settings, log_level="warning", home=home_of(settings.home, scene))
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    make_key_file(settings)
    console = Console(stderr=True, highlight=False)
    try:
        with leaving_on_sigterm(), private_server(settings, may_join=False, tell=tell) as url:
            # Only now is the home ours: another demo that runs in it keeps its description.
            try:
                description.unlink(missing_ok=True)
                run(lambda: _begin_anew_if_half_filled(url))
                run(lambda: migrate(url, tell=lambda name: tell(f"migration {name}")))
                run(lambda: _serve(replace(settings, database_url=url), scene, description, console))
            finally:
                _forget(description, settings.origin)
    except KeyboardInterrupt:
        pass
    except SystemExit as left:
        if left.code:
            raise
    # Told however it was ended: by Ctrl-C, or by a signal to a process in the background.
    tell("stopped")


def _forget(description: Path, origin: str) -> None:
    """Take the description away unless a demo that was started since has put its own there."""
    if description.exists() and json.loads(description.read_text())["url"] == origin:
        description.unlink()


def home_of(home: Path, scene: Scene) -> Path:
    """Where a demo keeps its data."""
    return home if scene is znak_kachestva.SCENE else home / scene.programme


async def _serve(settings: Settings, scene: Scene, description: Path, console: Console) -> None:
    keys = Keys(settings.home / "demo-keys.json")
    async with AsyncExitStack() as stack:
        settings, phones = await stack.enter_async_context(open_standins(settings))
        settings = await stack.enter_async_context(open_hotels(settings))
        settings = await stack.enter_async_context(open_acquirer(settings))
        settings, cloud = await stack.enter_async_context(open_restaurants(settings, scene))
        settings, site = await stack.enter_async_context(open_sites(settings, scene))
        mailbox = await stack.enter_async_context(Mailbox(now, phones=phones).open())
        settings = replace(
            settings,
            smtp_url=f"smtp://127.0.0.1:{mailbox.port}",
            smtp_plain=True,
            introspection=True,
            webhook_networks=("127.0.0.0/8", "::1/128"),
            policy=replace(settings.policy, loopback_exempt=True),
        )
        resources = await stack.enter_async_context(open_resources(settings))
        await _programme(scene)
        site.houses = houses_of(scene, await programmes.current(now()))
        if await database.fetchval("SELECT to_regclass('demo_filled')") is None:
            with progress(console) as bar:
                await fill(resources, scene, keys, now=now(), tell=bar)
            keys.save()
            await database.execute(_MARK)
        mailer = open_mailer(settings)
        gateways = await stack.enter_async_context(open_gateways(settings, mailer))
        announcer = await stack.enter_async_context(open_announcer(settings))
        tools = Tools(resources=resources, mailer=mailer, gateways=gateways, announcer=announcer)
        await stack.enter_async_context(working(tools, now))
        routes = [*mailbox.routes, *playground_routes(), *page_routes(settings)]
        app = create_app(settings, resources=resources, routes=routes)
        serving = server(settings, app)
        task_of_server = asyncio.create_task(serving.serve())
        while not serving.started and not task_of_server.done():  # noqa: ASYNC110 - uvicorn tells by a flag alone
            await asyncio.sleep(0.02)
        if serving.started:
            told = await describe(scene, keys, url=settings.origin, hotel_sites=site.url, now=now())
            write_private(description, told)
            show(console, scene, told, str(description))
            if cloud is not None:
                await stack.enter_async_context(dining(resources, scene, cloud))
        await task_of_server


async def _begin_anew_if_half_filled(url: str) -> None:
    """A first start that was ended half-way left people without their year: forget them."""
    connection = await asyncpg.connect(url.replace("asyncpg://", "postgresql://"))
    try:
        if await connection.fetchval(_HALF):
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    finally:
        await connection.close()


async def _programme(scene: Scene) -> None:
    if await database.fetchval("SELECT count(*) FROM programme_version"):
        # A file that was edited since is a new version; an unchanged one makes none.
        await programmes.apply(PROGRAMMES / scene.versions[-1][0], now())
        return
    for file, days in scene.versions:
        applied = await programmes.apply(PROGRAMMES / file, now() - timedelta(days=days))
        if applied.version is None:
            faults = [fault.message for fault in applied.checked.faults]
            raise ValueError(f"{file}: {json.dumps(faults, ensure_ascii=False)}")


@contextmanager
def progress(console: Console) -> Iterator[Callable[[str, int, int], None]]:
    """Hears (what, done, of how many): a bar at a terminal, lines in a log, where a bar shows nothing until its end."""
    if not console.is_terminal:
        yield lambda what, done, of: tell(f"{what} {done}/{of}")
        return
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    with Progress(*columns, TimeElapsedColumn(), console=console) as bar:
        task = bar.add_task("members and their year")
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)
