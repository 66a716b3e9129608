"""`kunak keys`: the file of keys that seal secrets at rest."""

from typing import Annotated

import typer

from api.commands.telling import complain, err, in_house, out
from api.settings import Settings
from api.wiring import make_key_file, read_keyring
from services import resealing

app = typer.Typer(help="Keys that seal secrets at rest.", no_args_is_help=True)


@app.command()
def new() -> None:
    """Make the key file, where there is none."""
    settings = Settings.load()
    if not make_key_file(settings):
        complain(f"{settings.key_file} is there already, and what it sealed opens with nothing else")
        raise typer.Exit(1)
    out.print(f"made {settings.key_file}: keep a copy of it, apart from the copies of the database")


@app.command()
def check() -> None:
    """Read the key file and say which key seals."""
    out.print(f"key {read_keyring(Settings.load()).newest} seals")


@app.command()
def reseal(
    check: Annotated[bool, typer.Option("--check", help="Only say how many secrets lie under which key.")] = False,
) -> None:
    """Seal every secret anew under the newest key, so that an older one can be taken out. May be broken off and repeated."""
    if not check:
        with err.status("sealing") as status:
            done = in_house(
                lambda settings: resealing.reseal(
                    read_keyring(settings), tell=lambda done: status.update(f"sealing: {done} done")
                )
            )
        err.print(f"{done} sealed anew" if done else "nothing to seal anew")
    for number, roots in in_house(lambda _: resealing.sealed_by_key()).items():
        out.print(f"key {number}: {roots}")
