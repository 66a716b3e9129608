"""Programmes compiled from files without a database."""

from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

from loyalty.programme import Programme
from loyalty.programme_file.check import Checked, check
from services.programme_files import read_tree

FILES = Path(__file__).parents[2] / "programmes"
ZONES = available_timezones()

SMALL = """\
id: small
name: Маленькая программа
currency: RUB
time_zone: Europe/Moscow
minimum_age: 18
names_cyrillic_only: false
tier_window: LIFETIME
tier_after_refund: AT_ONCE
tiers:
  - {id: first, name: Первый, threshold: 0}
  - {id: second, name: Второй, threshold: 1000}
rates:
  usual: {first: 0, second: 7.5}
partners:
  - id: inn
    name: {ru: Гостиница, en: Inn}
    kind: HOTEL
    outlets:
      - {id: inn, name: Стойка}
    services:
      - {id: stay, name: Проживание, channels: [DESK, CABINET]}
      - {id: bar, name: Бар, channels: [TILL]}
    rules:
      - {services: [stay], channels: [DESK, CABINET], discount: usual, accumulates: true}
      - {services: [bar], channels: [TILL], discount: 3, accumulates: false, note: Бар не в счёт.}
documents:
  - {id: offer, kind: OFFER, version: "1", title: Оферта, text: Текст.}
  - {id: data, kind: PERSONAL_DATA, version: "1", title: Данные, text: Текст.}
  - {id: transfer, kind: PARTNER_TRANSFER, version: "1", title: Партнёрам, text: Текст.}
  - {id: mail, kind: MARKETING, version: "1", title: Письма, text: Текст.}
"""


def text_of(file: str) -> str:
    """The text of a file of programmes/."""
    return (FILES / file).read_text(encoding="utf-8")


def checked_text(text: str, *, version: int = 1, earlier: Programme | None = None) -> Checked:
    """The outcome of checking a text."""
    return check(read_tree(text), version=version, zones=ZONES, earlier=earlier)


def compiled(text: str, *, version: int = 1, earlier: Programme | None = None) -> Programme:
    """The programme of a text without faults."""
    checked = checked_text(text, version=version, earlier=earlier)
    assert checked.programme is not None, [finding.told("text") for finding in checked.faults]
    return checked.programme


@cache
def plastic_past() -> Programme:
    """«Знак Качества» in the time of plastic cards: version 1."""
    return compiled(text_of("znak-kachestva-2022.yaml"))


@cache
def znak_kachestva() -> Programme:
    """«Знак Качества» of today: version 2."""
    return compiled(text_of("znak-kachestva.yaml"), version=2, earlier=plastic_past())


@cache
def read_to_the_letter() -> Programme:
    """The other reading of the published benefits, 0 / 0 / 5 / 15 %: two rows away, as the file says."""
    text = text_of("znak-kachestva.yaml")
    for written, read in (
        (
            "usual: {dreamer: 0, pioneer: 5, traveller: 10, collector: 15}",
            "usual: {dreamer: 0, pioneer: 0, traveller: 5, collector: 15}",
        ),
        (
            "without-the-top: {dreamer: 0, pioneer: 5, traveller: 10, collector: 10}",
            "without-the-top: {dreamer: 0, pioneer: 0, traveller: 5, collector: 5}",
        ),
    ):
        assert text.count(written) == 1
        text = text.replace(written, read)
    return compiled(text, version=2)
