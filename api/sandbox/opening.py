"""Making, entering and dropping a sandbox: a database beside the real one, with a folder and keys of its own."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

import asyncpg
from tortoise.exceptions import DBConnectionError

from api import clock
from api.sandbox.recorder import RecordingGateway
from api.settings import Settings
from api.wiring import Unready, make_key_file
from models import database
from models.migrating import migrate
from services import sandbox
from services.sandbox import SandboxTime

FOLDER: Final = "sandbox"
SUFFIX: Final = "_sandbox"
MISSING: Final = "there is no sandbox: make one with `kunak sandbox create`"
Tell = Callable[[str], None]


def url_beside(url: str) -> str:
    """The address of the sandbox of a database: the same server, the same name with an ending."""
    parts = urlsplit(url)
    return parts._replace(path=f"{parts.path}{SUFFIX}").geturl()


def inside(real: Settings) -> Settings:
    """The settings of the sandbox beside a house. Nothing in them leads outside: no relay, gateway, Redis, booking engine or restaurants' cloud."""
    return replace(
        real,
        sandbox=True,
        database_url=url_beside(str(real.database_url)),
        home=real.home / FOLDER,
        keys=None,
        redis_url=None,
        smtp_url=None,
        sms_gateways=(RecordingGateway.name,) if real.sms_gateways else (),
        viber_gateways=(RecordingGateway.name,) if real.viber_gateways else (),
        travelline_client_id=None,
        travelline_client_secret=None,
        travelline_api_key=None,
        iiko_api_key=None,
    )


async def make(real: Settings, tell: Tell) -> None:
    """Make the sandbox with the versions of the programme. Nobody's data is taken along."""
    settings, name = inside(real), _name(real)
    if await look(settings) is not None:
        raise Unready("there is a sandbox already: `kunak sandbox drop` takes it away")
    kept = await _of_real(real)
    if not kept:
        raise Unready("no programme was applied yet: `kunak programme apply FILE` first")
    # One that was killed half made has no mark, and nothing worth keeping.
    await _command(real, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}"')
    await migrate(str(settings.database_url), tell=lambda one: tell(f"migration {one}"))
    make_key_file(settings)
    await database.connect(str(settings.database_url), connections=2)
    try:
        await sandbox.furnish(kept, clock.now())
    finally:
        await database.close()


async def enter(real: Settings, tell: Tell) -> Settings:
    """The settings of the sandbox, its schema brought up and the clock of this process put where its own stands."""
    settings = inside(real)
    time = await look(settings)
    if time is None:
        raise Unready(MISSING)
    await migrate(str(settings.database_url), tell=lambda one: tell(f"migration {one}"))
    clock.move(time.ahead)
    return settings


async def drop(real: Settings) -> None:
    """Take the sandbox away with its folder. Nothing but a sandbox is ever dropped."""
    settings = inside(real)
    if await look(settings) is None:
        raise Unready(MISSING)
    await _command(real, f'DROP DATABASE "{_name(real)}" WITH (FORCE)')
    shutil.rmtree(settings.home, ignore_errors=True)


async def look(settings: Settings) -> SandboxTime | None:
    """What time it is in the sandbox of these settings; None where there is no database, or one that is none."""
    try:
        await database.connect(str(settings.database_url), connections=2)
    except DBConnectionError as error:
        if isinstance(error.__cause__, asyncpg.InvalidCatalogNameError):
            return None
        raise
    try:
        return await sandbox.time_of()
    finally:
        await database.close()


@asynccontextmanager
async def connected(real: Settings) -> AsyncIterator[None]:
    """The database of the sandbox, for a look at it."""
    settings = inside(real)
    if await look(settings) is None:
        raise Unready(MISSING)
    await database.connect(str(settings.database_url), connections=2)
    try:
        yield
    finally:
        await database.close()


def _name(real: Settings) -> str:
    name = urlsplit(url_beside(str(real.database_url))).path.removeprefix("/")
    if '"' in name:
        raise Unready("the name of the database has a quote in it")
    return name


async def _of_real(real: Settings) -> list[Any]:
    await database.connect(str(real.database_url), connections=2)
    try:
        return await sandbox.versions()
    finally:
        await database.close()


async def _command(real: Settings, *statements: str) -> None:
    """Statements that no transaction may hold, from the real database, which stays as it is."""
    await database.connect(str(real.database_url), connections=2)
    try:
        connection = await database.connection_apart()
        try:
            await connection.execute("SET statement_timeout = 0")
            for statement in statements:
                await connection.execute(statement)
        except asyncpg.InsufficientPrivilegeError:
            raise Unready("the role may not make databases: ALTER ROLE … CREATEDB, for as long as it does") from None
        finally:
            await connection.close()
    finally:
        await database.close()
