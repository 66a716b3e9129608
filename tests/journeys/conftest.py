"""One demo for all journeys of a worker, one browser for all of a file."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.makers.browser import launch, phone, playing
from tests.makers.demo import Demo, running_demo
from tests.makers.desks import desk
from tests.makers.panels import office

Opened = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """A demo as a visitor starts it."""
    with running_demo(tmp_path_factory.mktemp("demo") / "var") as demo:
        yield demo


@pytest.fixture(scope="session")
def askona(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo of the chain of shops, whose guests have points and tell their phones."""
    with running_demo(tmp_path_factory.mktemp("askona") / "var", "askona") as demo:
        yield demo


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Not for the whole run: while it is open, no other test can run an event loop."""
    with playing() as playwright:
        yield playwright


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


@pytest.fixture
def phones(browser: Browser, demo: Demo) -> Iterator[Opened]:
    """Opens phones of guests, each with its own memory; `phones(color_scheme="dark")`."""
    with ExitStack() as opened:

        def open_phone(**more: Any) -> BrowserContext:
            context = phone(browser, base_url=demo.told["url"], **more)
            opened.callback(context.close)
            return context

        yield open_phone


@pytest.fixture
def tills(browser: Browser, demo: Demo) -> Iterator[Opened]:
    """Opens tablets of cashiers, each with its own memory."""
    with ExitStack() as opened:

        def open_till(**more: Any) -> BrowserContext:
            context = desk(browser, base_url=demo.told["url"], **more)
            opened.callback(context.close)
            return context

        yield open_till


@pytest.fixture
def offices(browser: Browser, demo: Demo) -> Iterator[Opened]:
    """Opens computers of the staff, each with its own memory."""
    with ExitStack() as opened:

        def open_office(**more: Any) -> BrowserContext:
            context = office(browser, base_url=demo.told["url"], **more)
            opened.callback(context.close)
            return context

        yield open_office
