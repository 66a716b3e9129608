"""A hotel's clock: by its name in the tz database, or, in older answers, by what Windows calls it."""

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import available_timezones

_KNOWN: Final = available_timezones()
# The rows of Russia and its neighbours of `windowsZones.xml` of Unicode CLDR.
_WINDOWS: Final[Mapping[str, str]] = {
    "Kaliningrad Standard Time": "Europe/Kaliningrad",
    "Russian Standard Time": "Europe/Moscow",
    "Volgograd Standard Time": "Europe/Volgograd",
    "Russia Time Zone 3": "Europe/Samara",
    "Astrakhan Standard Time": "Europe/Astrakhan",
    "Saratov Standard Time": "Europe/Saratov",
    "Ekaterinburg Standard Time": "Asia/Yekaterinburg",
    "Omsk Standard Time": "Asia/Omsk",
    "Altai Standard Time": "Asia/Barnaul",
    "N. Central Asia Standard Time": "Asia/Novosibirsk",
    "Tomsk Standard Time": "Asia/Tomsk",
    "North Asia Standard Time": "Asia/Krasnoyarsk",
    "North Asia East Standard Time": "Asia/Irkutsk",
    "Transbaikal Standard Time": "Asia/Chita",
    "Yakutsk Standard Time": "Asia/Yakutsk",
    "Vladivostok Standard Time": "Asia/Vladivostok",
    "Magadan Standard Time": "Asia/Magadan",
    "Sakhalin Standard Time": "Asia/Sakhalin",
    "Russia Time Zone 10": "Asia/Srednekolymsk",
    "Russia Time Zone 11": "Asia/Kamchatka",
    "Belarus Standard Time": "Europe/Minsk",
    "Georgian Standard Time": "Asia/Tbilisi",
    "Caucasus Standard Time": "Asia/Yerevan",
    "Central Asia Standard Time": "Asia/Bishkek",
    "West Asia Standard Time": "Asia/Tashkent",
}


def zone_of(told: Mapping[str, Any]) -> str:
    """The clock of a `timeZone`; empty for one that nobody knows."""
    for name in (told.get("id"), told.get("name")):
        if isinstance(name, str) and (name in _KNOWN or name in _WINDOWS):
            return _WINDOWS.get(name, name)
    return ""
