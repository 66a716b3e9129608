"""The data of a profile and how they change: one rule for the cabinet, tills and web shops."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.programme import Programme
from services import letters
from services.letter_words import Kind
from services.work import Work

_NAMES: Final = "SELECT last_name, first_name, patronymic FROM member WHERE id = $1"
_RENAME: Final = "UPDATE member SET last_name = $2, first_name = $3, patronymic = $4 WHERE id = $1"


@dataclass(frozen=True, slots=True)
class Names:
    """New names; None leaves one as it is, and an empty patronymic takes it away."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None


def checked(names: Names, programme: Programme, *, path: str) -> Names:
    """The names in their one spelling, by the rules of joining. Raises INVALID_INPUT with the place below `path`."""
    cyrillic = programme.names_cyrillic_only
    found = names
    if names.last_name is not None:
        name = people.name(names.last_name, field=f"{path}.lastName", cyrillic_only=cyrillic)
        found = replace(found, last_name=name)
    if names.first_name is not None:
        name = people.name(names.first_name, field=f"{path}.firstName", cyrillic_only=cyrillic)
        found = replace(found, first_name=name)
    if names.patronymic is not None:
        kept = people.optional_name(names.patronymic, field=f"{path}.patronymic", cyrillic_only=cyrillic)
        found = replace(found, patronymic=kept or "")
    return found


async def rename(
    tx: Work, member: UUID, names: Names, now: datetime
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Write new names, and give what changed as (before, after), by first letters. The member's row is locked."""
    row = await tx.fetchrow(_NAMES, member)
    assert row is not None  # noqa: S101 - its row is locked
    before = dict(row)
    after = {
        "last_name": before["last_name"] if names.last_name is None else names.last_name,
        "first_name": before["first_name"] if names.first_name is None else names.first_name,
        "patronymic": before["patronymic"] if names.patronymic is None else names.patronymic or None,
    }
    if after == before:
        return {}, {}
    await tx.execute(_RENAME, member, *after.values())
    await letters.ask(tx, Kind.PROFILE_CHANGED, member, now)
    changed = [name for name in after if after[name] != before[name]]
    return tuple({name: people.masked(facts[name] or "") for name in changed} for facts in (before, after))  # type: ignore[return-value]
