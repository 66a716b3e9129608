"""The data of a profile and how they change: one rule for the cabinet, tills and web shops."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from loyalty import people
from loyalty.business_days import business_date
from loyalty.programme import Programme
from loyalty.refusals import Code, Refusal
from services import callers, letters, programmes
from services.joining import DAY_SECONDS
from services.letter_words import Kind
from services.resources import Resources
from services.work import Work, work

_NAMES: Final = "SELECT last_name, first_name, patronymic FROM member WHERE id = $1"
_RENAME: Final = "UPDATE member SET last_name = $2, first_name = $3, patronymic = $4 WHERE id = $1"
_LOCK: Final = "SELECT birth_date FROM member WHERE id = $1 FOR NO KEY UPDATE"


@dataclass(frozen=True, slots=True)
class Names:
    """New names; None leaves one as it is, and an empty patronymic takes it away."""

    last_name: str | None = None
    first_name: str | None = None
    patronymic: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChange:
    """What a member changes in the cabinet; None leaves it. `locale` is the language of letters and messages."""

    names: Names = Names()
    birth_date: date | None = None
    locale: str | None = None


async def change(member: UUID, wish: OwnChange, resources: Resources, now: datetime) -> None:
    """Change a member's own data; a letter tells of new names.

    A day of birth is given once: campaigns hold around it, so what was given stays. Raises INVALID_INPUT,
    LIMIT_REACHED.
    """
    if wish == OwnChange():
        raise Refusal(Code.INVALID_INPUT, "entry.nothing", field="input")
    programme = await programmes.current(now)
    names, born = checked(wish.names, programme, path="input"), wish.birth_date
    if born is not None:
        today, age = business_date(now, programme.time_zone), programme.minimum_age
        people.birth_date(born, today=today, minimum_age=age, field="input.birthDate")
    if names != Names():
        limit = resources.policy.profile_changes_per_member_day
        await callers.spend(resources, "profile.names", str(member), limit=limit, window_seconds=DAY_SECONDS, now=now)
    async with work() as tx:
        known = await tx.fetchval(_LOCK, member)
        if born is not None and known not in (None, born):
            raise Refusal(Code.INVALID_INPUT, "people.birth_given", field="input.birthDate")
        await rename(tx, member, names, now)
        if born is not None and known is None:
            await tx.execute("UPDATE member SET birth_date = $2 WHERE id = $1", member, born)
        if wish.locale is not None:
            await tx.execute("UPDATE member SET locale = $2 WHERE id = $1", member, wish.locale)


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
