"""The built front end over HTTP: the landing page, the cabinet, the till, the panel and their files, each under its content policy."""

import gzip
import hashlib
import json
import mimetypes
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import escape
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from api.clock import now
from api.landing import landing_words
from api.sandbox.banner import allowing_style, announced
from api.settings import Settings
from graph.words import locale_of
from loyalty.programme import Programme
from services import programmes

DIST: Final = Path(__file__).parents[1] / "frontend" / "dist"
CABINET: Final = (
    "/card",
    "/card/code",
    "/purchases",
    "/points",
    "/family",
    "/family/join",
    "/partners",
    "/profile",
    "/profile/address",
    "/profile/erased",
    "/join",
    "/confirm",
    "/sign-in",
    "/sign-in/code",
    "/forgot",
    "/reset",
    "/booking",
    "/shop",
    "/claims",
)
CONNECT: Final = "/connect"  # fmt: skip
ADMIN: Final = (
    "/admin", "/admin/sign-in", "/admin/join", "/admin/me", "/admin/people", "/admin/people/new", "/admin/people/{id}",
    "/admin/people/{id}/rights", "/admin/roles", "/admin/roles/{id}", "/admin/requests", "/admin/journal", "/admin/cards",
    "/admin/claims", "/admin/goodwill", "/admin/signals", "/admin/operations", "/admin/money", "/admin/tills", "/admin/tills/new", "/admin/plugins", "/admin/settlement", "/admin/settlement/{month}",
    "/admin/webhooks", "/admin/webhooks/new", "/admin/webhooks/{id}",
    "/admin/members", "/admin/members/{id}", "/admin/twins", "/admin/twins/{one}/{other}", "/admin/campaigns", "/admin/campaigns/{id}",
    "/admin/status", "/admin/messages", "/admin/messages/{id}", "/admin/restaurants",
)  # fmt: skip
LANDING: Final = {"ru": "landing/index.html", "en": "landing/en.html"}
MANIFESTS: Final = ("cabinet.webmanifest", "till.webmanifest")
NAMELESS: Final = {"ru": "Карта", "en": "Card"}
LANGUAGE_COOKIE_SECONDS: Final = 365 * 24 * 3600
GZIP_BYTES_MIN: Final = 400

