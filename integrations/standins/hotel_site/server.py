"""The sites of hotels on a port of their own: an ordinary page each, the same page in difficult dresses, a booking form."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import escape
from pathlib import Path
from typing import Final

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import Route

from integrations.standins.faults import answering

FILES: Final = Path(__file__).parent / "files"
NAMES: Final = ("localhost", "127.0.0.1")
DRESSES: Final = {
    "plain": "обычная страница",
    "dark": "тёмная страница",
    "hostile-css": "стили, которые сбрасывают всё",
    "hostile-js": "скрипты, которые правят прототипы",
    "strict": "строгая политика содержимого и сумма SRI",
    "sealed": "страница, которая отрезана от окон, что открывает",
    "compact": "одна строка, две на странице",
}
_PAGE: Final = """<!doctype html>
<html lang="ru"{theme}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/files/hotel.svg">
<link rel="stylesheet" href="/files/hotel.css">
{head}
</head>
<body>
<header><a href="/">Сайты отелей (пример)</a></header>
<main>
{main}
</main>
</body>
</html>
"""
_HOUSE: Final = """<h1>{name}</h1>
<p>{about}</p>
<div class="columns">
<section><h2>Номера</h2><p>Эта страница стоит на другом адресе, чем программа. Скидку участника показывает виджет.</p></section>
<aside>{widget}</aside>
</div>
<p id="below">Ресторан открыт с 8:00 до 23:00.</p>{banner}"""
_WIDGET: Final = '<kunak-discount partner="{partner}"{more}><a href="/booking">Забронировать</a></kunak-discount>'
_BANNER: Final = '<div class="banner">Мы показываем объявления поверх всего</div>'


class HotelSite:
    """Pages of partners of a programme whose server is at `programme_url`; `houses` are (name, words) by partner."""

    def __init__(self, programme_url: str) -> None:
        self.programme_url = programme_url
        self.houses: Mapping[str, tuple[str, str]] = {}
        self._port = 0

    @property
    def origins(self) -> tuple[str, ...]:
        """By which origins its pages are reached; the first is another site than the programme's for a browser."""
        return tuple(f"http://{name}:{self._port}" for name in NAMES)

    @property
    def url(self) -> str:
        """Where a visitor begins."""
        return self.origins[0]

    @asynccontextmanager
    async def open(self, port: int = 0) -> AsyncIterator["HotelSite"]:
        """Answer until the block ends."""
        routes = [
            Route("/", self._index),
            Route("/booking", self._booking),
            Route("/files/{name}", self._file),
            Route("/{partner}", self._house),
        ]
        async with answering(Starlette(routes=routes), port) as self._port:
            yield self

    async def _index(self, _request: Request) -> Response:
        items = "".join(
            f"<li><h2>{escape(name)}</h2><ul>"
            + "".join(f'<li><a href="/{partner}?dress={dress}">{what}</a></li>' for dress, what in DRESSES.items())
            + "</ul></li>"
            for partner, (name, _) in self.houses.items()
        )
        return HTMLResponse(_page("Сайты отелей", f'<h1>Сайты отелей</h1><ul class="sites">{items}</ul>'))

    async def _house(self, request: Request) -> Response:
        partner, dress = request.path_params["partner"], request.query_params.get("dress", "plain")
        if partner not in self.houses or dress not in DRESSES:
            return HTMLResponse(_page("Нет такой страницы", "<h1>Нет такой страницы</h1>"), 404)
        name, about = self.houses[partner]
        more = " compact" if dress == "compact" else ""
        widget = _WIDGET.format(partner=partner, more=more)
        main = _HOUSE.format(
            name=escape(name),
            about=escape(about),
            widget=widget * (2 if dress == "compact" else 1),
            banner=_BANNER if dress == "hostile-css" else "",
        )
        head = await self._script(pinned=dress == "strict")
        if dress in {"hostile-css", "hostile-js"}:
            kind = (
                '<link rel="stylesheet" href="/files/{0}">'
                if dress == "hostile-css"
                else '<script src="/files/{0}"></script>'
            )
            head = kind.format(dress.replace("-", ".")) + head
        theme = ' data-theme="dark"' if dress == "dark" else ""
        return HTMLResponse(_page(name, main, head=head, theme=theme), headers=self._policy(dress))

    async def _booking(self, request: Request) -> Response:
        """What the engine's form reads from the address of its page."""
        code = request.query_params.get("access-code")
        told = f"Форма получила промокод <b>{escape(code)}</b>: открыт тариф участника." if code else "Промокода нет."
        return HTMLResponse(_page("Бронирование", f"<h1>Бронирование на сайте отеля</h1><p>{told}</p>"))

    async def _file(self, request: Request) -> Response:
        path = FILES / request.path_params["name"]
        if path.parent != FILES or not path.is_file():
            return Response(status_code=404)
        return FileResponse(path, headers={"Cache-Control": "no-store"})

    async def _script(self, *, pinned: bool) -> str:
        if not pinned:
            return f'<script type="module" src="{self.programme_url}/widget/v1.js"></script>'
        async with httpx2.AsyncClient(base_url=self.programme_url) as client:
            told = (await client.get("/widget/v1.json")).json()
        address, sum_ = f"{self.programme_url}{told['file']}", told["integrity"]
        return f'<script type="module" src="{address}" integrity="{sum_}" crossorigin="anonymous"></script>'

    def _policy(self, dress: str) -> dict[str, str]:
        if dress == "strict":
            policy = (
                f"default-src 'none'; script-src 'self' {self.programme_url}; connect-src {self.programme_url}; "
                "style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
                "require-trusted-types-for 'script'; trusted-types 'none'"
            )
            return {"Content-Security-Policy": policy}
        return {"Cross-Origin-Opener-Policy": "same-origin"} if dress == "sealed" else {}


def _page(title: str, main: str, *, head: str = "", theme: str = "") -> str:
    return _PAGE.format(title=escape(title), main=main, head=head, theme=theme)
