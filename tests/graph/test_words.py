"""The catalogue: every sentence a refusal may name exists in both languages, with the same facts."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from graph.words import catalogue, locale_of, sentence

ROOT = Path(__file__).parents[2]
FLOORS = ("api", "graph", "jobs", "services", "models", "loyalty")


def named() -> Iterator[tuple[str, str]]:
    """Every key that stands as a literal in `Refusal(code, "key", …)`, with the place it stands at."""
    for floor in FLOORS:
        for file in sorted((ROOT / floor).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.Call) or len(node.args) < 2:
                    continue
                name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                key = node.args[1]
                if name == "Refusal" and isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, f"{file.relative_to(ROOT)}:{node.lineno}"


def facts_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_every_sentence_that_is_named_exists() -> None:
    found = list(named())
    assert found
    assert [(key, place) for key, place in found if key not in catalogue()] == []


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_tell_the_same_facts(key: str) -> None:
    russian, english = catalogue()[key]
    assert facts_of(russian) == facts_of(english)
    assert re.search("[а-яё]", russian)
    assert not re.search("[а-яё]", english)
    assert "!" not in russian + english
    assert russian.strip() == russian
    assert english.strip() == english


@pytest.mark.parametrize(
    ("header", "locale"),
    [
        (None, "ru"),
        ("", "ru"),
        ("en", "en"),
        ("en-GB,en;q=0.9,ru;q=0.8", "en"),
        ("ru-RU,ru;q=0.9,en-US;q=0.8", "ru"),
        ("de,fr;q=0.9", "ru"),
        ("de, en;q=0.5", "en"),
        ("en;q=0.1,ru;q=0.2", "ru"),
        ("en;q=x,*", "ru"),
        (";;;,,,q=" * 1000, "ru"),
    ],
)
def test_the_reader_chooses_the_language(header: str | None, locale: str) -> None:
    assert locale_of(header) == locale


def test_facts_are_filled_in() -> None:
    assert "100" in sentence("page.size", "en", {"most": 100})


@pytest.mark.parametrize("key", ["site.code_not_accepted", "site.other_partner"])
def test_a_hotels_page_is_sent_to_the_button_that_its_widget_has(key: str) -> None:
    """A-088: the words name the button as it is called, in both languages."""
    labels = re.findall(r"^  signIn: '(.+)',$", (ROOT / "frontend/widget/words.ts").read_text("utf-8"), re.MULTILINE)
    assert len(labels) == 2
    russian, english = catalogue()[key]
    assert (f"«{labels[0]}»" in russian, f"“{labels[1]}”" in english) == (True, True)


# Who reads these sentences knows the programme's own name for them, or that it has none.
GENERAL = {"purchase.no_points"}
READ = {"reason", "points", "purchase", "quote", "family", "offline", "refund", "control"}


@pytest.mark.parametrize(
    "key",
    [key for key in sorted(catalogue()) if key.split(".")[0] in READ],
)
def test_what_guests_and_cashiers_read_calls_no_currency_by_a_name_of_ours(key: str) -> None:
    russian, _ = catalogue()[key]
    assert key in GENERAL or not re.search("балл", russian, re.IGNORECASE)
