"""`python -m integrations.standins.iiko_front SCRIPT --demo var/demo.json --outlet SLUG`: a shift against a running demo."""

import argparse
import asyncio
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any, Final

import httpx2

from integrations.standins.iiko_front.phone import sign_in
from integrations.standins.iiko_front.shift import Restaurant, read_script
from integrations.standins.iiko_front.wire import Faults
from loyalty.money import print_money

# A code is taken once in its half minute: as long as a wait of the script must at least be.
WAIT_SECONDS_MAX: Final = 31.0
GUESTS: Final = ("anna", "petr")


async def play(script: Path, told: dict[str, Any], outlet: str, faults: Faults, chance: Random) -> bool:
    """Play a script with the first members of two tiers; say what was taken, and whether nothing was refused."""
    key = next(till["key"] for till in told["tills"] if till["outlet"] == outlet)
    members = {member["tier"]: member for member in reversed(told["members"])}
    async with httpx2.AsyncClient(base_url=told["url"]) as client:
        chosen = list(members.values())[-len(GUESTS) :]
        phones = {
            name: await sign_in(client, one["login"], one["password"]) for name, one in zip(GUESTS, chosen, strict=True)
        }

        numbers = {name: one["phone"] for name, one in zip(GUESTS, chosen, strict=True)}

        async def wait(minutes: float) -> None:
            await asyncio.sleep(min(minutes * 60, WAIT_SECONDS_MAX))

        with tempfile.TemporaryDirectory() as disk:
            keys = {"hall": key, "bar": key}
            restaurant = Restaurant(
                client, keys, Path(disk), _now, lambda guest, at: phones[guest].code(at), chance, faults, wait, numbers
            )
            await restaurant.play(read_script(script))
    for order, kopecks in restaurant.taken().items():
        sys.stdout.write(f"{order}\t{print_money(kopecks)}\n")
    refused = [one for plugin in restaurant.plugins.values() for one in plugin.refused]
    sys.stderr.write("".join(f"{one['event']['order']}: {one['problem']['message']}\n" for one in refused))
    return not refused


def _now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 - a program of its own, with a clock of its own


def main() -> None:
    """Read the command line and play."""
    parser = argparse.ArgumentParser(description="Play a shift of a restaurant with our plugin against a running demo.")
    parser.add_argument("script", type=Path)
    parser.add_argument("--demo", type=Path, default=Path("var/demo.json"))
    parser.add_argument("--outlet", default="dacha-vintera-restaurant")
    parser.add_argument("--lost", type=int, default=0, help="answers lost, of a hundred")
    parser.add_argument("--seed", type=int, default=0)
    told = parser.parse_args()
    demo, faults = json.loads(told.demo.read_text("utf-8")), Faults(answers_lost=told.lost)
    chance = Random(told.seed)  # noqa: S311 - faults that a seed repeats, no secrets
    is_clean = asyncio.run(play(told.script, demo, told.outlet, faults, chance))
    sys.exit(0 if is_clean else 1)


if __name__ == "__main__":
    main()
