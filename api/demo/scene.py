"""What a demo is made of: a programme with its past, invented people, and where they buy what."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

ROUBLE: Final = 100
ORDINARY: Final = ("TILL", "DESK", "PHONE", "EMAIL")
SYSTEM: Final = ("CABINET", "SHOP", "IMPORT")


@dataclass(frozen=True, slots=True)
class Household:
    """Who sits together in a family, by their logins."""

    head: str
    adult: str
    child: str | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who never lived, and the counted sum in kopecks that the year shall end with."""

    last_name: str
    first_name: str
    patronymic: str | None
    birth_date: date
    login: str
    phone: str
    accumulated: int
    plastic: str | None = None
    locale: str = "ru"
    phone_proved: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """An outlet that a restaurants' cloud tells of, and the guest, by login, who dines there besides the year."""

    outlet: str
    guest: str


@dataclass(frozen=True, slots=True)
class Place:
    """A counter of a partner: the outlet, the service and channel, and (line, lowest, highest price) to choose from."""

    partner: str
    outlet: str
    service: str
    channel: str
    goods: tuple[tuple[str, int, int], ...]
    weight: int


@dataclass(frozen=True, slots=True)
class Told:
    """A receipt of which every kopeck is known: priced by the version so many before the one in force."""

    versions_back: int
    roubles: int
    days_ago: int
    line: str


@dataclass(frozen=True, slots=True)
class TenderShare:
    """How a receipt of at least so many roubles is paid: kind, and how many receipts of a hundred."""

    kind: str
    of_hundred: int
    roubles_from: int = 0


@dataclass(frozen=True)
class Scene:
    """One programme of the demo. `versions` are files of programmes/ with the days since each holds, oldest first."""

    programme: str
    versions: tuple[tuple[str, int], ...]
    people: tuple[Person, ...]
    places: tuple[Place, ...]
    closing: Place
    closing_lines: tuple[str, str]
    system_outlets: tuple[str, ...]
    shown_tills: tuple[str, ...]
    shown_logins: tuple[str, ...] = ()
    first_story: tuple[Told, ...] = ()
    promo_codes: tuple[tuple[str, str], ...] = ()
    """(campaign, code) that everybody may try."""
    households: tuple[Household, ...] = ()
    tenders: tuple[TenderShare, ...] = (TenderShare("CARD", 100),)
    sites: tuple[str, ...] = ()
    """Partners whose own sites stand beside the demo, with the widget on them."""
    tables: tuple[Table, ...] = ()
    spending: frozenset[str] = frozenset()
    """Partners where guests pay with points what they can; those who are shown keep theirs."""

    @cached_property
    def places_by_outlet(self) -> Mapping[str, Place]:
        """One counter of every outlet that sells."""
        return {place.outlet: place for place in self.places}
