"""What a campaign of a programme file asks for."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeVar

from loyalty.programme import Channel, Partner, Tier
from loyalty.programme_file import shapes
from loyalty.programme_file.reading import Fields, fields_of, misspelt, one_word, words_of
from loyalty.promotions.campaigns import Birthday, Bounds, Conditions, Fact, Hours, Nth, Weekday

DAYS_MAX: Final = 183
COUNT_MAX: Final = 999_999_999
NTH_MAX: Final = 10_000
UNITS_MAX: Final = 10_000
E = TypeVar("E", bound=StrEnum)
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_HOURS: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Around:
    """The tiers and partners of the programme."""

    tiers: tuple[Tier, ...]
    partners: tuple[Partner, ...]

    def date_of(self, entry: Fields, key: str) -> date | None:
        """A local date that may be left out."""
        text = entry.scalar(key, "2026-01-31") if entry.has(key) else None
        if text is None:
            return None
        try:
            return date.fromisoformat(text) if _DATE.fullmatch(text) else _no_date()
        except ValueError:
            entry.wrong(key, f'"{text[:20]}" is no date.', f"write such as `{key}: 2026-01-31`.")
            return None


def read_conditions(campaign: Fields, around: Around) -> Conditions | None:
    """The field `when`; without it a campaign is for every basket."""
    if not campaign.has("when"):
        return Conditions()
    entry = fields_of(campaign.by_key["when"], f"{campaign.what}, when", shapes.WHEN, campaign.findings)
    if entry is None:
        return None
    partners = _words(entry, "partners", [partner.id for partner in around.partners])
    where = [partner for partner in around.partners if not partners or partner.id in partners]
    return Conditions(
        tiers=_words(entry, "tiers", [tier.id for tier in around.tiers]),
        partners=partners,
        outlets=_words(entry, "outlets", [outlet.id for partner in where for outlet in partner.outlets]),
        channels=tuple(word.value for word in _kinds(entry, "channels", Channel)),
        services=_words(entry, "services", _services(where)),
        weekdays=_kinds(entry, "weekdays", Weekday),
        hours=_hours(entry),
        line_min=(entry.money("line_min") or 0) if entry.has("line_min") else 0,
        basket_min=(entry.money("basket_min") or 0) if entry.has("basket_min") else 0,
        quantity_min=(entry.whole("quantity_min", 1, UNITS_MAX) or 0) * 1000 if entry.has("quantity_min") else 0,
        nth_purchase=_nth(entry),
        birthday=_birthday(entry),
        members=_members(entry),
    )


def _services(partners: list[Partner]) -> list[str]:
    return list(dict.fromkeys(service.id for partner in partners for service in partner.services))


def _words(entry: Fields, key: str, known: Collection[str]) -> tuple[str, ...]:
    if not entry.has(key):
        return ()
    found = []
    for word in words_of(entry, key, "[…]"):
        meant: str | None = word.text
        if word.text not in known:
            message = f'{entry.what}: "{word.text[:60]}" is none of the {key} it may name.'
            meant = misspelt(word.text, known, tuple(known)[:10], message, word.line, entry.findings)
        if meant is not None:
            found.append(meant)
    return tuple(found)


def _kinds(entry: Fields, key: str, kinds: type[E]) -> tuple[E, ...]:
    if not entry.has(key):
        return ()
    found = {one_word(entry, key, word.text, kinds) for word in words_of(entry, key, f"[{next(iter(kinds)).value}]")}
    return tuple(kind for kind in kinds if kind in found)


def _hours(entry: Fields) -> Hours | None:
    text = entry.scalar("hours", '"10:00-16:00"') if entry.has("hours") else None
    if text is None:
        return None
    found = _HOURS.fullmatch(text)
    if found is None:
        entry.wrong("hours", f'"{text[:20]}" are no hours.', 'write such as `hours: "10:00-16:00"`.')
        return None
    opens, opens_at, closes, closes_at = (int(part) for part in found.groups())
    return Hours(opens * 60 + opens_at, closes * 60 + closes_at)


def _nth(entry: Fields) -> Nth | None:
    part = _part(entry, "nth_purchase", shapes.NTH)
    if part is None:
        return None
    if part.has("number") == part.has("every"):
        entry.wrong("nth_purchase", "it names one purchase or every so many.", "write `{number: 1}` or `{every: 5}`.")
        return None
    key = "every" if part.has("every") else "number"
    number = part.whole(key, 1, NTH_MAX)
    return None if number is None else Nth(number, is_every=key == "every")


def _birthday(entry: Fields) -> Birthday | None:
    part = _part(entry, "birthday", shapes.BIRTHDAY)
    if part is None:
        return None
    before, after = part.whole("before", 0, DAYS_MAX), part.whole("after", 0, DAYS_MAX)
    return None if before is None or after is None else Birthday(before, after)


def _members(entry: Fields) -> tuple[Bounds, ...]:
    part = _part(entry, "members", shapes.MEMBERS)
    if part is None:
        return ()
    found = []
    for fact in Fact:
        bounds = _part(part, fact.value, shapes.BOUNDS)
        if bounds is None:
            continue
        low, high = (_bound(bounds, key, fact) for key in shapes.BOUNDS)
        if low is None and high is None:
            part.wrong(fact.value, f'"{fact.value}" has no bound.', "write `{from: 1}`, `{to: 10}` or both.")
        if low is not None and high is not None and low > high:
            part.wrong(fact.value, "nothing lies between these bounds.", "write the smaller number under `from`.")
        found.append(Bounds(fact, low, high))
    return tuple(found)


def _bound(bounds: Fields, key: str, fact: Fact) -> int | None:
    if not bounds.has(key):
        return None
    return bounds.money(key) if fact is Fact.ACCUMULATED else bounds.whole(key, 0, COUNT_MAX)


def _part(entry: Fields, key: str, keys: tuple[str, ...]) -> Fields | None:
    return fields_of(entry.by_key[key], f"{entry.what}, {key}", keys, entry.findings) if entry.has(key) else None


def _no_date() -> date:
    raise ValueError
