"""The built front end over HTTP: what is served, how long it may be kept, and under which policy."""

import gzip
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

import httpx2
import pytest
from starlette.applications import Starlette

from api.pages import ADMIN, CABINET, ReadProgramme, page_routes
from loyalty.programme import Programme
from services.programmes import check_file

PROGRAMME: Final = Path(__file__).parents[2] / "programmes" / "znak-kachestva.yaml"
SHELL: Final = '<!doctype html><html lang="ru"><head><meta name="application-name" content="[[Карта|Card]]"><title>[[Карта|Card]]</title></head><body>{}</body></html>'
LANDING: Final = "<h1>{}: [[programme]], [[group]], [[partners_at]], [[top_percent]]</h1>[[cards]][[tiers]][[partners]]"
SCRIPT: Final = "console.log('a built file long enough to be worth compressing')\n" * 20


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    """A small build with a file of every kind."""
    files = {
        "cabinet/index.html": SHELL.format("cabinet"),
        "till/index.html": SHELL.format("till"),
        "admin/index.html": SHELL.format("admin"),
        "landing/index.html": SHELL.format(LANDING.format("ru")),
        "landing/en.html": SHELL.format(LANDING.format("en")),
        "assets/cabinet-abc.js": SCRIPT,
        "assets/light.worker-abc.js": "onmessage = null",
        "sw.js": "self",
        "till-sw.js": "self",
        "cabinet.webmanifest": '{"name": "[[programme]]"}',
        "till.webmanifest": '{"name": "[[Касса|Till]]", "lang": "[[ru|en]]"}',
        "favicon.ico": "an icon",
        "widget/v1.js": "import './v1/kunak-abc.js'",
        "widget/v1.json": "{}",
        "widget/v1/kunak-abc.js": SCRIPT,
        "documents.json": "{}",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, "utf-8")
    (tmp_path / "assets/cabinet-abc.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    return tmp_path


@pytest.fixture(scope="module")
def programme() -> Programme:
    """The programme of the house, read from its file."""
    checked = check_file(PROGRAMME)
    assert checked.programme is not None
    return checked.programme


@asynccontextmanager
async def browser(dist: Path, read_programme: ReadProgramme) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of the pages alone: they need neither database nor session."""
    app = Starlette(routes=page_routes(dist=dist, read_programme=read_programme))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="https://kunak.test") as client:
        yield client


def in_force(programme: Programme) -> ReadProgramme:
    async def read(now: datetime) -> Programme:
        assert now.tzinfo is not None
        return programme

    return read


async def away(_now: datetime) -> Programme:
    raise ConnectionError("the database is away")


async def test_landing_tells_the_programme_in_force(dist: Path, programme: Programme) -> None:
    """A-029: the public page names the programme, its group, every tier with its threshold and every partner."""
    async with browser(dist, in_force(programme)) as client:
        page = (await client.get("/")).text
    assert '<html lang="ru">' in page
    assert "Знак Качества, Группа Банка Россия, 7\u00a0партнёров, 15\u00a0%" in page
    for tier in programme.tiers:
        assert tier.name.ru in page
    assert "От 100\u00a0000\u00a0₽ покупок" in page
    for partner in programme.partners:
        assert partner.name.ru in page
    assert "[[" not in page


@pytest.mark.parametrize(
    ("headers", "language", "title"),
    [
        ({}, "ru", "Знак Качества"),
        ({"Accept-Language": "en-GB,en;q=0.9"}, "en", "Znak Kachestva"),
        ({"Accept-Language": "de"}, "ru", "Знак Качества"),
        ({"Accept-Language": "en", "Cookie": "language=ru"}, "ru", "Знак Качества"),
        ({"Cookie": "language=xx"}, "ru", "Знак Качества"),
    ],
)
async def test_landing_speaks_the_reader_s_language(
    dist: Path, programme: Programme, headers: dict[str, str], language: str, title: str
) -> None:
    async with browser(dist, in_force(programme)) as client:
        page = (await client.get("/", headers=headers)).text
    assert f'<html lang="{language}">' in page
    assert f"{language}: {title}" in page


async def test_language_switch_works_without_scripts(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get("/?language=en")
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        assert "language=en" in answer.headers["set-cookie"]
        assert '<html lang="en">' in (await client.get("/")).text
        assert (await client.get("/?language=tlh")).status_code == 200


async def test_texts_of_the_programme_are_escaped(dist: Path, programme: Programme) -> None:
    partner = programme.partners[0]
    hostile = '<script>alert("1")</script>'
    object.__setattr__(partner, "about", type(partner.name)(hostile))
    try:
        async with browser(dist, in_force(programme)) as client:
            page = (await client.get("/")).text
    finally:
        object.__setattr__(partner, "about", None)
    assert hostile not in page
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page


@pytest.mark.parametrize("path", [*CABINET, "/confirm?token=abc", "/purchases?period=year&purchase=1"])
async def test_cabinet_shell_answers_its_own_addresses(dist: Path, programme: Programme, path: str) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get(path, headers={"Cookie": "theme=dark"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    assert '<html lang="ru" data-theme="dark">' in answer.text
    assert 'name="application-name" content="Знак Качества"' in answer.text


@pytest.mark.parametrize(
    "path", ["/nothing", "/card/other", "/documents.json", "/assets/none.js", "/till/more", "/..%2fpyproject.toml"]
)
async def test_any_other_address_is_not_found(dist: Path, programme: Programme, path: str) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get(path)
    assert answer.status_code == 404
    assert "cabinet" in answer.text


async def test_pages_outlive_the_database(dist: Path) -> None:
    """A-048: the card opens in the phone whatever ails the server behind the page."""
    async with browser(dist, away) as client:
        assert (await client.get("/card")).status_code == 200
        assert "[[" not in (await client.get("/")).text


async def test_every_page_has_a_strict_policy(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        answers = [await client.get(path) for path in ("/", "/card", "/nothing", "/sw.js", "/assets/cabinet-abc.js")]
        answers += [await client.get(path) for path in ADMIN]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "require-trusted-types-for 'script'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "camera=()" in answer.headers["permissions-policy"]


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/widget/v1.js", "no-cache"),
        ("/widget/v1.json", "no-cache"),
        ("/widget/v1/kunak-abc.js", "public, max-age=31536000, immutable"),
    ],
)
async def test_the_widget_is_lent_to_pages_of_other_origins(
    dist: Path, programme: Programme, path: str, kept: str
) -> None:
    """A-088: any page may load it and check its sum; the name that stays is asked for anew, the one by content never."""
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get(path)
        own = await client.get("/assets/cabinet-abc.js")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert answer.headers["cache-control"] == kept
    assert "access-control-allow-origin" not in own.headers
    assert own.headers["cross-origin-resource-policy"] == "same-origin"


async def test_the_window_of_a_site_alone_may_answer_who_opened_it(dist: Path, programme: Programme) -> None:
    """A-088: with `same-origin` the hotel's page would be cut off from it; framed it may not be either."""
    async with browser(dist, in_force(programme)) as client:
        window, card = await client.get("/connect?partner=igora"), await client.get("/card")
    assert (window.status_code, window.headers["cross-origin-opener-policy"]) == (200, "unsafe-none")
    assert window.headers["content-security-policy"] == card.headers["content-security-policy"]
    assert card.headers["cross-origin-opener-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/till", "/assets/light.worker-abc.js"])
