"""How commands speak: results to the output, sentences about trouble to the error output, and an exit code that fits."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, TypeVar

import typer
from rich.console import Console
from rich.markup import escape
from typer.core import TyperGroup

from api.binaries import Absent
from api.messaging import Incomplete
from api.opening import opened_house, run
from api.postgres import Unstartable
from api.settings import BadSettings, Settings
from api.wiring import Unready, open_resources
from graph.words import sentence
from integrations.ports import Refused, Unavailable
from loyalty.refusals import Refusal
from models import database
from services.keyring import BadKeys
from services.resources import Resources

T = TypeVar("T")
TROUBLE: Final = 1
BAD_SETTINGS: Final = 2
EXPECTED: Final = (Absent, Unstartable, Unready, Incomplete, BadKeys, Refused, Unavailable)
out: Final = Console(highlight=False, soft_wrap=True)
err: Final = Console(stderr=True, highlight=False, soft_wrap=True)


class Commands(TyperGroup):
    """A group whose expected troubles end as one sentence, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BadSettings as faults:
            for line in str(faults).splitlines():
                complain(line)
            complain("docs/settings.md lists every setting")
            raise typer.Exit(BAD_SETTINGS) from None
        except EXPECTED as trouble:
            complain(str(trouble))
            raise typer.Exit(TROUBLE) from None
        except Refusal as refusal:
            complain(sentence(refusal.words, "en", refusal.facts))
            raise typer.Exit(TROUBLE) from None


def complain(line: str) -> None:
    """A sentence about trouble."""
    err.print(f"[red]kunak:[/red] {escape(line)}")


def tell(line: str) -> None:
    """A line about progress."""
    err.print(f"[dim]·[/dim] {escape(line)}")


def in_house(task: Callable[[Settings], Awaitable[T]]) -> T:
    """Do something with the database: open it, do it, close it. Joins a private server that is running."""
    settings = Settings.load()
    with opened_house(settings, tell=tell) as ready:

        async def inside() -> T:
            await database.connect(str(ready.database_url), connections=4)
            try:
                return await task(ready)
            finally:
                await database.close()

        return run(inside)


def with_resources(task: Callable[[Resources], Awaitable[T]]) -> T:
    """Do something that needs more of the house than its database: keys, limits, the address people see."""
    with opened_house(Settings.load(), tell=tell) as ready:

        async def inside() -> T:
            async with open_resources(ready) as resources:
                return await task(resources)

        return run(inside)
