"""`kunak nightly`: the nightly run, as it went and by hand."""

from typing import Annotated

import typer

from api.clock import now
from api.commands.telling import complain, err, in_house, tell, with_resources
from jobs.nightly import STEPS
from services import nightly
from services.nightly import Part, RunFacts

app = typer.Typer(help="The nightly run: as it went, and by hand.", no_args_is_help=True)


@app.callback()
def group() -> None:
    """The nightly run: as it went, and by hand."""


@app.command()
def status(nights: Annotated[int, typer.Option(min=1, max=400, help="How many nights to list.")] = 7) -> None:
    """List the last nights with their steps, a line each; ends with 1 if the newest finished step or run has trouble."""
    found = in_house(lambda _: nightly.runs(nights=nights))
    if not found:
        err.print("no night was run yet")
        return
    for run in found:
        typer.echo("\t".join((run.day.isoformat(), _state(run), run.trouble or "")))
        for step in run.steps:
            state = "finished" if step.finished_at else "unfinished"
            row = (f"  {step.name}", state, f"{step.done} done", f"{step.parts} parts", f"{step.seconds:.1f} s")
            typer.echo("\t".join((*row, step.trouble or "")))
    if found[0].trouble or any(step.trouble for step in found[0].steps):
        raise typer.Exit(1)


@app.command()
def run() -> None:
    """Do tonight's run now, or go on where it stopped. The worker does it by itself; once a night, whoever begins."""

    def told(name: str, part: Part) -> None:
        tell(f"{name}: {part.done}{' …' if not part.is_over else ''}{f' ({part.trouble})' if part.trouble else ''}")

    if with_resources(lambda resources: nightly.go_on(STEPS, resources, now(), told=told)):
        err.print("tonight's run is finished")
        return
    complain("tonight's run is at work elsewhere, or a step failed: `kunak nightly status` tells")
    raise typer.Exit(1)


def _state(run: RunFacts) -> str:
    if run.finished_at is None:
        return "unfinished"
    return f"finished in {sum(step.seconds for step in run.steps):.1f} s"
