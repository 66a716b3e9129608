"""The command line as a tree, to look commands up in it without running them."""

from collections.abc import Sequence
from typing import Any

import typer.main

from api.cli import app


def command_of(words: Sequence[str]) -> str | None:
    """The name of the command that these words call, or None where there is none of that name or with those options."""
    command: Any = typer.main.get_command(app)
    path: list[str] = []
    rest = list(words)
    while (inner := getattr(command, "commands", None)) is not None and rest and not rest[0].startswith("-"):
        if rest[0] not in inner:
            return None
        command = inner[rest[0]]
        path.append(rest.pop(0))
    named = {word.partition("=")[0] for word in rest if word.startswith("--")}
    known = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    if not named <= known or (inner is not None and "--help" not in named):
        return None
    return " ".join(path) or "kunak"
