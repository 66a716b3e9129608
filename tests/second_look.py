"""Run what failed once more, by itself: a test that a stall of the machine beat passes now, a fault fails again.

Called by `make test` after a run with failures. Prints who needed the second look, since each of them is a test to mend.
Ends with 0 only if every one passed; more than MOST failures are no matter of luck and are not looked at again.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

MOST: Final = 5
RECORD: Final = Path(".pytest_cache/v/cache/lastfailed")


def main() -> int:
    """The exit code of the whole: 0 if the few that failed pass alone."""
    failed = sorted(json.loads(RECORD.read_bytes())) if RECORD.exists() else []
    if not 0 < len(failed) <= MOST:
        return 1
    print("\nOnce more, alone:", *failed, sep="\n  ", flush=True)
    # Without the cache: the record of the run stays for whoever looks into it.
    again = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *failed], check=False)
    if again.returncode == 0:
        print("\nThese failed among the others and passed alone. Mend what they depend on:", *failed, sep="\n  ")
    return again.returncode


if __name__ == "__main__":
    sys.exit(main())
