"""The role and the database that the database container makes on its first start, on a server that is not ours to keep."""

import os
import subprocess
from pathlib import Path
from typing import Final
from uuid import uuid4

from api.binaries import find_binaries

SCRIPT: Final = Path(__file__).parents[2] / "ops" / "postgres" / "10-kunak.sh"


def make_role(socket_folder: str, folder: Path) -> str:
    """Run the script under another name, and give that name: of the role and of its database."""
    name = f"k{uuid4().hex}"
    text = SCRIPT.read_text().replace("ROLE kunak", f"ROLE {name}").replace("DATABASE kunak", f"DATABASE {name}")
    (folder / "init.sh").write_text(text.replace("OWNER kunak", f"OWNER {name}"))
    (folder / "password").write_text("a'word")
    environment = {
        "PATH": f"{find_binaries(folder / 'PG_VERSION').folder}:{os.environ['PATH']}",
        "PGHOST": socket_folder,
        "POSTGRES_USER": "kunak",
        "KUNAK_PASSWORD_FILE": str(folder / "password"),
    }
    subprocess.run(["sh", str(folder / "init.sh")], env=environment, check=True, capture_output=True)
    return name