_POLICY: Final = (
    "default-src 'none'; script-src 'self'{scripts}; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; {more}frame-ancestors 'none'; base-uri 'none'; "
    "form-action 'self'; require-trusted-types-for 'script'"
)
_FOREVER: Final = "public, max-age=31536000, immutable"
_FOR_A_DAY: Final = "public, max-age=86400"
_ASK_AGAIN: Final = "no-cache"
_ICONS: Final = (".ico", ".png")
_EVERYWHERE: Final = {
    "X-Content-Type-Options": "nosniff",
    # The links of our letters carry tokens; no address of ours leaves in a Referer.
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PERMISSIONS: Final = "camera={camera}, microphone=(), geolocation=(), payment=(), screen-wake-lock=(self)"
_PLAIN: Final = {
    "Content-Security-Policy": _POLICY.format(scripts="", more=""),
    "Permissions-Policy": _PERMISSIONS.format(camera="()"),
}
# The till decodes pictures of its camera, at need with WebAssembly; its workers answer to the policy of their own file.
_CAMERA: Final = {
    "Content-Security-Policy": _POLICY.format(scripts=" 'wasm-unsafe-eval'", more="media-src 'self' blob:; "),
    "Permissions-Policy": _PERMISSIONS.format(camera="(self)"),
}
# The window that a partner's site opens has to hand its answer to the page that opened it.
_OPENED: Final = _PLAIN | {"Cross-Origin-Opener-Policy": "unsafe-none"}
# What pages of other origins load: their policy decides, and a sum of the file (SRI) needs an answer open to all.
_LENT: Final = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
# Nothing of the panel belongs in a search engine. Samples of letters stand in a frame of it.
_HIDDEN: Final = _PLAIN | {
    "Content-Security-Policy": _POLICY.format(scripts="", more="frame-src 'self'; "),
    "X-Robots-Tag": "noindex, nofollow",
}
_READER: Final = "Accept-Encoding, Accept-Language, Cookie"
_HTML: Final = "text/html; charset=utf-8"
_TYPES: Final = {".webmanifest": "application/manifest+json", ".woff2": "font/woff2", ".js": "text/javascript"}
# [[fact]] of the programme, or [[по-русски|in English]].
_PLACE: Final = re.compile(r"\[\[(?:(\w+)|([^|\]]+)\|([^|\]]+))\]\]")
_NOT_BUILT: Final = "The pages are not built yet: run `make frontend`, then start the server again.\n"

ReadProgramme = Callable[[datetime], Awaitable[Programme]]


@dataclass(frozen=True, slots=True)
class File:
    """A built file in every encoding it was built in."""

    body: bytes
    media_type: str
    tag: str
    encodings: Mapping[str, bytes]

    @classmethod
    def read(cls, path: Path) -> "File":
        """The file with its compressed twins."""
        twins = {name: path.with_name(path.name + end) for name, end in (("br", ".br"), ("gzip", ".gz"))}
        media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return cls(
            path.read_bytes(),
            media_type,
            _tag(path.read_bytes()),
            {name: twin.read_bytes() for name, twin in twins.items() if twin.is_file()},
        )

    @classmethod
    def page(cls, text: str) -> "File":
        """A page written for one reader's language."""
        body = text.encode()
        return cls(
            body, _HTML, _tag(body), {"gzip": gzip.compress(body, mtime=0)} if len(body) > GZIP_BYTES_MIN else {}
        )


def _tag(body: bytes) -> str:
    return f'"{hashlib.sha256(body).hexdigest()[:20]}"'


def respond(request: Request, file: File, headers: Mapping[str, str], *, status: int = HTTPStatus.OK) -> Response:
    """The file in the best encoding the browser takes, or 304 when it holds these very bytes."""
    sent = {**_EVERYWHERE, **headers, "ETag": file.tag, "Vary": headers.get("Vary", "Accept-Encoding")}
    if status == HTTPStatus.OK and file.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=sent)
    taken = {part.split(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")}
    for name, body in file.encodings.items():
        if name in taken:
            return Response(body, status, {**sent, "Content-Encoding": name}, file.media_type)
    return Response(file.body, status, sent, file.media_type)


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom a page is written: the language and theme they chose, else what their browser asks for."""

    locale: str
    theme: str | None

    @classmethod
    def of(cls, request: Request) -> "Reader":
        """The reader behind a request."""
        chosen, theme = request.cookies.get("language"), request.cookies.get("theme")
        locale = chosen if chosen in LANDING else locale_of(request.headers.get("accept-language"))
        return cls(locale, theme if theme in {"light", "dark"} else None)


@dataclass(slots=True)
class Pages:
    """The pages of one build, written once a language, theme and version of the programme."""

    shells: Mapping[str, str]
    read_programme: ReadProgramme
    clock: Callable[[], datetime]
    is_sandbox: bool = False
    has_engine: bool = False
    """Whether a booking engine is connected."""
    programme: Programme | None = None
    written: dict[tuple[str, Reader, int], File] = field(default_factory=dict)

    async def landing(self, request: Request) -> Response:
        """The public page; `?language=` is the switch that works without scripts."""
        wanted = parse_qs(request.url.query).get("language", [""])[0]
        if wanted in LANDING:
            back = RedirectResponse("/", HTTPStatus.SEE_OTHER, headers=_EVERYWHERE)
            back.set_cookie("language", wanted, max_age=LANGUAGE_COOKIE_SECONDS, samesite="lax")
            return back
        reader = Reader.of(request)
        return await self._page(request, LANDING[reader.locale], reader, _PLAIN)

    async def cabinet(self, request: Request) -> Response:
        """The shell of every screen of the cabinet."""
        return await self._page(request, "cabinet/index.html", Reader.of(request), _PLAIN)

    async def connect(self, request: Request) -> Response:
        """The shell of the cabinet in a window that a partner's site opened."""
        return await self._page(request, "cabinet/index.html", Reader.of(request), _OPENED)

    async def till(self, request: Request) -> Response:
        """The shell of the till, which alone may open a camera."""
        return await self._page(request, "till/index.html", Reader.of(request), _CAMERA)

    async def admin(self, request: Request) -> Response:
        """The shell of every page of the staff's panel."""
        return await self._page(request, "admin/index.html", Reader.of(request), _HIDDEN)

    async def no_such_page(self, request: Request) -> Response:
        """An address of the panel that leads nowhere, said inside the panel."""
        return await self._page(request, "admin/index.html", Reader.of(request), _HIDDEN, status=HTTPStatus.NOT_FOUND)

    async def manifest(self, request: Request) -> Response:
        """What an installed page is called: the cabinet by the name of the programme, in the reader's language."""
        locale = Reader.of(request).locale
        programme = await self._programme()
        name = programme.name.in_locale(locale) if programme else NAMELESS[locale]
        facts = {"programme": json.dumps(name, ensure_ascii=False)[1:-1]}
        body = _filled(self.shells[request.url.path.removeprefix("/")], facts, locale).encode()
        headers = {**_PLAIN, "Cache-Control": _ASK_AGAIN, "Vary": _READER}
        return respond(request, File(body, _TYPES[".webmanifest"], _tag(body), {}), headers)

    async def missing(self, request: Request) -> Response:
        """Any other address: the cabinet's own page for what does not exist."""
        return await self._page(request, "cabinet/index.html", Reader.of(request), _PLAIN, status=HTTPStatus.NOT_FOUND)

    async def _page(
        self, request: Request, name: str, reader: Reader, headers: Mapping[str, str], *, status: int = HTTPStatus.OK
    ) -> Response:
        programme = await self._programme()
        key = (name, reader, 0 if programme is None else programme.version)
        file = self.written.get(key)
        if file is None:
            page = written(self.shells[name], reader, programme, has_engine=self.has_engine)
            file = File.page(announced(page, reader.locale) if self.is_sandbox else page)
            if programme is not None:
                self.written[key] = file
        headers = allowing_style(headers) if self.is_sandbox else headers
        return respond(request, file, {**headers, "Cache-Control": _ASK_AGAIN, "Vary": _READER}, status=status)

    async def _programme(self) -> Programme | None:
        """The programme in force; while the database is away, the last one seen: pages outlive it."""
        try:
            self.programme = await self.read_programme(self.clock())
        except Exception:  # noqa: BLE001 - whatever ails the database, the shell must open: the card works without it
            return self.programme
        return self.programme


def written(template: str, reader: Reader, programme: Programme | None, *, has_engine: bool = False) -> str:
    """A built page in the reader's theme, with the programme's own facts in its places."""
    theme = f' data-theme="{reader.theme}"' if reader.theme else ""
    page = re.sub(r'<html lang="\w+">', f'<html lang="{reader.locale}"{theme}>', template, count=1)
    facts = {} if programme is None else landing_words(programme, reader.locale)
    facts["hotels"] = "yes" if has_engine and programme is not None and programme.hotels else ""
    facts["shop"] = "yes" if programme is not None and programme.shops else ""
    page = _filled(page, facts, reader.locale)
    if programme is not None:
        name = escape(programme.name.in_locale(reader.locale))
        page = re.sub(r'(<meta name="application-name" content=")[^"]*', lambda match: match[1] + name, page, count=1)
    return page


def _filled(template: str, facts: Mapping[str, str], locale: str) -> str:
    """The template with its places filled; a fact that nobody knows leaves its place empty."""

    def told(place: re.Match[str]) -> str:
        fact, russian, english = place.groups()
        if fact:
            return facts.get(fact, "")
        return english if locale == "en" else russian

    return _PLACE.sub(told, template)


def page_routes(
    settings: Settings | None = None,
    *,
    dist: Path = DIST,
    read_programme: ReadProgramme = programmes.current,
    clock: Callable[[], datetime] = now,
) -> list[BaseRoute]:
    """Every route of the front end. They belong at the end: the last one answers whatever nobody else did."""
    has_engine = settings is not None and settings.books_hotels
    if not (dist / "cabinet" / "index.html").is_file():
        return [Route("/", _not_built), Route("/{rest:path}", _not_built)]
    shells = {
        str(path.relative_to(dist)): path.read_text("utf-8")
        for path in (*dist.glob("*/*.html"), *(dist / name for name in MANIFESTS))
    }
    is_sandbox = settings is not None and settings.sandbox
    pages = Pages(shells, read_programme, clock, is_sandbox=is_sandbox, has_engine=has_engine)
    return [
        Route("/", pages.landing),
        *(Route(path, pages.cabinet) for path in CABINET),
        Route(CONNECT, pages.connect),
        Route("/till", pages.till),
        *(Route(path, pages.admin) for path in ADMIN),
        Route("/admin/", pages.admin),  # as the panel itself names its first page
        Route("/admin/{rest:path}", pages.no_such_page),
        *(Route(f"/{name}", pages.manifest) for name in MANIFESTS),
        *_file_routes(dist),
        Route("/{rest:path}", pages.missing),
    ]


def _file_routes(dist: Path) -> list[BaseRoute]:
    twins, hidden = {".gz", ".br"}, {"documents.json", *MANIFESTS}
    files = [path for path in (*dist.glob("assets/*"), *dist.glob("*.*"), *dist.glob("widget/**/*")) if path.is_file()]
    return [
        _file_route(f"/{path.relative_to(dist).as_posix()}", File.read(path))
        for path in sorted(files)
        if path.suffix not in twins and path.name not in hidden
    ]


def _file_route(path: str, file: File) -> Route:
    is_forever = path.startswith(("/assets/", "/widget/v1/"))
    kept = _FOREVER if is_forever else _FOR_A_DAY if path.endswith(_ICONS) else _ASK_AGAIN
    policy = _CAMERA if ".worker-" in path else _PLAIN | _LENT if path.startswith("/widget/") else _PLAIN
    headers = {**policy, "Cache-Control": kept}

    async def send(request: Request) -> Response:
        return respond(request, file, headers)

    return Route(path, send)


async def _not_built(_request: Request) -> Response:
    return Response(_NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE, _EVERYWHERE, "text/plain; charset=utf-8")
