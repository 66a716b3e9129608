"""`kunak jobs`: jobs that were given up, and another try for them."""

from typing import Annotated
from uuid import UUID

import typer

from api.clock import now
from api.commands.telling import complain, err, in_house
from services import outbox

app = typer.Typer(help="Jobs that were given up.", no_args_is_help=True)


@app.command()
def dead(limit: Annotated[int, typer.Option(min=1, max=1000, help="How many to list.")] = 50) -> None:
    """List the jobs given up last: id, name, attempts, moment and reason, a line each."""
    found = in_house(lambda _: outbox.dead(limit=limit))
    if not found:
        err.print("no job is dead")
        return
    for job in found:
        row = (job.id, job.name, job.attempts, job.died_at.isoformat(timespec="seconds"), job.error or "")
        typer.echo("\t".join(map(str, row)))


@app.command()
def replay(
    ids: Annotated[list[UUID] | None, typer.Argument(help="Ids of dead jobs.")] = None,
    every: Annotated[bool, typer.Option("--all", help="Every dead job.")] = False,
) -> None:
    """Give dead jobs all their tries back."""
    if bool(ids) == every:
        raise typer.BadParameter("name dead jobs by their ids, or say --all")
    replayed = in_house(lambda _: outbox.replay(None if every else ids, now=now()))
    missing = set(ids or ()) - set(replayed)
    err.print(f"{len(replayed)} replayed")
    for one in sorted(missing):
        complain(f"{one} is not a dead job")
    if missing:
        raise typer.Exit(1)