async def test_only_the_till_may_open_a_camera(dist: Path, programme: Programme, path: str) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get(path)
    assert "camera=(self)" in answer.headers["permissions-policy"]
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self' 'wasm-unsafe-eval';" in policy
    assert "media-src 'self' blob:;" in policy


async def test_hashed_files_are_kept_for_ever_and_compressed(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get("/assets/cabinet-abc.js", headers={"Accept-Encoding": "gzip, br"})
        plain = await client.get("/assets/cabinet-abc.js", headers={"Accept-Encoding": "identity"})
        again = await client.get("/assets/cabinet-abc.js", headers={"If-None-Match": answer.headers["etag"]})
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.text == plain.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/sw.js", "text/javascript"),
        ("/till-sw.js", "text/javascript"),
        ("/cabinet.webmanifest", "application/manifest+json"),
    ],
)
async def test_workers_and_manifest_are_asked_for_each_time(
    dist: Path, programme: Programme, path: str, media_type: str
) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get(path)
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].split(";")[0] == media_type


async def test_the_icon_every_browser_asks_for_is_kept_for_a_day(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        answer = await client.get("/favicon.ico")
    assert (answer.status_code, answer.text) == (200, "an icon")
    assert answer.headers["content-type"] == "image/vnd.microsoft.icon"
    assert answer.headers["cache-control"] == "public, max-age=86400"


async def test_a_page_is_sent_once_while_nothing_changed(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        first = await client.get("/")
        again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
        english = await client.get("/", headers={"If-None-Match": first.headers["etag"], "Accept-Language": "en"})
    assert again.status_code == 304
    assert english.status_code == 200
    assert {"Accept-Language", "Cookie"} <= set(re.split(r", ", first.headers["vary"]))


async def test_without_a_build_the_cure_is_named(tmp_path: Path, programme: Programme) -> None:
    async with browser(tmp_path, in_force(programme)) as client:
        for path in ("/", "/card", "/anything"):
            answer = await client.get(path)
            assert answer.status_code == 503
            assert "make frontend" in answer.text


async def test_pages_only_answer_reading(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        assert (await client.post("/card")).status_code == 405
        assert (await client.head("/card")).status_code == 200


async def test_an_installed_cabinet_bears_the_name_of_the_programme(dist: Path, programme: Programme) -> None:
    async with browser(dist, in_force(programme)) as client:
        assert (await client.get("/cabinet.webmanifest")).json() == {"name": "Знак Качества"}
        assert (await client.get("/cabinet.webmanifest", headers={"Accept-Language": "en"})).json() == {
            "name": "Znak Kachestva"
        }
    async with browser(dist, away) as client:
        assert (await client.get("/cabinet.webmanifest")).json() == {"name": "Карта"}
        english = await client.get("/cabinet.webmanifest", headers={"Accept-Language": "en"})
        assert english.json() == {"name": "Card"}


@pytest.mark.parametrize(("language", "card", "till"), [("ru", "Карта", "Касса"), ("en", "Card", "Till")])
async def test_what_a_browser_shows_before_any_script_is_in_the_reader_s_language(
    dist: Path, programme: Programme, language: str, card: str, till: str
) -> None:
    async with browser(dist, in_force(programme)) as client:
        headers = {"Accept-Language": language}
        assert f"<title>{card}</title>" in (await client.get("/card", headers=headers)).text
        assert (await client.get("/till.webmanifest", headers=headers)).json() == {"name": till, "lang": language}


async def test_the_panel_is_served_and_kept_out_of_search(dist: Path, programme: Programme) -> None:
    """A-089: every address of the panel opens its shell, and one that leads nowhere says so inside the panel."""
    async with browser(dist, in_force(programme)) as client:
        found = [await client.get(path) for path in (*ADMIN, "/admin/")]
        lost = await client.get("/admin/no/such/page")
    assert {answer.status_code for answer in found} == {200}
    assert lost.status_code == 404
    for answer in (*found, lost):
        assert "<body>admin</body>" in answer.text
        assert answer.headers["x-robots-tag"] == "noindex, nofollow"
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(("place", "known", "prefix"), [("cabinet", CABINET, ""), ("admin", ADMIN, "/admin")])
def test_every_page_of_a_router_is_an_address_of_the_server(place: str, known: tuple[str, ...], prefix: str) -> None:
    """A page that is opened by a link, or loaded again, is the page and no 404."""
    written = (Path(__file__).parents[2] / "frontend" / place / "app.tsx").read_text("utf-8")
    wanted = {re.sub(r"/:(\w+)\??", r"/{\1}", path) for path in re.findall(r'<Route path="([^"]+)"', written)}
    assert wanted
    shapes = {re.sub(r"\{\w+\}", "{}", path) for path in known} | {"/", "/connect"}
    asked = {re.sub(r"\{\w+\}", "{}", prefix + path).rstrip("/") or "/" for path in wanted}
    assert asked - shapes - {"/card/{}"} == set()
