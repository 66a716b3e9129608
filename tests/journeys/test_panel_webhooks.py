"""A partner's server in the panel: entered, tested, failing, and brought up to date."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import Opened
from tests.makers.axe import violations
from tests.makers.browser import watched
from tests.makers.demo import Demo
from tests.makers.panels import colleague, enter
from tests.makers.patience import PATIENCE_SECONDS
from tests.makers.receiver import Heard

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]


@dataclass
class Shop:
    """A partner's server in a thread of its own; the browser has this one's loop."""

    status: int = 200
    port: int = 0
    heard: list[Heard] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hooks"


@contextmanager
def shop() -> Iterator[Shop]:
    made = Shop()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            made.heard.append(Heard(self.path, {name.lower(): value for name, value in self.headers.items()}, body))
            self.send_response(made.status)
            self.end_headers()
            self.wfile.write(b"the shop is closed" if made.status >= 400 else b"thanks")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def reason(page: Page, action: str, why: str = "проверка связи") -> None:
    page.get_by_role("dialog").get_by_label("Причина").fill(why)
    page.get_by_role("dialog").get_by_role("button", name=action).click()


def entered(page: Page, server: Shop) -> str:
    """Fill in the form, wrong at first; gives the secret."""
    page.get_by_role("button", name="Добавить адрес").click()
    page.get_by_role("button", name="Добавить и показать секрет").click()
    expect(page.get_by_text("Заполните поле").first).to_be_visible()
    assert violations(page) == []
    page.get_by_label("Партнёр", exact=True).select_option("igora")
    page.get_by_label("Адрес", exact=True).fill("ftp://shop.test/hooks")
    page.get_by_label("Причина").fill("новая касса")
    page.get_by_role("button", name="Добавить и показать секрет").click()
    expect(page.get_by_text("Укажите адрес вида")).to_be_visible()
    page.get_by_label("Адрес", exact=True).fill(server.url)
    page.get_by_role("button", name="Добавить и показать секрет").click()
    secret = page.get_by_role("group", name="Секрет").locator("code").inner_text()
    assert secret.startswith("whsec_")
    assert violations(page) == []
    page.get_by_label("Секрет на сервере").check()
    page.get_by_role("button", name="Готово").click()
    expect(page.get_by_role("heading", name="Доставки")).to_be_visible()
    return secret


def reloaded(page: Page, wanted: Locator) -> None:
    """Look at the page anew until it shows something."""
    end = time.monotonic() + PATIENCE_SECONDS
    while True:
        page.reload()
        expect(page.get_by_role("heading", name="Доставки")).to_be_visible()
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        if wanted.is_visible():
            return
        assert time.monotonic() < end, "it did not come to that"
        page.wait_for_timeout(300)


def failed(page: Page, server: Shop) -> None:
    """A test event that the server does not take."""
    server.status = 503
    page.get_by_role("button", name="Проверить").click()
    expect(page.get_by_text("Проверочное событие отправлено")).to_be_visible()
    event = page.get_by_role("region", name="Проверка")
    reloaded(page, page.get_by_text(re.compile("Не отвечает с")))
    assert server.heard
    expect(event).to_contain_text("В пути")
    event.get_by_text("Что отправлено и что ответили").click()
    expect(event).to_contain_text("ответ 503")
    expect(event).to_contain_text("the shop is closed")
    assert violations(page) == []


def mended(page: Page, server: Shop) -> None:
    """The same event once more, until it is taken."""
    event = page.get_by_role("region", name="Проверка")
    server.status = 200
    event.get_by_role("button", name="Отправить снова").click()
    reason(page, "Отправить снова")
    expect(page.get_by_text("Уходит 1 событие")).to_be_visible()
    reloaded(page, event.get_by_text("Доставлена"))


def test_an_address_is_entered_tested_and_brought_up_to_date(offices: Opened, demo: Demo) -> None:
    """A-237: the secret once, a test event that verifies by it, a failure with its answer, and sending again."""
    context = offices(viewport={"width": 390, "height": 844})
    page = context.new_page()
    complaints = watched(page)
    enter(page, colleague(demo, "owner@example.ru"))
    page.goto("/admin/webhooks")
    expect(page.get_by_text("Адресов пока нет")).to_be_visible()
    with shop() as server:
        secret = entered(page, server)
        failed(page, server)
        mended(page, server)
        ours = [heard for heard in server.heard if heard.event["type"] == "webhook.test"]
        assert len({heard.id for heard in ours}) == 1
        assert len(ours) >= 2
        assert all(heard.verified(secret) for heard in server.heard)
    page.get_by_role("button", name="Отключить").click()
    reason(page, "Отключить")
    expect(page.get_by_text("Отключён вручную")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Убрать").click()
    reason(page, "Убрать")
    expect(page.get_by_text("Адресов пока нет")).to_be_visible()
    assert complaints == []
